//! Facts about the repository that rules share: small files, and the project it belongs to.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::read_small;

/// The text of those files of `wanted` (paths below `root`, with `/`) that exist and are UTF-8.
pub fn read_facts(root: &Path, wanted: &[&str]) -> BTreeMap<String, String> {
    let read = |path: &&str| Some(((*path).to_owned(), read_below(root, path)?));
    wanted.iter().filter_map(read).collect()
}

/// The text of the file at `path` below `root`, if it exists and is UTF-8.
///
/// The path may come from a record, which may name a place outside of the repository: no step leads out of `root`.
pub fn read_below(root: &Path, path: &str) -> Option<String> {
    read_small(&below(root, path).filter(|file| file.is_file())?).ok()
}

/// Whether there is a file at `path` below `root`.
pub fn is_below(root: &Path, path: &str) -> bool {
    below(root, path).is_some_and(|file| file.is_file())
}

/// The names of what is in `folder` below `root`, in no order.
pub fn names_below(root: &Path, folder: &str) -> Vec<String> {
    let entries = below(root, folder).and_then(|folder| std::fs::read_dir(folder).ok());
    entries.into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Where `path` lies, if it is there and neither its steps nor a link lead out of `root` or into git's own folder.
fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = |step: Component<'_>| match step {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    };
    let found = Path::new(path).components().all(is_plain).then(|| root.join(path))?;
    let (real, base) = (found.canonicalize().ok()?, root.canonicalize().ok()?);
    let rest = real.strip_prefix(&base).ok()?;
    rest.components().all(is_plain).then_some(found)
}

/// The Markdown files of `folder` (a path below `root`, with `/`), sorted.
pub fn list_facts(root: &Path, folder: &str) -> Vec<String> {
    let names = names_below(root, folder).into_iter();
    let mut paths: Vec<_> =
        names.filter(|name| name.ends_with(".md")).map(|name| format!("{folder}/{name}")).collect();
    paths.sort();
    paths
}

/// The project of the repository at `root`, `group/project`: `CI_PROJECT_PATH`, else the path of its `origin`.
pub fn project_path(root: &Path, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    env("CI_PROJECT_PATH").filter(|path| !path.is_empty()).or_else(|| {
        let config = read_small(&git_folder(root)?.join("config")).ok()?;
        path_of_url(&origin_url(&config)?)
    })
}

/// The folder that holds git's configuration; in a linked worktree `.git` is a file that leads there.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let link = read_small(&git).ok()?;
    let folder = root.join(link.strip_prefix("gitdir:")?.trim());
    match read_small(&folder.join("commondir")) {
        Ok(common) => Some(folder.join(common.trim())),
        Err(_) => Some(folder),
    }
}

fn origin_url(config: &str) -> Option<String> {
    let mut in_origin = false;
    let mut url = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            in_origin = line == r#"[remote "origin"]"#;
        } else if let Some((key, value)) = line.split_once('=').filter(|_| in_origin)
            && key.trim().eq_ignore_ascii_case("url")
        {
            url = url.or_else(|| Some(value.trim().trim_matches('"').to_owned()));
        }
    }
    url
}

/// The project in `https://host/group/project.git`, `ssh://git@host:22/group/project` or `git@host:group/project.git`.
fn path_of_url(url: &str) -> Option<String> {
    let path = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?.1,
        // A colon after a single letter is a drive, one after a slash belongs to a path.
        None => {
            let (host, path) = url.split_once(':')?;
            if host.len() < 2 || host.contains('/') {
                return None;
            }
            path
        }
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    path.contains('/').then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_read_from_every_form_of_a_remote() {
        let project = |url: &str| path_of_url(url);
        for url in [
            "https://gitlab.com/group/sub/project.git",
            "https://gitlab-ci-token:abc@gitlab.com/group/sub/project.git",
            "ssh://git@gitlab.com:2222/group/sub/project.git/",
            "git@gitlab.com:group/sub/project.git",
        ] {
            assert_eq!(project(url).as_deref(), Some("group/sub/project"), "{url}");
        }
        for url in
            ["/srv/group/project.git", "../group/project", "file:///srv/group/project", "C:/group/project"]
        {
            assert_eq!(project(url), None, "{url}");
        }
    }

    #[test]
    fn the_environment_wins_and_a_linked_worktree_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main/.git");
        let linked = folder.path().join("linked");
        std::fs::create_dir_all(main.join("worktrees/linked")).unwrap();
        std::fs::create_dir_all(&linked).unwrap();
        let config =
            "[remote \"fork\"]\n\turl = git@h:me/p.git\n[remote \"origin\"]\n\turl = git@h:g/p.git\n";
        std::fs::write(main.join("config"), config).unwrap();
        std::fs::write(main.join("worktrees/linked/commondir"), "../..\n").unwrap();
        std::fs::write(linked.join(".git"), "gitdir: ../main/.git/worktrees/linked\n").unwrap();

        assert_eq!(project_path(&linked, &|_| None).as_deref(), Some("g/p"));
        assert_eq!(project_path(&linked, &|_| Some("ci/p".to_owned())).as_deref(), Some("ci/p"));
        assert_eq!(read_facts(&linked, &["data/categories.yml"]), BTreeMap::new());
    }
}
