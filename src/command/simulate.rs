//! `proclint simulate`: a new or changed rule over subjects of the past, before it bites.

use std::ops::ControlFlow;
use std::time::Instant;

use proclint::config::day;
use proclint::engine::trial::Trial;
use proclint::finding::NotChecked;
use proclint::load::read_text;
use proclint::report::{count, write_trial};
use proclint::rule::set::OwnFile;
use proclint::rule::{RuleError, RuleSet};
use proclint::subject::{Details, Subject};
use proclint::text::Span;
use proclint::yaml::Spanned;

use super::deadline::Deadline;
use super::input::one_by_one;
use super::list::print;
use super::online::Online;
use super::origin::origin;
use super::setup::{setup, today, trying, world};
use super::source::each_chunk;
use super::{Fault, Outcome};
use crate::args::{ListFormat, RuleArgs, SimulateArgs};

/// Runs the command.
///
/// # Errors
/// Where the rule is wrong or the source cannot be read.
pub fn run(args: &SimulateArgs) -> Result<Outcome, Fault> {
    let deadline = Deadline::after(Instant::now(), args.timeout);
    let since = args.since.as_ref().map(|value| Spanned { value: value.clone(), span: Span::default() });
    let since =
        since.as_ref().map(|since| day(since).map_err(|_| Fault::Today { value: since.value.clone() }));
    let since = since.transpose()?;
    let today = today(args.light.today.as_deref())?;
    let file = OwnFile { path: args.rule.display().to_string(), text: read_text(&args.rule)? };
    let id = args.rule.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let rule_args = args.light.rules();
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
    let online = Online::open(&args.over, &args.online, &origin(&args.over), deadline)?;
    let present = present.as_ref().map(|setup| &setup.rules);
    let trial = Trial::new(rule, &tried.rules, present, &world, since);
    let mut trial = trial.showing_confidential(args.show_confidential);
    let (mut gaps, mut late) = (Vec::new(), None);
    let mut take = |subject: Result<Subject, NotChecked>| match subject {
        Ok(subject) => trial.take(&subject),
        Err(gap) => gaps.push(gap),
    };
    let read = match &online {
        Some(online) => {
            let asked = |subject: &Subject| {
                let details = |rules: &RuleSet| rules.details_for(subject, &world);
                details(&tried.rules).and(present.map_or(Details::NONE, details))
            };
            online.each_record(&args.online, &asked, false, &mut take).map(drop)
        }
        None => one_by_one(&mut take, |visit| {
            each_chunk(&args.over, &tried, &world, args.light.project.as_deref(), &mut |chunk| {
                late = late.take().or_else(|| deadline.passed());
                if late.is_none() { visit(chunk) } else { ControlFlow::Break(()) }
            })
        }),
    };
    let told = trial.outcome();
    read?;
    gaps.extend(late.iter().map(|reason| NotChecked {
        subject: args.over.clone(),
        rule: None,
        reason: format!("{reason}: what follows is not read"),
    }));
    let mut out = Vec::new();
    match args.light.format {
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
    if let Some(reason) = late {
        return Err(Fault::TimeIsUp { reason });
    }
    Ok(if told.applied == 0 { Outcome::NoEvidence } else { Outcome::Clean })
}
