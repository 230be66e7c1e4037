//! What must not be empty in a rule file, and in what a project sets for a rule.

use crate::text::Span;
use crate::yaml::{DecodeError, Entry, Node, Value};

/// The keys that must say something, and what.
const SAID: [(&str, &str); 6] = [
    ("id", "write the file's name without `.yml`"),
    ("title", "write one line that says what the rule is about"),
    ("from", "give the page that the rule enforces, with the heading's anchor"),
    ("heading", "copy the heading that the words stand under"),
    ("quote", "copy the words that the rule enforces"),
    ("message", "write one kind sentence that says what to do; `{hit}` stands for what was found"),
];

/// Whether `node` is a text of white space.
pub(super) fn is_blank(node: &Node) -> bool {
    !node.is_null() && node.as_str().is_some_and(|text| text.trim().is_empty())
}

/// That what stands at `span` says nothing.
pub(super) fn empty(span: Span, what: &str, help: &str) -> DecodeError {
    DecodeError::new(span, format!("`{what}` is empty")).with_help(Some(help.to_owned()))
}

/// Holds the keys of a rule file, and the messages of its variants, against what they must say.
pub(super) fn words(own: &Node) -> Result<(), DecodeError> {
    let variants = own.get("variants").map(Node::entries).unwrap_or_default();
    for (key, help) in SAID {
        let of_variants = variants.iter().filter(|_| key == "message").filter_map(|of| of.value.get(key));
        if let Some(blank) = own.get(key).into_iter().chain(of_variants).find(|node| is_blank(node)) {
            return Err(empty(blank.span, key, help));
        }
    }
    let paths =
        own.get("paths").filter(|paths| matches!(&paths.value, Value::List(globs) if globs.is_empty()));
    paths.map_or(Ok(()), |paths| Err(empty(paths.span, "paths", "leave it out to read all files of `on`")))
}

/// Holds the project's parameter `given` against the rule's `own` of the same name.
pub(super) fn parameter(given: &Entry, own: &Node) -> Result<(), DecodeError> {
    let (name, value) = (given.key.as_str(), &given.value);
    let number = |node: &Node| node.as_str().and_then(|text| text.parse::<i64>().ok());
    if is_blank(value) && !is_blank(own) {
        let help = format!("leave it out to keep what the rule has: `{}`", own.as_str().unwrap_or_default());
        return Err(empty(value.span, name, &help));
    }
    if let (Some(negative @ ..0), Some(1..)) = (number(value), number(own)) {
        let error =
            DecodeError::new(value.span, format!("`{name}` is {negative}, and less than none is nothing"));
        return Err(error.with_help(Some("write a number of 0 or more".to_owned())));
    }
    let (Value::List(items), Value::List(own)) = (&value.value, &own.value) else { return Ok(()) };
    match items.iter().find(|item| is_blank(item)).filter(|_| !own.iter().any(is_blank)) {
        Some(blank) => {
            let error = DecodeError::new(blank.span, format!("an entry of `{name}` is empty"));
            Err(error.with_help(Some("take it out".to_owned())))
        }
        None => Ok(()),
    }
}

/// The entries of `parameters`.
pub(super) fn parameters(node: &Node) -> Result<&[Entry], DecodeError> {
    if node.is_null() || matches!(node.value, Value::Map(_)) {
        return Ok(node.entries());
    }
    let error = DecodeError::new(node.span, "expected a map from the names of parameters to their values");
    Err(error.with_help(Some("as in `parameters: {grace_days: 7}`".to_owned())))
}
