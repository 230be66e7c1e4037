//! Where the API is, and which addresses belong to it: a token goes nowhere else.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::Uri;

use super::GitlabError;
use super::wording::quoted;

/// What a path segment and a query value may hold unescaped.
const SAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `text` as one segment of a path or one value of a query.
pub(super) fn escape(text: &str) -> String {
    utf8_percent_encode(text, SAFE).to_string()
}

/// The root of the API, as in `CI_API_V4_URL`: `https://gitlab.example.com/api/v4`.
#[derive(Clone, Debug)]
pub(super) struct Root {
    scheme: String,
    host: String,
    port: u16,
    path: String,
}

impl Root {
    pub(super) fn parse(address: &str) -> Result<Self, GitlabError> {
        let wrong = || GitlabError::Address { address: quoted(address) };
        let uri: Uri = address.trim().parse().map_err(|_| wrong())?;
        // A user and a password in the address would be a secret in an address.
        let plain = uri.query().is_none() && !uri.authority().ok_or_else(wrong)?.as_str().contains('@');
        let (scheme, host, port) = origin(&uri).filter(|_| plain).ok_or_else(wrong)?;
        Ok(Self { scheme, host, port, path: uri.path().trim_end_matches('/').to_owned() })
    }

    /// The host, with its port where it is not the usual one.
    pub(super) fn host(&self) -> String {
        host_and_port(&self.scheme, &self.host, self.port)
    }

    pub(super) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// The full address of a path below the API.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}://{}{}/{}", self.scheme, self.host(), self.path, path.trim_start_matches('/'))
    }

    /// The path below the API, with its query, that `location` leads to when it is met at `path`.
    ///
    /// A server behind a proxy may think it is asked by `http`, so the scheme is always that of the API.
    ///
    /// # Errors
    /// The host, where it is another one, or the address, where it is outside the API.
    pub(super) fn below(&self, location: &str, path: &str) -> Result<String, String> {
        let absolute = match location {
            location if location.contains("://") => location.to_owned(),
            location if location.starts_with("//") => format!("{}:{location}", self.scheme),
            location if location.starts_with('/') => format!("{}://{}{location}", self.scheme, self.host()),
            location if location.starts_with('?') => {
                self.address(path.split('?').next().unwrap_or_default()) + location
            }
            location => self.address(path.rsplit_once('/').map_or("", |(folder, _)| folder)) + "/" + location,
        };
        let uri: Uri = absolute.parse().map_err(|_| quoted(location))?;
        let (scheme, host, port) = origin(&uri).ok_or_else(|| quoted(location))?;
        let same_port = port == self.port || (usual(&scheme) == Some(port) && self.is_usual());
        if !host.eq_ignore_ascii_case(&self.host) || !same_port {
            return Err(quoted(&host_and_port(&scheme, &host, port)));
        }
        let below = uri.path().strip_prefix(&self.path).and_then(|rest| rest.strip_prefix('/'));
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        below.map(|path| path.to_owned() + &query).ok_or_else(|| quoted(location))
    }

    fn is_usual(&self) -> bool {
        usual(&self.scheme) == Some(self.port)
    }
}

fn usual(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn origin(uri: &Uri) -> Option<(String, String, u16)> {
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let port = uri.port_u16().or(usual(&scheme)).filter(|_| usual(&scheme).is_some())?;
    Some((scheme, uri.host().filter(|host| !host.is_empty())?.to_owned(), port))
}

fn host_and_port(scheme: &str, host: &str, port: u16) -> String {
    if usual(scheme) == Some(port) { host.to_owned() } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_api_are_followed() {
        let root = Root::parse("https://gitlab.example.com/api/v4/").unwrap();
        let below = |location: &str| root.below(location, "projects/1/issues?page=1");
        assert_eq!(root.address("projects/1"), "https://gitlab.example.com/api/v4/projects/1");
        for location in [
            "https://gitlab.example.com/api/v4/projects/9?page=2",
            "http://GITLAB.example.com/api/v4/projects/9?page=2",
            "//gitlab.example.com/api/v4/projects/9?page=2",
            "/api/v4/projects/9?page=2",
        ] {
            assert_eq!(below(location).as_deref(), Ok("projects/9?page=2"), "{location}");
        }
        let deep = Root::parse("https://example.com:8443/gitlab/api/v4").unwrap();
        let location = "https://example.com:8443/gitlab/api/v4/labels";
        assert_eq!(deep.below(location, "x").as_deref(), Ok("labels"));
        assert_eq!(deep.address("labels"), location);
        assert!(deep.below("https://example.com/gitlab/api/v4/labels", "x").is_err());
        assert!(deep.below("https://example.com:8443/api/v4/labels", "x").is_err());
        assert_eq!(below("?page=2").as_deref(), Ok("projects/1/issues?page=2"));
        assert_eq!(below("labels").as_deref(), Ok("projects/1/labels"));
        for (location, named) in [
            ("https://evil.example/api/v4/projects/9", "evil.example"),
            ("https://gitlab.example.com.evil.example/api/v4/x", "gitlab.example.com.evil.example"),
            ("https://gitlab.example.com:8443/api/v4/x", "gitlab.example.com:8443"),
            ("https://gitlab.example.com@evil.example/api/v4/x", "evil.example"),
            ("https://gitlab.example.com/users/sign_in", "https://gitlab.example.com/users/sign_in"),
            ("https://gitlab.example.com/api/v40/x", "https://gitlab.example.com/api/v40/x"),
            ("file:///etc/passwd", "file:///etc/passwd"),
        ] {
            assert_eq!(below(location), Err(named.to_owned()), "{location}");
        }
    }

    #[test]
    fn an_address_of_no_server_is_refused() {
        for wrong in
            ["", "gitlab", "/api/v4", "ftp://host/api/v4", "https://user:word@host/api/v4", "https:///x"]
        {
            let error = Root::parse(wrong).unwrap_err();
            assert!(matches!(error, GitlabError::Address { .. }), "{wrong}");
            assert!(!error.to_string().contains("word"), "{error}");
        }
    }

    #[test]
    fn a_path_is_one_segment() {
        assert_eq!(escape("group/my project"), "group%2Fmy%20project");
    }
}
