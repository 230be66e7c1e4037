//! What an audit is held against: the history of earlier ones, and the rules that both ran by.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use proclint::audit::{Frame, History, RanRule};
use proclint::rule::RuleSet;
use proclint::split::InputHash;
use proclint::subject::Kind;

use crate::args::AuditArgs;
use crate::command::Fault;
use crate::command::setup::Setup;

/// What was audited, and by which rules.
pub fn frame(args: &AuditArgs, rules: &RuleSet) -> Frame {
    let ran = |id: &String| {
        let rule = rules.get(id)?;
        let on = Kind::ALL.into_iter().filter(|kind| rule.on.has(*kind));
        let header = rule.voice.header.as_ref().clone();
        Some(RanRule { header, on: on.map(|kind| kind.name().to_owned()).collect() })
    };
    let rules = rules.known().iter().filter(|id| rules.has(id)).filter_map(ran).collect();
    Frame { source: args.source.clone(), rules }
}

/// A hash of what decides which findings there are, besides the input: rules, selection, version.
pub fn rules_hash(args: &AuditArgs, setup: &Setup) -> String {
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

/// Reads the history at `path`, which may be about to begin, and says aloud which of its lines are damaged.
///
/// # Errors
/// Where it cannot be read, or is something else.
pub fn history(path: &Path) -> Result<History, Fault> {
    let name = path.display().to_string();
    let bytes = match fs::read(path) {
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
    Ok(history)
}
