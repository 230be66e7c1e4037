//! Runs git, and lets neither the repository's configuration nor its attributes run anything.

mod changes;
mod error;
mod index;
mod patch;
mod stretch;
mod tree;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

pub use changes::{ChangedFile, Changes, Content};
pub use error::GitError;
pub(super) use index::Blobs;
pub(super) use patch::parts;
pub use patch::{messages, patch};
pub use stretch::Stretch;
pub use tree::Tree;

/// What a configuration could make git run or fetch, set to nothing.
const HARMLESS: [&str; 7] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.excludesFile=",
    "core.quotePath=true",
    "core.pager=cat",
    "diff.external=",
    "protocol.allow=never",
];

/// What the environment could make git run or print.
const REMOVED: [&str; 6] =
    ["GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_PAGER", "GIT_TRACE", "GIT_TRACE2", "GIT_TRACE2_EVENT"];

/// What leads git to a repository, whatever folder it runs in.
const PLACE: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// The repository at `root`.
#[derive(Clone, Debug)]
pub(super) struct Git {
    root: PathBuf,
    /// The keys of the filters that would rewrite a file of the work tree before it is compared.
    filters: Vec<String>,
}

/// A git that runs.
pub(super) struct Running {
    child: Child,
}

impl Git {
    /// # Errors
    /// [`GitError::NoRepository`] where `root` is none.
    pub(super) fn at(root: &Path) -> Result<Self, GitError> {
        if !root.join(".git").exists() {
            return Err(GitError::NoRepository { path: root.display().to_string() });
        }
        Ok(Self { root: root.to_owned(), filters: Vec::new() })
    }

    /// Looks up which filters there are, so that none runs when the work tree is compared.
    pub(super) fn without_filters(mut self) -> Result<Self, GitError> {
        let keys = r"^filter\..*\.(clean|process|required)$";
        let listed = self.run(&["config", "-z", "--name-only", "--get-regexp", keys])?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        self.filters = listed.split_terminator('\0').map(str::to_owned).collect();
        Ok(self)
    }

    /// How git answers `arguments`, failures included.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.start(arguments)?.output()
    }

    pub(super) fn start(&self, arguments: &[&str]) -> Result<Running, GitError> {
        let mut command = self.command();
        let child = command.args(arguments).stdin(Stdio::null()).spawn().map_err(GitError::no_git)?;
        Ok(Running { child })
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-optional-locks", "--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
        for setting in HARMLESS {
            command.args(["-c", setting]);
        }
        let here = std::env::current_dir().is_ok_and(|here| here.starts_with(&self.root));
        // A hook hands over where its own repository is; another one has nothing to do with it.
        let foreign = PLACE.into_iter().filter(|_| !here);
        for name in REMOVED.into_iter().chain(foreign) {
            command.env_remove(name);
        }
        // Nothing is fetched, so git needs no credentials, and what it starts gets none.
        let secrets = std::env::vars_os().map(|(name, _)| name);
        for name in secrets.filter(|name| is_secret(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        if let Some(above) = self.root.parent() {
            command.env("GIT_CEILING_DIRECTORIES", above);
        }
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
        self.set_filters(&mut command);
        command.current_dir(&self.root).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A key may hold any character, so it goes through the environment, after what is there already.
    fn set_filters(&self, command: &mut Command) {
        if self.filters.is_empty() {
            return;
        }
        let given = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
        for (at, key) in self.filters.iter().enumerate() {
            let value = if key.ends_with(".required") { "false" } else { "" };
            command.env(format!("GIT_CONFIG_KEY_{}", given + at), key);
            command.env(format!("GIT_CONFIG_VALUE_{}", given + at), value);
        }
        command.env("GIT_CONFIG_COUNT", (given + self.filters.len()).to_string());
    }
}

/// Whether the variable `name` holds a credential by its name, as those of GitLab's jobs do; the job's own URL of the
/// repository holds its token.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name == "CI_REPOSITORY_URL"
        || ["TOKEN", "PASSWORD", "SECRET", "JWT"].iter().any(|part| name.contains(part))
}

impl Running {
    /// What git printed.
    ///
    /// # Errors
    /// Where git failed.
    pub(super) fn stdout(self) -> Result<Vec<u8>, GitError> {
        let output = self.output()?;
        if output.status.success() { Ok(output.stdout) } else { Err(GitError::failed(&output)) }
    }

    pub(super) fn output(self) -> Result<Output, GitError> {
        self.child.wait_with_output().map_err(|source: io::Error| GitError::NoGit { source })
    }
}
