//! What a file is called in reports: its path from the repository root, with `/`.

use std::path::{Component, Path, PathBuf};

/// The folder names are relative to, in both spellings it may be reached by.
pub(super) struct Base {
    given: PathBuf,
    real: Option<PathBuf>,
}

impl Base {
    pub(super) fn new(base: &Path) -> Self {
        let given = normal(base);
        let real = base.canonicalize().ok().filter(|real| *real != given);
        Self { given, real }
    }

    /// `path` from this folder; a path outside of it keeps the form it was given in.
    pub(super) fn name(&self, path: &Path) -> String {
        let full = normal(path);
        let inside = full
            .strip_prefix(&self.given)
            .ok()
            .or_else(|| self.real.as_ref().and_then(|real| full.strip_prefix(real).ok()));
        slashes(inside.unwrap_or(path))
    }
}

/// What the file at `path` is called in reports of the repository at `base`.
pub fn name_of(base: &Path, path: &Path) -> String {
    Base::new(base).name(path)
}

fn slashes(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let mut name = String::new();
    for part in parts {
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        match part {
            Component::RootDir => name.push('/'),
            part => name.push_str(&part.as_os_str().to_string_lossy()),
        }
    }
    if name.is_empty() { ".".to_owned() } else { name }
}

/// `path` made absolute, with `.` and `..` resolved by their spelling alone.
fn normal(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut normal = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_start_at_the_base() {
        let base = Base::new(Path::new("/repo"));
        assert_eq!(base.name(Path::new("/repo/./docs/../a.md")), "a.md");
        assert_eq!(base.name(Path::new("/repo")), ".");
        assert_eq!(base.name(Path::new("/elsewhere/a.md")), "/elsewhere/a.md");
        assert_eq!(
            base.name(Path::new("../../../../../../../../elsewhere/a.md")),
            "../../../../../../../../elsewhere/a.md"
        );
    }
}
