//! The link of an item to its documentation: there, filled in, and a link.

use serde::Deserialize;

use super::route::Entry;
use crate::check::{Hit, Sink, View};
use crate::document::Outline;
use crate::document::outline::{Class, LinkKind};

/// What [`DocsLink`] may report.
pub(super) const VARIANTS: [&str; 5] = ["missing", "empty", "placeholder", "not-a-link", "source-file"];

/// The key of an item that links its documentation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocsLink {
    /// The key.
    key: String,
    /// The keys that may hold the item's name; the first one counts.
    names: Vec<String>,
    /// Words that a sample puts in the place of a link.
    placeholders: Vec<String>,
    /// For items of Markdown: relative paths are links, and a link in the text stands for the key.
    body: Option<Body>,
}

/// What counts as documentation in the text of an item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Hosts of documentation.
    hosts: Vec<String>,
    /// How the paths of documentation start.
    paths: Vec<String>,
}

impl DocsLink {
    /// The key with the item's name.
    pub(super) fn name_key(&self) -> &str {
        self.names.first().unwrap_or(&self.key)
    }

    /// Reports an item without a link to its documentation.
    pub(super) fn check(&self, entry: &Entry<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let mut titles = self.names.iter().filter_map(|name| entry.node.get(name));
        let title = titles.find(|node| node.as_str().is_some_and(|title| !title.trim().is_empty()));
        let name = title.and_then(|node| node.as_str()).unwrap_or(entry.key());
        let mut report = |span, variant, hit: &str| {
            let values = [("hit", hit), ("entry", name), ("key", self.key.as_str())];
            sink.report(Hit::at(span, &values).variant(variant));
        };
        let Some(link) = entry.node.entry(&self.key) else {
            let linked = self.body.as_ref().is_some_and(|body| {
                view.doc.body().is_some_and(|outline| self.is_linked(body, view.doc.text(), outline))
            });
            // A Markdown file without a title is no item; an item of a list without a name shows its first key.
            let first = entry.node.entries().first().filter(|_| self.body.is_none());
            let place = title.map(|node| node.span).or_else(|| first.map(|first| first.key_span));
            if let Some(place) = place.filter(|_| !linked) {
                report(place, "missing", name);
            }
            return;
        };
        let value = link.value.as_str().map(str::trim).unwrap_or_default();
        if value.is_empty() {
            return report(link.key_span, "empty", &self.key);
        }
        let variant = if self.placeholders.iter().any(|placeholder| holds(value, placeholder)) {
            "placeholder"
        } else if is_url(value) || is_site_path(value) {
            return;
        } else if self.body.as_ref().is_some_and(|body| is_relative(value, body)) {
            if !is_source_file(value) {
                return;
            }
            "source-file"
        } else {
            "not-a-link"
        };
        report(link.value.span, variant, value);
    }

    /// Whether the text links documentation, be it as a bare URL.
    fn is_linked(&self, body: &Body, text: &str, outline: &Outline) -> bool {
        let links = outline.links.iter().filter(|link| link.kind != LinkKind::Image);
        let urls = outline.pieces.iter().filter(|piece| piece.class == Class::Url);
        links.map(|link| link.target.as_str()).chain(urls.map(|url| url.span.of(text))).any(|target| {
            let documents = match host(target) {
                Some(host) => body.hosts.iter().any(|docs| docs.eq_ignore_ascii_case(host)),
                None => body.paths.iter().any(|path| target.starts_with(path.as_str())),
            };
            documents && !self.placeholders.iter().any(|placeholder| holds(target, placeholder))
        })
    }
}

/// The host of an absolute URL.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    rest.split(['/', '?', '#', ':']).next().filter(|host| web && !host.is_empty())
}

fn is_url(value: &str) -> bool {
    !value.contains(char::is_whitespace) && host(value).is_some_and(|host| host.contains('.'))
}

fn is_site_path(value: &str) -> bool {
    value.len() > 1 && value.starts_with('/') && !value.contains(char::is_whitespace)
}

/// A path from the item's own page: with a folder, and not a host that lacks its scheme.
fn is_relative(value: &str, body: &Body) -> bool {
    let first = value.split('/').next().unwrap_or_default();
    value.contains('/')
        && !value.contains(char::is_whitespace)
        && !value.contains("//")
        && !value.eq_ignore_ascii_case("n/a")
        && !body.hosts.iter().any(|docs| docs.eq_ignore_ascii_case(first))
        || is_source_file(value)
}

/// Whether the path names the Markdown file instead of the page made from it.
fn is_source_file(value: &str) -> bool {
    let path = value.split(['#', '?']).next().unwrap_or_default();
    !value.contains(char::is_whitespace)
        && (path.ends_with(".md") || path.rsplit('/').next() == Some("_index"))
}

/// Whether `placeholder` stands in `value` as a word of its own, in any letter case.
fn holds(value: &str, placeholder: &str) -> bool {
    let (value, word) = (value.to_ascii_lowercase(), placeholder.to_ascii_lowercase());
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let bytes = value.as_bytes();
    !word.is_empty()
        && value.match_indices(&word).any(|(at, _)| {
            let opens = at == 0 || !word.as_bytes().first().is_some_and(of_word) || !of_word(&bytes[at - 1]);
            opens && !bytes.get(at + word.len()).is_some_and(of_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_whole_words() {
        assert!(holds("https://docs.gitlab.com/ee/#amazing", "#amazing"));
        assert!(holds("todo", "TODO") && holds("/help/TODO/", "TODO"));
        assert!(holds("https://gitlab.example.com/x", "example.com"));
        assert!(!holds("https://docs.gitlab.com/user/todos.html", "TODO"));
        assert!(!holds("https://docs.gitlab.com/user/x/#linked-items", "#link"));
        assert!(!holds("https://docs.gitlab.com/user/x/#link-to-a-line", "#link"));
    }

    #[test]
    fn links_are_told_from_words() {
        assert!(is_url("https://docs.gitlab.com/user/") && is_site_path("/help/user/"));
        assert!(!is_url("https://docs") && !is_url("docs.gitlab.com/user/") && !is_site_path("/"));
        let body = Body { hosts: vec!["docs.gitlab.com".to_owned()], paths: Vec::new() };
        assert!(is_relative("../user/project/", &body) && is_relative("user/project", &body));
        assert!(!is_relative("soon", &body) && !is_relative("docs.gitlab.com/user/", &body));
        assert!(is_source_file("../user/_index.md#x") && !is_source_file("../user/"));
    }
}
