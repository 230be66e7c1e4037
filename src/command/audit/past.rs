//! What an audit is held against: the history of earlier ones, and the rules that both ran by.

use std::io::{self, Write};
use std::path::Path;

use proclint::audit::{Digest, Entry, Frame, History, RanRule};
use proclint::load::read_found;
use proclint::report::{Past, change_since};
use proclint::save::append;
use proclint::split::InputHash;
use proclint::subject::Kind;

use super::output::fault;
use crate::args::AuditArgs;
use crate::command::Fault;
use crate::command::setup::Setup;

/// What was audited, and by which rules.
pub fn frame(args: &AuditArgs, setup: &Setup) -> Frame {
    let known = setup.rules.known().iter().filter(|id| setup.rules.has(id));
    let ran = |id: &String| {
        let rule = setup.rules.get(id)?;
        let on = Kind::ALL.into_iter().filter(|kind| rule.on.has(*kind));
        let header = rule.voice.header.as_ref().clone();
        Some(RanRule { header, on: on.map(|kind| kind.name().to_owned()).collect() })
    };
    Frame {
        source: args.source.clone(),
        rules: known.filter_map(ran).collect(),
        ruleset: rules_hash(args, setup),
    }
}

/// A hash of what decides which findings there are, besides the input: rules, selection, version.
fn rules_hash(args: &AuditArgs, setup: &Setup) -> String {
    let mut hash = InputHash::default();
    hash.add(env!("CARGO_PKG_VERSION"));
    hash.add(&setup.text.text);
    for file in &setup.own {
        hash.add(&file.path);
        hash.add(&file.text);
    }
    hash.add(format!("{:?} {:?}", args.rules.select, args.rules.ignore));
    hash.hex()
}

/// Earlier audits, and where they are written down.
pub struct Earlier<'a> {
    path: &'a Path,
    name: String,
    history: History,
}

impl<'a> Earlier<'a> {
    /// Reads the history at `path`, which may be about to begin, and says aloud which of its lines are damaged.
    ///
    /// # Errors
    /// Where it cannot be read, or is something else.
    pub fn read(path: &'a Path) -> Result<Self, Fault> {
        let name = path.display().to_string();
        let bytes = match read_found(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(Fault::HistoryFile { path: name, source }),
        };
        let history = History::read(&bytes);
        if history.is_foreign() {
            return Err(Fault::HistoryForeign { path: name });
        }
        for damaged in &history.damaged {
            let said =
                format!("line {} of {name} is damaged and left as it is: {}\n", damaged.line, damaged.reason);
            // Nobody is left to tell where standard error is closed.
            let _ = io::stderr().lock().write_all(said.as_bytes());
        }
        Ok(Self { path, name, history })
    }

    /// Adds the audit of `digest` to the file.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn add(&self, entry: &Entry) -> Result<(), Fault> {
        append(self.path, &entry.line()).map_err(|source| fault(Some(self.path), source))
    }
}

/// Hands `write` the digest, held against `earlier` audits where there are any; and adds it to them where it is
/// `complete` and holds something.
///
/// # Errors
/// Those of `write`, and where the history cannot be written.
pub fn hold(
    digest: &mut Digest,
    earlier: Option<&Earlier<'_>>,
    complete: bool,
    write: impl FnOnce(&Digest, Option<Past<'_>>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Some(earlier) = earlier else { return write(digest, None) };
    let entry = Entry::of(digest, &digest.frame.source, digest.frame.ruleset.clone());
    let burn_down = earlier.history.burn_down(&entry);
    digest.change = change_since(&burn_down);
    let past = Past { path: &earlier.name, burn_down: &burn_down, damaged: &earlier.history.damaged };
    write(digest, Some(past))?;
    if complete && digest.subjects > 0 { earlier.add(&entry) } else { Ok(()) }
}
