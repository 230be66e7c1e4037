//! Where the API is, and which addresses belong to it: a token goes nowhere else.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::Uri;

use super::GitlabError;
use super::wording::shown;

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
        let wrong = || GitlabError::Address { address: shown(address) };
        let uri: Uri = address.trim().parse().map_err(|_| wrong())?;
        // A user and a password in the address would be a secret in an address; one with a slash in it ends up in the path.
        let plain = uri.query().is_none() && !address.contains('@');
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
        let uri: Uri = absolute.parse().map_err(|_| shown(location))?;
        let (scheme, host, port) = origin(&uri).ok_or_else(|| shown(location))?;
        let same_port = port == self.port || (usual(&scheme) == Some(port) && self.is_usual());
        if !host.eq_ignore_ascii_case(&self.host) || !same_port {
            return Err(shown(&host_and_port(&scheme, &host, port)));
        }
        let below = uri.path().strip_prefix(&self.path).and_then(|rest| rest.strip_prefix('/'));
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        below.map(|path| path.to_owned() + &query).ok_or_else(|| shown(location))
    }

    fn is_usual(&self) -> bool {
        usual(&self.scheme) == Some(self.port)
    }
}

/// The root of the API, and the path of the project or group, that the address of its page or of a list in it leads to.
///
/// # Errors
/// [`GitlabError::Address`] where `page` is no address of a project or group, and [`GitlabError::Elsewhere`] where it
/// lies on another server than `api`, so that a token goes to its own server only.
pub fn of_page(page: &str, api: Option<&str>) -> Result<(String, String), GitlabError> {
    let wrong = || GitlabError::Address { address: shown(page) };
    let plain = page.split(['?', '#']).next().unwrap_or_default();
    let own = Root::parse(plain)?;
    let (api, path) = match api {
        None => (format!("{}://{}/api/v4", own.scheme, own.host()), own.path.as_str()),
        Some(api) => {
            let root = Root::parse(api)?;
            let is_there = own.host.eq_ignore_ascii_case(&root.host) && own.port == root.port;
            let below = own.path.strip_prefix(root.path.trim_end_matches("/api/v4")).filter(|_| is_there);
            let elsewhere = || GitlabError::Elsewhere { address: shown(page), host: root.host() };
            (api.to_owned(), below.ok_or_else(elsewhere)?)
        }
    };
    let path = path.split("/-/").next().unwrap_or_default().trim_matches('/');
    let path = path.strip_prefix("groups/").unwrap_or(path);
    let path = path.strip_suffix("/-").or_else(|| path.strip_suffix(".git")).unwrap_or(path);
    if path.is_empty() { Err(wrong()) } else { Ok((api, path.to_owned())) }
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
        for wrong in [
            "",
            "gitlab",
            "/api/v4",
            "ftp://host/api/v4",
            "https://user:word@host/api/v4",
            "https://word/word@host/api/v4",
            "https:///x",
        ] {
            let error = Root::parse(wrong).unwrap_err();
            assert!(matches!(error, GitlabError::Address { .. }), "{wrong}");
            assert!(!error.to_string().contains("word"), "{error}");
        }
        let error = Root::parse("https://host/api/v4?private_token=word").unwrap_err();
        assert_eq!(error.to_string(), "`https://host/api/v4?…` is no address of a GitLab API");
    }

    #[test]
    fn the_address_of_a_page_names_its_project() {
        for page in [
            "https://gitlab.example.com/group/project",
            "https://gitlab.example.com/group/project/",
            "https://gitlab.example.com/group/project.git",
            "https://gitlab.example.com/group/project/-/issues?state=opened#x",
            "https://gitlab.example.com/groups/group/project/-/epics",
        ] {
            let api = "https://gitlab.example.com/api/v4".to_owned();
            let found = (api.clone(), "group/project".to_owned());
            assert_eq!(of_page(page, None).unwrap(), found, "{page}");
            assert_eq!(of_page(page, Some(&api)).unwrap(), found, "{page}");
        }
        let below = of_page("https://example.com/gitlab/a/b", Some("https://example.com/gitlab/api/v4"));
        assert_eq!(below.unwrap().1, "a/b");
        let elsewhere = of_page("https://evil.example/a/b", Some("https://gitlab.example.com/api/v4"));
        assert!(matches!(elsewhere, Err(GitlabError::Elsewhere { .. })));
        for wrong in ["https://gitlab.example.com/", "https://user:word@gitlab.example.com/a/b"] {
            assert!(matches!(of_page(wrong, None), Err(GitlabError::Address { .. })), "{wrong}");
        }
    }

    #[test]
    fn a_path_is_one_segment() {
        assert_eq!(escape("group/my project"), "group%2Fmy%20project");
    }
}
