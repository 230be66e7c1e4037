//! Labels and milestones in the query of a URL, such as the filter of a board.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::pattern::holds;
use crate::text::Span;

/// What GitLab keeps as it is in a query.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');

/// The parameter that holds a label.
const LABEL_NAME: &str = "label_name";

/// The values of the `label_name[]` parameters of the URL at `span`, as written.
pub(super) fn label_names(text: &str, span: Span) -> Vec<Span> {
    values(text, span, LABEL_NAME)
}

/// Whether a URL of `text` may have such parameters, with their letters and lines encoded or not.
pub(super) fn may_name_labels(text: &str) -> bool {
    [LABEL_NAME, "%6", "%5f"].iter().any(|literal| holds(text, literal))
}

/// The values of the parameters of the URL at `span` whose name holds `key`, as written.
pub(in crate::check) fn values(text: &str, span: Span, key: &str) -> Vec<Span> {
    let url = span.of(text);
    let Some((before, query)) = url.split_once('?') else { return Vec::new() };
    let query = query.split('#').next().unwrap_or_default();
    let mut at = span.start as usize + before.len() + 1;
    let mut found = Vec::new();
    for pair in query.split('&') {
        if let Some((name, value)) = pair.split_once('=')
            && percent_decode_str(name).decode_utf8_lossy().contains(key)
        {
            found.push(Span::new(at + name.len() + 1, at + name.len() + 1 + value.len()));
        }
        at += pair.len() + 1;
    }
    found
}

/// What a value of a query says.
pub(in crate::check) fn decoded(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `label` as the value of a query that writes its colons as `value` does.
pub(in crate::check) fn encoded<'l>(label: &'l str, value: &str) -> Cow<'l, str> {
    if value.contains(':') && !label.contains(' ') {
        label.into()
    } else {
        utf8_percent_encode(label, KEPT).into()
    }
}

/// The project or group whose page `url` shows.
pub(super) fn project(url: &str) -> Option<String> {
    let path = url.split_once("://")?.1.split_once('/')?.1;
    let path = path.split(['?', '#']).next()?;
    let path = path.strip_prefix("groups/").unwrap_or(path);
    let page = ["/-/", "/issues", "/merge_requests", "/boards", "/labels", "/epics"];
    let end = page.iter().filter_map(|page| path.find(page)).min()?;
    let project = path.get(..end).filter(|project| !project.is_empty())?;
    Some(percent_decode_str(project).decode_utf8_lossy().into_owned())
}
