//! What a walk reads, skips and tells, on small trees.

use std::fs;

use tempfile::TempDir;

use super::*;

struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, content) in files {
            let path = tree.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        tree
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn walk(&self, roots: &[&str], exclude: &[&str]) -> Result<(Vec<String>, WalkSummary), LoadError> {
        let roots: Vec<_> = roots.iter().map(|root| self.path(root)).collect();
        let exclude: Vec<_> = exclude.iter().map(|glob| (*glob).to_owned()).collect();
        let kinds = KindMap::default();
        let options = WalkOptions {
            jobs: 3,
            exclude: &exclude,
            kinds: &kinds,
            base: self.0.path(),
            max_bytes: 1 << 20,
            reads: None,
        };
        let lines = Mutex::new(Vec::new());
        let summary = each_file(&roots, &options, &|input| {
            lines.lock().unwrap().push(match input {
                Ok(file) => file.subject.name,
                Err(gap) => format!("{}: {}", gap.subject, gap.reason),
            });
        })?;
        let mut lines = lines.into_inner().unwrap();
        lines.sort();
        Ok((lines, summary))
    }
}

#[test]
fn hidden_files_are_read_and_ignored_ones_are_not() {
    let tree = Tree::new(&[
        (".gitlab/issue_templates/Bug.md", b"x"),
        (".git/COMMIT_EDITMSG", b"x"),
        (".gitignore", b"build/\n"),
        ("build/page.md", b"x"),
        ("vendor/page.md", b"x"),
        ("page.md", b"x"),
        ("code.rs", b"x"),
        ("binary.md", b"\0"),
    ]);
    let (names, summary) = tree.walk(&[""], &["vendor/"]).unwrap();
    assert_eq!(names, [".gitlab/issue_templates/Bug.md", "page.md"]);
    assert_eq!(summary, WalkSummary { seen: 2, skipped: 3, excluded: 0 });
    let (names, summary) = tree.walk(&["vendor/page.md", "build/page.md"], &["vendor/"]).unwrap();
    assert_eq!(names, ["build/page.md"]);
    assert_eq!(summary, WalkSummary { seen: 1, skipped: 1, excluded: 1 });
}

#[test]
fn what_is_named_and_cannot_be_linted_is_told() {
    let tree = Tree::new(&[
        ("code.rs", b"x"),
        ("binary.md", b"a\0"),
        ("latin.md", b"a\nb\xe4"),
        ("big.md", &[b'x'; (1 << 20) + 1]),
    ]);
    let (told, _) = tree.walk(&["code.rs", "binary.md", "latin.md", "big.md"], &[]).unwrap();
    assert_eq!(
        told,
        [
            "big.md: larger than 1 MiB",
            "binary.md: binary, there is a NUL near its start",
            "code.rs: not a kind of file proclint knows; set `kinds` in .proclint.yml",
            "latin.md: not UTF-8 at byte 3 (line 2)",
        ]
    );
    let missing = tree.walk(&["latin.md", "missing.md"], &[]).unwrap_err();
    assert!(matches!(missing, LoadError::Unreadable { path, .. } if path.ends_with("missing.md")));
}

#[test]
fn a_file_met_on_several_ways_is_read_once() {
    let tree = Tree::new(&[("docs/a.md", b"x"), ("docs/b.md", b"x"), ("c.rs", b"x")]);
    let (names, _) = tree.walk(&["", "docs", "docs/../docs/a.md", "docs/a.md", "c.rs"], &[]).unwrap();
    let expected =
        ["c.rs: not a kind of file proclint knows; set `kinds` in .proclint.yml", "docs/a.md", "docs/b.md"];
    assert_eq!(names, expected);
}

#[cfg(unix)]
#[test]
fn links_are_followed_only_where_they_are_named() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[("docs/a.md", b"x")]);
    symlink(tree.path("docs"), tree.path("link")).unwrap();
    symlink(tree.path("docs/a.md"), tree.path("docs/again.md")).unwrap();
    symlink(tree.path("docs"), tree.path("docs/loop")).unwrap();
    symlink("self.md", tree.path("docs/self.md")).unwrap();

    let (names, _) = tree.walk(&["link"], &[]).unwrap();
    assert_eq!(names[0], "link/a.md");
    assert!(names[1].starts_with("link/self.md: a symbolic link that leads nowhere: "), "{names:?}");
    assert_eq!(names.len(), 2);
    assert!(matches!(tree.walk(&["docs/self.md"], &[]), Err(LoadError::Unreadable { .. })));
    assert_eq!(tree.walk(&["docs/again.md"], &[]).unwrap().0, ["docs/again.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_read_nowhere_is_told() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[
        ("repo/docs/a.md", b"x"),
        ("repo/docs/code.rs", b"x"),
        ("repo/vendor/b.md", b"x"),
        ("repo/build/c.md", b"x"),
        ("repo/.gitignore", b"build/\n"),
        ("other/d.md", b"x"),
    ]);
    for (target, link) in [
        ("a.md", "again.md"),
        ("again.md", "twice.md"),
        ("..", "up"),
        ("../docs", "here"),
        ("code.rs", "code.md"),
        ("../vendor/b.md", "excluded.md"),
        ("../build/c.md", "ignored.md"),
        ("../../other/d.md", "outside.md"),
        ("../../other/d.md", "outside.rs"),
        ("../../other", "elsewhere"),
        ("two.md", "one.md"),
        ("one.md", "two.md"),
    ] {
        symlink(target, tree.path(&format!("repo/docs/{link}"))).unwrap();
    }
    let told = |roots: &[&str]| {
        let (lines, summary) = tree.walk(roots, &["vendor/"]).unwrap();
        assert_eq!(summary.seen, lines.len());
        let gaps = lines.iter().filter(|line| line.contains(": "));
        let short =
            |line: &String| line.replace("a symbolic link ", "").split([';', '(']).next().unwrap().to_owned();
        gaps.map(|line| short(line).replace("repo/docs/", "")).collect::<Vec<_>>()
    };
    let circle = [
        "one.md: that leads nowhere: Too many levels of symbolic links ",
        "two.md: that leads nowhere: Too many levels of symbolic links ",
    ];
    let file = |name: &str| format!("{name}: to a file that is not checked itself");
    let folder = |name: &str| format!("{name}: to a folder that is not checked itself");
    let mut expected = vec![
        file("code.md"),
        folder("elsewhere"),
        file("excluded.md"),
        file("ignored.md"),
        file("outside.md"),
    ];
    expected.extend(circle.map(str::to_owned));
    expected.sort();
    assert_eq!(told(&["repo"]), expected);
    // What is named besides is checked, and so is what lies below it.
    expected.retain(|line| !line.starts_with("outside") && !line.starts_with("elsewhere"));
    assert_eq!(told(&["repo", "other"]), expected);
    assert_eq!(told(&["repo", "other/d.md"]).len(), expected.len() + 1, "the folder is not read as a whole");
    // The folder above is more than is checked.
    assert!(told(&["repo/docs"]).contains(&folder("up")));
}

#[test]
fn the_root_of_a_repository_is_found_from_below() {
    let tree = Tree::new(&[(".git/HEAD", b"x"), ("a/b/c.md", b"x")]);
    assert_eq!(repository_root(&tree.path("a/b")), tree.path(""));
}
