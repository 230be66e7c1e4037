//! `proclint simulate`: a new or changed rule over subjects of the past, before it bites.

use proclint::config::day;
use proclint::engine::trial::Trial;
use proclint::load::read_text;
use proclint::report::{count, write_trial};
use proclint::rule::RuleError;
use proclint::rule::set::OwnFile;
use proclint::text::Span;
use proclint::yaml::Spanned;

use super::list::print;
use super::setup::{setup, today, trying, world};
use super::source::each_subject;
use super::{Fault, Outcome};
use crate::args::{ListFormat, RuleArgs, SimulateArgs};

/// Runs the command.
///
/// # Errors
/// Where the rule is wrong or the source cannot be read.
pub fn run(args: &SimulateArgs) -> Result<Outcome, Fault> {
    let since = args.since.as_ref().map(|value| Spanned { value: value.clone(), span: Span::default() });
    let since =
        since.as_ref().map(|since| day(since).map_err(|_| Fault::Today { value: since.value.clone() }));
    let since = since.transpose()?;
    let today = today(args.today.as_deref())?;
    let file = OwnFile { path: args.rule.display().to_string(), text: read_text(&args.rule)? };
    let id = args.rule.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let rule_args =
        RuleArgs { folders: args.folders.clone(), config: args.config.clone(), ..RuleArgs::default() };
    let tried = trying(&rule_args, &id, file)?;
    let unknown = || RuleError::Unknown { name: id.clone(), help: None };
    let rule = tried.rules.get(&id).ok_or_else(unknown)?;
    let present = self::setup(&rule_args, &[])?;
    let present = if present.rules.known().contains(&id) {
        Some(self::setup(&RuleArgs { select: vec![id.clone()], ..rule_args }, &[])?)
    } else {
        None
    };
    let world = world(&tried, today);
    let present = present.as_ref().map(|setup| &setup.rules);
    let trial = Trial::new(rule, &tried.rules, present, &world, since);
    let mut trial = trial.showing_confidential(args.show_confidential);
    let mut gaps = Vec::new();
    let read =
        each_subject(&args.over, &tried, &world, args.project.as_deref(), &mut |subject| match subject {
            Ok(subject) => trial.take(&subject),
            Err(gap) => gaps.push(gap),
        });
    let told = trial.outcome();
    read?;
    let mut out = Vec::new();
    match args.format {
        ListFormat::Json => {
            out.extend(serde_json::to_string_pretty(&told).unwrap_or_default().bytes().chain(*b"\n"));
        }
        ListFormat::Human => {
            // A vector takes everything.
            let _ = write_trial(&told, &mut out);
            if let Some(gap) = gaps.first() {
                let first = proclint::report::plain_line(&gap.reason);
                out.extend(format!("\nnot checked: {}: {first}\n", count(gaps.len(), "subject")).bytes());
            }
        }
    }
    print(&String::from_utf8_lossy(&out))?;
    Ok(if told.applied == 0 { Outcome::NoEvidence } else { Outcome::Clean })
}
