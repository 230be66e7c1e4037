//! The checksums of a project's own rule files, by which a change of a rule is seen before it counts.

use std::collections::BTreeMap;

use miette::Diagnostic;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The name of the lock file, which lies at the root of a repository.
pub const LOCK_FILE: &str = "proclint-rules.lock";

/// Why rule files are not those that were locked.
#[derive(Debug, Error, Diagnostic)]
pub enum LockError {
    /// The lock file is damaged.
    #[error("line {line} of {LOCK_FILE} is no checksum with a path")]
    #[diagnostic(
        code(proclint::lock::damaged),
        help("write the file anew with `proclint rules --lock`, after a look at the rules")
    )]
    Damaged {
        /// The line, from 1.
        line: usize,
    },
    /// Somebody changed a rule file and not the lock.
    #[error("{path} is not what {LOCK_FILE} says")]
    #[diagnostic(
        code(proclint::lock::changed),
        help("look at what changed in the rule; where it is meant, `proclint rules --lock` takes it over")
    )]
    Changed {
        /// The rule file.
        path: String,
    },
    /// A rule file was taken away.
    #[error("{path} is in {LOCK_FILE} and is not there")]
    #[diagnostic(
        code(proclint::lock::missing),
        help("bring the rule back; where it is meant to be gone, `proclint rules --lock` takes it out")
    )]
    Missing {
        /// The rule file.
        path: String,
    },
    /// A rule file came that nobody locked.
    #[error("{path} is not in {LOCK_FILE}")]
    #[diagnostic(
        code(proclint::lock::surplus),
        help("look at the rule; where it is meant to be there, `proclint rules --lock` takes it in")
    )]
    Surplus {
        /// The rule file.
        path: String,
    },
}

/// The rule files of a project, with the SHA-256 of each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Hexadecimal digits, by the path from the root of the repository, with `/`.
    files: BTreeMap<String, String>,
}

impl Lock {
    /// The lock of `files`, paths and texts.
    pub fn of<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.to_owned(), sha256(text))).collect() }
    }

    /// Reads the text of a lock file: lines as `sha256sum` writes and checks them.
    ///
    /// # Errors
    /// [`LockError::Damaged`] at the first line that is none.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let file = |(number, line): (usize, &str)| {
            let (sum, path) = line.split_once("  ").ok_or(LockError::Damaged { line: number })?;
            let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_sum || path.is_empty() {
                return Err(LockError::Damaged { line: number });
            }
            Ok((path.to_owned(), sum.to_ascii_lowercase()))
        };
        Ok(Self { files: (1..).zip(text.lines()).map(file).collect::<Result<_, _>>()? })
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file in it.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text of the lock file, sorted by path.
    pub fn text(&self) -> String {
        self.files.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect()
    }

    /// Whether it knows a file of `folder`, a path from the root of the repository.
    pub fn pins(&self, folder: &str) -> bool {
        self.files.keys().any(|path| lies_in(folder, path))
    }

    /// Holds `files`, all rule files of `folder` with their texts, against what was locked of it.
    ///
    /// # Errors
    /// [`LockError`] for the first file that changed, is missing or is surplus.
    pub fn verify<'f>(
        &self,
        folder: &str,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), LockError> {
        let mut left: BTreeMap<_, _> = self.files.iter().filter(|(path, _)| lies_in(folder, path)).collect();
        for (path, text) in files {
            match left.remove(&path.to_owned()) {
                None => return Err(LockError::Surplus { path: path.to_owned() }),
                Some(sum) if *sum != sha256(text) => {
                    return Err(LockError::Changed { path: path.to_owned() });
                }
                Some(_) => {}
            }
        }
        left.into_keys().next().map_or(Ok(()), |path| Err(LockError::Missing { path: path.clone() }))
    }
}

fn lies_in(folder: &str, path: &str) -> bool {
    folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 2] = [("rules/a.yml", "id: a\n"), ("rules/b.yml", "id: b\n")];

    fn told(folder: &str, files: &[(&str, &str)]) -> String {
        let lock = Lock::read(&Lock::of(FILES).text()).unwrap();
        lock.verify(folder, files.iter().copied()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_changed_is_missing_or_surplus_is_told() {
        assert_eq!(told("rules", &FILES), "");
        assert_eq!(
            told("rules", &[FILES[0], ("rules/b.yml", "id: c\n")]),
            "rules/b.yml is not what proclint-rules.lock says"
        );
        assert_eq!(told("rules", &FILES[..1]), "rules/b.yml is in proclint-rules.lock and is not there");
        assert_eq!(
            told("rules", &[FILES[0], FILES[1], ("rules/c.yml", "")]),
            "rules/c.yml is not in proclint-rules.lock"
        );
        assert_eq!(told("rule", &[]), "", "another folder");
    }

    #[test]
    fn a_damaged_lock_is_no_empty_one() {
        let (text, sum) = (Lock::of(FILES).text(), "0".repeat(64));
        for broken in ["<<<<<<< ours\n".to_owned(), sum.clone(), format!("{sum} a.yml"), format!("{sum}  ")] {
            let read = Lock::read(&format!("{text}{broken}"));
            assert!(matches!(read, Err(LockError::Damaged { line: 3 })), "{broken}");
        }
    }
}
