//! Path patterns of rules and configuration.

use serde::Deserialize;

/// Globs with exceptions: `!doc/development/**` takes paths out again.
#[derive(Clone, Debug)]
pub struct Globs {
    include: globset::GlobSet,
    exclude: globset::GlobSet,
    given: bool,
}

impl Globs {
    /// Compiles `globs`; `*` stays within a folder, a glob without `/` matches the file name.
    ///
    /// # Errors
    /// Says which glob is broken and how.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, String> {
        let (mut include, mut exclude) = (globset::GlobSetBuilder::new(), globset::GlobSetBuilder::new());
        let mut included = 0;
        for glob in globs {
            let glob = glob.as_ref();
            let (set, bare) = match glob.strip_prefix('!') {
                Some(bare) => (&mut exclude, bare),
                None => {
                    included += 1;
                    (&mut include, glob)
                }
            };
            let anywhere = if bare.contains('/') {
                bare.trim_start_matches('/').to_owned()
            } else {
                format!("**/{bare}")
            };
            let glob = globset::GlobBuilder::new(&anywhere).literal_separator(true).build();
            set.add(glob.map_err(|error| format!("not a valid glob `{bare}`: {}", error.kind()))?);
        }
        let given = !globs.is_empty();
        if included == 0 {
            include.add(globset::Glob::new("**").map_err(|error| error.to_string())?);
        }
        let built = |set: globset::GlobSetBuilder| set.build().map_err(|error| error.to_string());
        Ok(Self { include: built(include)?, exclude: built(exclude)?, given })
    }

    /// Whether there is no glob at all, so that every path is matched.
    pub fn is_empty(&self) -> bool {
        !self.given
    }

    /// Whether `path` is matched by a glob and by no exception.
    pub fn has(&self, path: &str) -> bool {
        self.include.is_match(path) && !self.exclude.is_match(path)
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let globs = Vec::<String>::deserialize(deserializer)?;
        Self::new(&globs).map_err(serde::de::Error::custom)
    }
}
