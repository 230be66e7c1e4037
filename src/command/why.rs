//! `proclint why RULE SUBJECT`: every gate between a subject and a finding of one rule.

use std::path::{Path, PathBuf};

use proclint::document::Document;
use proclint::engine::trace::explain;
use proclint::load::{RecordKind, file_subject, name_of, read_text};
use proclint::report::write_why;
use proclint::rule::{Conditions, RuleError};
use proclint::subject::Subject;
use proclint::world::World;

use super::input::each_record_of;
use super::list::print;
use super::rule_file::rule_file;
use super::setup::{Setup, setup, today, world};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{ColorArg, ListFormat, WhyArgs};

/// Runs the command.
///
/// # Errors
/// Where there is no such rule or no such subject.
pub fn run(args: &WhyArgs) -> Result<Outcome, Fault> {
    let today = today(args.light.today.as_deref())?;
    let paths: Vec<PathBuf> = args.subject.iter().filter(|_| !args.is_record()).map(PathBuf::from).collect();
    let mut rule_args = args.light.rules();
    let mut setup = self::setup(&rule_args, &paths)?;
    let (node, file) = rule_file(&args.rule, &setup.own)?;
    let is_off = !setup.rules.has(&args.rule);
    if is_off {
        rule_args.select = vec![args.rule.clone()];
        setup = self::setup(&rule_args, &paths)?;
    }
    let world = world(&setup, today);
    let subject = subject(args, &setup, &world)?;
    let unreadable = |error| RuleError::file(&file.path, &file.text, error);
    let conditions = Conditions::read(node, setup.config.setting(&args.rule)).map_err(unreadable)?;
    let unknown = || RuleError::Unknown { name: args.rule.clone(), help: None };
    let rule = setup.rules.get(&args.rule).ok_or_else(unknown)?;
    let document = Document::new(&subject);
    let told = explain(rule, &conditions, &document, &setup.rules, &world).map_err(unreadable)?;
    let mut out = Vec::new();
    match args.light.format {
        ListFormat::Json => {
            out.extend(serde_json::to_string_pretty(&told).unwrap_or_default().bytes().chain(*b"\n"))
        }
        ListFormat::Human => {
            // A vector takes everything.
            let _ = write_why(&told, &style(ColorArg::Auto, false, None), &mut out);
            if is_off {
                out.extend(b"  off     the rule is switched off here; it was asked all the same\n");
            }
        }
    }
    print(&String::from_utf8_lossy(&out))
}

/// The file or the record that `args` name.
fn subject(args: &WhyArgs, setup: &Setup, world: &World) -> Result<Subject, Fault> {
    let wanted = args.subject.as_deref();
    let project = args.light.project.as_deref().or(world.project.as_deref());
    let (source, kind) = match (&args.merge_request, &args.issues) {
        (Some(source), _) => (source, RecordKind::MergeRequest),
        (None, Some(source)) => (source, RecordKind::IssueOrEpic),
        (None, None) => return file(Path::new(wanted.unwrap_or_default()), setup, world),
    };
    let (mut names, mut chosen, mut broken) = (Vec::new(), None, None);
    each_record_of(source, kind, project, &mut |record| match record {
        Ok(subject) if wanted.is_none_or(|wanted| is_called(&subject.name, wanted)) => {
            if names.len() < 5 {
                names.push(subject.name.clone());
            }
            chosen.get_or_insert(subject);
        }
        Ok(_) => {}
        Err(gap) => broken = broken.take().or(Some(gap.reason)),
    })?;
    match (chosen, names.as_slice()) {
        (Some(_), [_, _, ..]) => Err(Fault::ManySubjects { names: names.join(", ") }),
        (Some(subject), _) => Ok(subject),
        (None, _) => {
            let reason = broken.map(|reason| format!(": {reason}")).unwrap_or_default();
            Err(Fault::NoSubject { name: wanted.unwrap_or("record").to_owned(), reason })
        }
    }
}

/// Whether the record called `name` is meant by `wanted`: all of its name, or its number with or without a sigil.
fn is_called(name: &str, wanted: &str) -> bool {
    let number = name.rsplit(['#', '!', '&']).next().unwrap_or_default();
    name == wanted || number == wanted.trim_start_matches(['#', '!', '&'])
}

fn file(path: &Path, setup: &Setup, world: &World) -> Result<Subject, Fault> {
    let name = name_of(&setup.root, path);
    let (kind, format) =
        setup.kinds()?.kind_of(&name).ok_or_else(|| Fault::UnknownKind { name: name.clone() })?;
    let subject = file_subject(&name, read_text(path)?, kind, format);
    Ok(Subject { project: world.project.clone(), ..subject })
}
