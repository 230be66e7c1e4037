//! `proclint init`: a configuration, the hooks and the job of a pipeline, shown before anything is written.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use proclint::load::{read_small, repository_root};
use proclint::report::count;
use proclint::save::create;
use similar::TextDiff;

use super::{Fault, Outcome};
use crate::args::{InitArgs, holds_secret};

const CONFIG: &str = include_str!("../../templates/init/proclint.yml");
const JOB: &str = include_str!("../../templates/init/gitlab-ci.yml");
const HOOKS: &str = include_str!("../../templates/init/pre-commit.yaml");
const MANIFEST: &str = include_str!("../../.pre-commit-hooks.yaml");

/// A file that proclint would add, or add to.
struct Draft {
    path: &'static str,
    /// All of it, where there is none yet.
    whole: String,
    /// The part that belongs into one that there is.
    part: String,
    /// Where that part goes.
    place: &'static str,
}

/// What there is of a draft already.
enum Present {
    Nothing,
    /// A file without a word of proclint.
    Other,
    Done,
}

/// Runs the command.
///
/// # Errors
/// Where the source holds a secret, or a file cannot be written; one that came into being meanwhile is not overwritten.
pub fn run(args: &InitArgs) -> Result<Outcome, Fault> {
    if holds_secret(&args.source) {
        return Err(Fault::SourceSecret);
    }
    let root = repository_root(&std::env::current_dir().unwrap_or_default());
    let drafts = drafts(&args.source);
    let mut shown = String::new();
    let mut new = Vec::new();
    for draft in &drafts {
        match present(&root.join(draft.path)) {
            Present::Nothing => {
                shown.push_str(&added(draft));
                new.push(draft);
            }
            Present::Other => shown.push_str(&by_hand(draft)),
            Present::Done => {
                shown.push_str(&format!("{} names proclint already; it is left as it is.\n\n", draft.path))
            }
        }
    }
    say(shown.trim_end())?;
    if new.is_empty() {
        return Ok(Outcome::Clean);
    }
    let files = count(new.len(), "file");
    if !args.yes {
        let asked = io::stdin().is_terminal() && io::stdout().is_terminal();
        if !asked || !agreed(&format!("\nWrite {files}? [y/N] "))? {
            say(&format!("\nNothing was written; `proclint init --yes` writes {files}."))?;
            return Ok(Outcome::Clean);
        }
    }
    for draft in &new {
        write(&root.join(draft.path), &draft.whole)?;
    }
    let names: Vec<_> = new.iter().map(|draft| draft.path).collect();
    say(&format!("\nWrote {}.", names.join(", ")))?;
    Ok(Outcome::Clean)
}

fn drafts(source: &str) -> [Draft; 3] {
    let hooks = local_hooks();
    let job = JOB.replace("{source}", source);
    [
        Draft { path: ".proclint.yml", whole: CONFIG.to_owned(), part: CONFIG.to_owned(), place: "" },
        Draft {
            path: ".pre-commit-config.yaml",
            whole: format!("{HOOKS}{hooks}"),
            part: hooks,
            place: "under `repos`",
        },
        Draft { path: ".gitlab-ci.yml", whole: job.clone(), part: job, place: "at the end" },
    ]
}

/// The hooks of the manifest, run with the proclint that is installed.
fn local_hooks() -> String {
    let lines = MANIFEST.lines().map(|line| line.replace("language: rust", "language: system"));
    let hooks: String = lines.map(|line| format!("      {line}\n")).collect();
    format!("  - repo: local\n    hooks:\n{hooks}")
}

fn present(path: &Path) -> Present {
    if path.symlink_metadata().is_err() {
        return Present::Nothing;
    }
    let own = path.file_name().is_some_and(|name| name == ".proclint.yml");
    let named = || read_small(path).is_ok_and(|text| text.contains("proclint"));
    if own || named() { Present::Done } else { Present::Other }
}

fn added(draft: &Draft) -> String {
    let diff = TextDiff::from_lines("", draft.whole.as_str());
    let name = format!("b/{}", draft.path);
    format!("{}\n", diff.unified_diff().header("/dev/null", &name))
}

fn by_hand(draft: &Draft) -> String {
    let indented: String = draft.part.lines().map(|line| format!("    {line}\n")).collect();
    format!("{} is there already and stays as it is. Add this {}:\n\n{indented}\n", draft.path, draft.place)
}

fn agreed(question: &str) -> Result<bool, Fault> {
    let fault = |source| Fault::Write { path: "standard output".to_owned(), source };
    let mut out = io::stdout().lock();
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).map_err(fault)?;
    let mut answer = String::new();
    // An answer that cannot be read is none.
    let _ = io::stdin().read_line(&mut answer);
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    create(path, text.as_bytes()).map_err(|source| Fault::Write { path: path.display().to_string(), source })
}

fn say(text: &str) -> Result<(), Fault> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| Fault::Write { path: "standard output".to_owned(), source }),
    }
}
