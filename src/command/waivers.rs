//! `proclint waivers`: all waivers of files, with owner, reason, age and last day.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use proclint::document::Document;
use proclint::load::{Blame, FileInput};
use proclint::report::{ListedWaiver, WaiverList};

use super::files::each_file_of;
use super::list::print;
use super::setup::{setup, today};
use super::{Fault, Outcome};
use crate::args::{ListFormat, RuleArgs, WaiversArgs};

/// Runs the command.
///
/// # Errors
/// Where nothing can be read.
pub fn run(args: &WaiversArgs) -> Result<Outcome, Fault> {
    let today = today(args.today.as_deref())?;
    let setup = setup(&RuleArgs { config: args.config.clone(), ..RuleArgs::default() }, &args.paths)?;
    let roots = if args.paths.is_empty() { vec![setup.root.clone()] } else { args.paths.clone() };
    let blame = Blame::at(&setup.root);
    let list = Mutex::new(WaiverList::default());
    let summary = each_file_of(&roots, &setup, &|input| {
        let one = match input {
            Ok(file) => of_file(&file, &blame, today),
            Err(gap) => WaiverList { not_checked: vec![gap], ..WaiverList::default() },
        };
        let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
        list.waivers.extend(one.waivers);
        list.malformed += one.malformed;
        list.not_checked.extend(one.not_checked);
    })?;
    if summary.seen == 0 {
        return Err(Fault::NothingToCheck);
    }
    let mut list = list.into_inner().unwrap_or_else(PoisonError::into_inner);
    list.waivers.sort();
    list.not_checked.sort();
    print(&match args.format {
        ListFormat::Human => list.human(),
        ListFormat::Json => list.json(),
    })?;
    Ok(if list.not_checked.len() == summary.seen { Outcome::Unchecked } else { Outcome::Clean })
}

fn of_file(file: &FileInput, blame: &Blame, today: Date) -> WaiverList {
    let document = Document::new(&file.subject);
    let found = document.waivers();
    let mut list = WaiverList { malformed: found.flaws.len(), ..WaiverList::default() };
    if found.waivers.is_empty() {
        return list;
    }
    let line = |start: u32| document.lines().position(start, document.text()).line;
    let lines: Vec<usize> = found.waivers.iter().map(|waiver| line(waiver.span.start)).collect();
    let changed = blame.days(&file.subject.name, &lines);
    list.waivers.extend(found.waivers.into_iter().zip(lines).map(|(waiver, line)| ListedWaiver {
        path: file.subject.name.clone(),
        line,
        scope: waiver.scope,
        rules: waiver.rules.into_iter().map(|named| named.id).collect(),
        age: changed.get(&line).map(|day| day.map_or(0, |day| i64::from((today - day).get_days()).max(0))),
        expired: waiver.reason.until.is_some_and(|(day, _)| day < today),
        until: waiver.reason.until.map(|(day, _)| day.to_string()),
        reason: waiver.reason.text,
        owner: waiver.reason.owner,
    }));
    list
}
