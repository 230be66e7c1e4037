//! When lines were last changed, asked of git where it is there.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::git::Git;

/// Lines in one call; a command line has its limits.
const AT_ONCE: usize = 200;

/// What git knows of the lines of a repository.
pub struct Blame {
    /// `None` where there is no git, or no repository.
    git: Option<Git>,
}

impl Blame {
    /// The blame of the repository at `root`.
    pub fn at(root: &Path) -> Self {
        Self { git: Git::at(root).and_then(Git::without_filters).ok() }
    }

    /// The day on which each of `lines` (numbers from 1) of the file at `path`, repository-relative, was last changed;
    /// `None` for a line that is not committed yet. Lines that git knows nothing of are left out: all of them where there
    /// is no git, no repository, or only its latest commits.
    pub fn days(&self, path: &str, lines: &[usize]) -> BTreeMap<usize, Option<Date>> {
        let Some(git) = &self.git else { return BTreeMap::new() };
        lines.chunks(AT_ONCE).filter_map(|lines| ask(git, path, lines)).flatten().collect()
    }
}

fn ask(git: &Git, path: &str, lines: &[usize]) -> Option<BTreeMap<usize, Option<Date>>> {
    let ranges: Vec<String> = lines.iter().map(|line| format!("-L{line},{line}")).collect();
    let mut arguments = vec!["blame", "--porcelain"];
    arguments.extend(ranges.iter().map(String::as_str));
    arguments.extend(["--", path]);
    let output = git.run(&arguments).ok().filter(|output| output.status.success())?;
    let mut found = read(&String::from_utf8_lossy(&output.stdout));
    // The oldest commit of a shallow clone is blamed for all that came before it.
    if found.values().any(|line| line.oldest) && is_shallow(git) {
        found.retain(|_, line| !line.oldest);
    }
    Some(found.into_iter().map(|(number, line)| (number, line.day)).collect())
}

fn is_shallow(git: &Git) -> bool {
    git.run(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|output| output.stdout.starts_with(b"true"))
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    day: Option<Date>,
    /// Its commit has no parent, or none that is there.
    oldest: bool,
}

/// Reads git's porcelain: `commit old new`, then what is known of a commit that was not named before, then the line.
fn read(porcelain: &str) -> BTreeMap<usize, Line> {
    let mut commits: BTreeMap<&str, Line> = BTreeMap::new();
    let mut found = BTreeMap::new();
    let (mut commit, mut number) = ("", 0);
    for row in porcelain.lines() {
        let (key, value) = row.split_once(' ').unwrap_or((row, ""));
        if row.starts_with('\t') {
            found.insert(number, commits.get(commit).cloned().unwrap_or_default());
        } else if key.len() >= 40 && key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            commit = key;
            number = value.split(' ').nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
        } else if key == "committer-time" {
            let is_committed = commit.bytes().any(|byte| byte != b'0');
            let time = value.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
            let day = time.map(|time| time.to_zoned(TimeZone::UTC).date());
            commits.entry(commit).or_default().day = day.filter(|_| is_committed);
        } else if key == "boundary" {
            commits.entry(commit).or_default().oldest = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_described_once_and_counts_for_all_its_lines() {
        let (first, second, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let porcelain = format!(
            "{first} 1 1 1\nauthor A b c\ncommitter-time 1767225600\nboundary\nfilename x\n\tone\n\
             {none} 2 2 1\ncommitter-time 1767225600\n\ttwo\n\
             {second} 3 5 1\ncommitter-time 1769904000\n\tcommitter-time 7\n{first} 9 9 1\n\tfour\n"
        );
        let found: Vec<_> = read(&porcelain)
            .into_iter()
            .map(|(number, line)| (number, line.day.map(|day| day.to_string()), line.oldest))
            .collect();
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(
            found,
            [
                (1, day("2026-01-01"), true),
                (2, None, false),
                (5, day("2026-02-01"), false),
                (9, day("2026-01-01"), true)
            ]
        );
    }
}
