//! The user's own rule files, before they are compiled.

use std::collections::HashMap;

use super::RuleError;
use super::filled::{empty, is_blank};
use crate::text::Span;
use crate::yaml::{DecodeError, Limits, Node, parse};

/// A rule file of the user.
#[derive(Debug, Clone)]
pub struct OwnFile {
    /// Its path, for messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A rule of the user, read.
pub(super) struct Own<'f> {
    pub(super) id: String,
    pub(super) node: Node,
    pub(super) file: &'f OwnFile,
}

/// Reads one file.
pub(super) fn read_own(file: &OwnFile) -> Result<Own<'_>, RuleError> {
    let node = parse(&file.text, &Limits::config())
        .map_err(|error| DecodeError::new(error.span, error.message).with_help(error.help))
        .and_then(|node| node.ok_or_else(|| DecodeError::new(Span::default(), "the file holds no rule")))
        .map_err(|error| RuleError::file(&file.path, &file.text, error))?;
    let id = node.get("id").and_then(Node::as_str).unwrap_or_default().to_owned();
    let stem = file
        .path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(".yml")
        .trim_end_matches(".yaml");
    let span = node.get("id").map_or(node.span, |id| id.span);
    if node.get("id").is_some_and(|id| id.is_null() || is_blank(id)) {
        let error = empty(span, "id", &format!("write `id: {stem}`, the file's name without its end"));
        return Err(RuleError::file(&file.path, &file.text, error));
    }
    if !id.is_empty() && id != stem {
        let error = DecodeError::new(span, format!("the id `{id}` is not the file's name"));
        return Err(RuleError::file(
            &file.path,
            &file.text,
            error.with_help(Some(format!("name the file {id}.yml"))),
        ));
    }
    Ok(Own { id, node, file })
}

/// A rule of the user may replace a built-in one, but not another of the user's.
pub(super) fn one_file_each(own: &[Own<'_>]) -> Result<(), RuleError> {
    let mut files = HashMap::new();
    for rule in own {
        let second = rule.file.path.clone();
        if let Some(first) = files.insert(&rule.id, &rule.file.path) {
            return Err(RuleError::Twice { id: rule.id.clone(), first: first.clone(), second });
        }
    }
    Ok(())
}

/// The same tree without places, so that those of an error can only be the configuration's.
pub(super) fn without_places(node: &Node) -> Result<Node, DecodeError> {
    let tree = serde_json::to_value(node).and_then(serde_json::from_value);
    tree.map_err(|error| DecodeError::new(Span::default(), error.to_string()))
}
