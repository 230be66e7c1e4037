//! What a file is called in reports: its path from the repository root, with `/`.

use std::path::{Component, Path, PathBuf};

/// The folder names are relative to, in both spellings it may be reached by.
pub(super) struct Base {
    given: PathBuf,
    real: Option<PathBuf>,
    /// The way from this folder to the one that relative paths start in, where that lies in it.
    here: Option<PathBuf>,
}

impl Base {
    pub(super) fn new(base: &Path) -> Self {
        let given = normal(base);
        let real = base.canonicalize().ok().filter(|real| *real != given);
        let here = std::env::current_dir().ok();
        let here = here.and_then(|here| Some(here.strip_prefix(&given).ok()?.to_owned()));
        Self { given, real, here }
    }

    /// `path` from this folder. Outside of it a relative path has as many `..` as it takes, wherever it was given, and an
    /// absolute one stays as it is.
    pub(super) fn name(&self, path: &Path) -> String {
        let goes_up = || path.components().any(|part| part == Component::ParentDir);
        if let Some(here) = self.here.as_ref().filter(|_| path.is_relative() && !goes_up()) {
            return slashes(&here.join(path));
        }
        let full = normal(path);
        let shared =
            |base: &Path| base.components().zip(full.components()).take_while(|(a, b)| a == b).count();
        let spellings = std::iter::once(&self.given).chain(&self.real);
        let nearest = spellings.map(|base| (shared(base), base)).max_by_key(|(steps, _)| *steps);
        let stays =
            |(steps, base): &(usize, &PathBuf)| path.is_absolute() && *steps < base.components().count();
        let Some((steps, base)) = nearest.filter(|nearest| !stays(nearest)) else { return slashes(path) };
        let up = std::iter::repeat_n(Component::ParentDir, base.components().count() - steps);
        slashes(&up.chain(full.components().skip(steps)).collect::<PathBuf>())
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
    fn names_start_at_the_base_wherever_relative_paths_start() {
        let name = |base: &str, path: &str| Base::new(Path::new(base)).name(Path::new(path));
        assert_eq!(name(".", "./docs/./a.md"), "docs/a.md");
        assert_eq!(name(".", "docs/../a.md"), "a.md");
        assert_eq!(name("..", "docs"), format!("{}/docs", name("..", ".")));
        assert_eq!(name("src", "src/a.md"), "a.md");
        assert_eq!(name("src", "docs/a.md"), "../docs/a.md");
        let base = Base::new(Path::new("/repo"));
        assert_eq!(base.name(Path::new("/repo/./docs/../a.md")), "a.md");
        assert_eq!(base.name(Path::new("/repo")), ".");
    }

    #[test]
    fn what_lies_outside_is_named_by_the_way_to_it_or_as_it_was_given() {
        let base = Base::new(Path::new("/home/anna/repo"));
        assert_eq!(base.name(Path::new("/home/anna/repository/./a.md")), "/home/anna/repository/a.md");
        let here = std::env::current_dir().unwrap();
        let below = Base::new(&here.join("repo"));
        assert_eq!(below.name(Path::new("notes/../a.md")), "../a.md");
        assert_eq!(below.name(Path::new("repository/a.md")), "../repository/a.md");
        assert_eq!(below.name(Path::new(".")), "..");
    }
}
