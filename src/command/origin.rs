//! Whether a SOURCE is something on this machine, or a project or group of a GitLab server.

use std::path::Path;

/// Where records come from.
#[derive(Debug, PartialEq, Eq)]
pub enum Origin<'s> {
    /// Standard input, a file or a folder.
    Here,
    /// A project or group, by its path.
    Path(&'s str),
    /// A project or group, by the address of its page.
    Page(&'s str),
}

/// Where `source` leads; what exists here comes first.
pub fn origin(source: &str) -> Origin<'_> {
    if source.starts_with("https://") || source.starts_with("http://") {
        return Origin::Page(source);
    }
    let is_name = |part: &str| {
        let first = part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        first && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    let is_file = |extension: &std::ffi::OsStr| {
        ["json", "ndjson", "jsonl", "gz", "tgz"].iter().any(|known| extension == *known)
    };
    let path = Path::new(source);
    let named = source.split('/').all(is_name) && !path.extension().is_some_and(is_file);
    if named && !path.exists() { Origin::Path(source) } else { Origin::Here }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_here_comes_first() {
        for here in
            ["-", "src", "missing.json", "a/missing.tar.gz", "./group", "/group", "group/", "a b", "../a", ""]
        {
            assert_eq!(origin(here), Origin::Here, "{here}");
        }
        for path in ["group", "group/project", "group/sub-group/my.project", "278964"] {
            assert_eq!(origin(path), Origin::Path(path));
        }
        let page = "https://gitlab.com/group/project";
        assert_eq!(origin(page), Origin::Page(page));
    }
}
