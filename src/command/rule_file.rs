//! The file of one rule, built-in or the user's own.

use proclint::rule::RuleError;
use proclint::rule::set::{OwnFile, built_in};
use proclint::yaml::{Limits, Node, parse, suggestion};

use super::Fault;

/// The tree of rule `id` and its file; the user's own goes before a built-in one it replaces.
///
/// # Errors
/// Where there is no such rule.
pub fn rule_file(id: &str, own: &[OwnFile]) -> Result<(Node, OwnFile), Fault> {
    let file = |path: &str, text: &str| OwnFile { path: path.to_owned(), text: text.to_owned() };
    let own = own.iter().map(|own| file(&own.path, &own.text));
    let files = own.chain(built_in().iter().map(|rule| file(&format!("rules/{}", rule.path), rule.yaml)));
    let mut ids = Vec::new();
    for file in files {
        let Ok(Some(node)) = parse(&file.text, &Limits::config()) else { continue };
        let found = node.get("id").and_then(Node::as_str).unwrap_or_default().to_owned();
        if found == id {
            return Ok((node, file));
        }
        ids.push(found);
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let help = Some(suggestion(id, &ids)).filter(|help| help.starts_with("did"));
    let help = help.unwrap_or_else(|| "`proclint rules` lists them all".to_owned());
    Err(RuleError::Unknown { name: id.to_owned(), help: Some(help) }.into())
}
