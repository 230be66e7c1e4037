//! Paths and links as URIs.

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what RFC 3986 calls unreserved, and the slash between the steps of a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Everything that may stand nowhere in a URI, and what ends a link in Markdown.
const LINK: &AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b'(')
    .add(b')');

/// The relative URI of `path`, which is separated by `/`.
pub(super) fn path(path: &str) -> String {
    utf8_percent_encode(path.trim_start_matches("./"), PATH).to_string()
}

/// `url` in a form every reader takes, if it is a link to a web page.
pub fn link(url: &str) -> Option<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let link = is_web.then(|| utf8_percent_encode(&whole(url), LINK).to_string())?;
    let read: Uri = link.parse().ok()?;
    let server = read.authority()?;
    let has_port = server.as_str().len() > server.host().len();
    (!server.host().is_empty() && (!has_port || server.port().is_some())).then_some(link)
}

/// `url` with every `%` that encodes nothing encoded itself, and every `#` after the first.
fn whole(url: &str) -> String {
    let url = match url.split_once('#') {
        Some((page, anchor)) => format!("{page}#{}", anchor.replace('#', "%23")),
        None => url.to_owned(),
    };
    let mut parts = url.split('%');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let encodes = part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        whole.extend([if encodes { "%" } else { "%25" }, part]);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_links_are_encoded() {
        assert_eq!(path("./docs/a b/ü:1#x.md"), "docs/a%20b/%C3%BC%3A1%23x.md");
        assert_eq!(
            link("https://a.example/b?c=(d)#e f").as_deref(),
            Some("https://a.example/b?c=%28d%29#e%20f")
        );
        assert_eq!(link("https://a.example/5%/%zz%2").as_deref(), Some("https://a.example/5%25/%25zz%252"));
        assert_eq!(link("https://a.example/#a#b").as_deref(), Some("https://a.example/#a%23b"));
        assert_eq!(link("https://a.example/%C3%BC").as_deref(), Some("https://a.example/%C3%BC"));
        for wrong in [
            "https://",
            "https:///a",
            "https://a: b/c",
            "https://a:b/",
            "https://a b/",
            "https://me@a.example/",
        ] {
            assert_eq!(link(wrong), None, "{wrong}");
        }
        assert!(link("http://127.0.0.1:8080/a").is_some());
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link(""), None);
    }
}
