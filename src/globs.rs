//! Path patterns of rules and configuration.

use std::sync::{Arc, OnceLock};

use globset::{Error, Glob, GlobBuilder, GlobMatcher};
use serde::Deserialize;

use crate::pattern::{Sketch, proving};

/// Globs with exceptions: `!doc/development/**` takes paths out again.
#[derive(Clone, Debug)]
pub struct Globs {
    include: Vec<One>,
    exclude: Vec<One>,
}

/// Bytes that a glob's sketch may take.
const SKETCH: usize = 1 << 16;

/// Bytes of paths on which a sketch costs as much as compiling the glob.
const PATHS: usize = 1 << 6;

/// One glob, read and compiled when a path has its literal ends: most paths do not, and that costs more than the rest
/// of a short run.
#[derive(Clone, Debug)]
struct One {
    text: String,
    glob: OnceLock<Option<Glob>>,
    /// The same for the first paths, most of them the only ones: it is quick to compile.
    sketch: OnceLock<Option<Arc<Sketch>>>,
    matcher: OnceLock<Option<GlobMatcher>>,
}

impl Globs {
    /// Reads the globs of a rule: they match at any depth, because a project may stand in a folder of a larger
    /// repository; only a leading `/` ties one to the root. `*` stays within a folder. Without a glob that includes, every
    /// path is included.
    ///
    /// # Errors
    /// Says which glob is broken and how.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, String> {
        Self::read(globs, floats, true)
    }

    /// Reads the globs of a project's configuration: as in .gitignore, one with a `/` counts from the root.
    ///
    /// # Errors
    /// Says which glob is broken and how.
    pub fn anchored<S: AsRef<str>>(globs: &[S]) -> Result<Self, String> {
        Self::read(globs, |glob| !glob.contains('/'), true)
    }

    /// `proved` says whether a broken glob is an error now; else it matches nothing.
    fn read<S: AsRef<str>>(globs: &[S], floats: fn(&str) -> bool, proved: bool) -> Result<Self, String> {
        let mut all = Self { include: Vec::new(), exclude: Vec::new() };
        for glob in globs {
            let (glob, list) = match glob.as_ref().strip_prefix('!') {
                Some(glob) => (glob, &mut all.exclude),
                None => (glob.as_ref(), &mut all.include),
            };
            if proved && glob.trim().is_empty() {
                return Err("an empty glob matches nothing".to_owned());
            }
            let one = One::new(glob, floats(glob));
            if proved {
                one.read().map_err(|error| format!("not a valid glob `{glob}`: {}", error.kind()))?;
            }
            list.push(one);
        }
        Ok(all)
    }

    /// Whether there is no glob at all, so that every path is matched.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether `path` is matched by a glob and by no exception.
    pub fn has(&self, path: &str) -> bool {
        (self.include.is_empty() || self.include.iter().any(|glob| glob.has(path)))
            && !self.exclude.iter().any(|glob| glob.has(path))
    }
}

impl One {
    fn new(glob: &str, floats: bool) -> Self {
        let text = if floats { format!("**/{glob}") } else { glob.trim_start_matches('/').to_owned() };
        Self { text, glob: OnceLock::new(), sketch: OnceLock::new(), matcher: OnceLock::new() }
    }

    fn read(&self) -> Result<Glob, Error> {
        GlobBuilder::new(&self.text).literal_separator(true).build()
    }

    fn glob(&self) -> Option<&Glob> {
        self.glob.get_or_init(|| self.read().ok()).as_ref()
    }

    fn has(&self, path: &str) -> bool {
        const SPECIAL: [char; 8] = ['*', '?', '[', ']', '{', '}', '\\', ','];
        let glob = self.text.as_str();
        let start = glob.split(SPECIAL).next().unwrap_or_default();
        let end = glob.rsplit(SPECIAL).next().unwrap_or_default();
        // `**/x` also matches `x` at the top, so a slash beside the wildcard is no literal.
        let literal = |part: &str| path.contains(part.trim_matches('/'));
        path.starts_with(start)
            && path.ends_with(end.trim_start_matches('/'))
            // What stands in braces or brackets is one of several.
            && (glob.contains(['{', '[', '\\']) || glob.split(['*', '?']).all(literal))
            && self.decided(path).or_else(|| Some(self.matcher()?.is_match(path))).unwrap_or_default()
    }

    /// Whether it matches `path`, where the sketch can tell: for bytes of ASCII both languages of patterns are the same.
    fn decided(&self, path: &str) -> Option<bool> {
        let build = || Sketch::new(self.glob()?.regex().strip_prefix("(?-u)")?, SKETCH).map(Arc::new);
        self.sketch.get_or_init(build).as_ref()?.decide(path, PATHS)
    }

    fn matcher(&self) -> Option<&GlobMatcher> {
        self.matcher.get_or_init(|| Some(self.glob()?.compile_matcher())).as_ref()
    }
}

/// Whether a rule's glob matches at any depth.
fn floats(glob: &str) -> bool {
    !glob.starts_with('/') && !glob.starts_with("**/")
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let globs = Vec::<String>::deserialize(deserializer)?;
        Self::read(&globs, floats, proving()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortcut_over_literal_ends_changes_no_answer() {
        let globs = [
            "**/*.md",
            "source/direction/**",
            "*.{yml,yaml}",
            "/doc/**/a.md",
            "**/urls/*.txt",
            "a[bc].md",
            "x",
            "**/urls/**",
            "q/*/{urls,z}/?.txt",
            "\\x",
        ];
        let paths = [
            "a.md",
            "d/ab.md",
            "source/direction/x/y.erb",
            "source/direction",
            "z.yaml",
            "q/z.yml",
            "doc/a.md",
            "doc/b/a.md",
            "urls/x.txt",
            "p/urls/x.txt",
            "q/r/z/x.txt",
            "ab.md",
            "x",
            "y/x",
            "x/y",
            "",
        ];
        for glob in globs {
            let quick = Globs::anchored(&[glob]).unwrap();
            for path in paths {
                let plain = quick.include[0].matcher().unwrap().is_match(path);
                assert_eq!(quick.has(path), plain, "{glob} on {path}");
            }
        }
    }

    #[test]
    fn exceptions_take_paths_out_again() {
        let globs = Globs::new(&["doc/**/*.md", "!doc/development/**"]).unwrap();
        assert!(globs.has("doc/user/a.md") && !globs.has("doc/development/a.md") && !globs.has("a.md"));
        assert!(Globs::new(&["!a.md"]).unwrap().has("b.md"));
        assert!(Globs::new(&["a[.md"]).is_err());
    }

    #[test]
    fn globs_of_rules_hold_at_any_depth_and_those_of_projects_from_the_root() {
        assert!(Globs::new(&["source/direction/**"]).unwrap().has("sites/www/source/direction/a.md"));
        assert!(!Globs::new(&["/source/**"]).unwrap().has("sites/source/a.md"));
        assert!(!Globs::anchored(&["docs/**"]).unwrap().has("app/docs/a.md"));
        assert!(Globs::anchored(&["*.md"]).unwrap().has("app/docs/a.md"));
    }
}
