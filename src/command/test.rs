//! `proclint test`: every example of every rule.

use proclint::config::Config;
use proclint::example;
use proclint::report::count as words;
use proclint::rule::set::{ConfigText, OwnFile, Selection, built_in};
use proclint::rule::{RuleError, RuleSet};
use proclint::text::LineIndex;

use super::list::print;
use super::lock::locked_rules;
use super::{Fault, Outcome};
use crate::args::TestArgs;

/// Runs the command.
///
/// # Errors
/// Where rules cannot be read or an example does not hold.
pub fn run(args: &TestArgs) -> Result<Outcome, Fault> {
    let own = args.folder.as_deref().map(locked_rules).transpose()?.unwrap_or_default();
    let all = Selection { select: vec!["*".to_owned()], ignore: Vec::new() };
    let rules = RuleSet::new(&own, Config::default(), &ConfigText::default(), &all)?;
    let files = match args.folder {
        Some(_) => own,
        None => {
            let file = |rule: &proclint::rule::set::BuiltIn| OwnFile {
                path: format!("rules/{}", rule.path),
                text: rule.yaml.to_owned(),
            };
            built_in().iter().map(file).collect()
        }
    };
    let (mut count, mut failed) = (0, 0);
    for file in &files {
        let ran = example::run(&file.text, &rules)
            .map_err(|error| RuleError::file(&file.path, &file.text, error))?;
        count += ran.0;
        failed += ran.1.len();
        for failure in ran.1 {
            let line = LineIndex::new(&file.text).position(failure.span.start, &file.text).line;
            print(&format!("{}:{line}: {}\n", file.path, failure.message))?;
        }
    }
    let (rules, examples) = (words(files.len(), "rule"), words(count, "example"));
    print(&format!("{rules}, {examples}: {} hold, {failed} do not\n", count - failed))?;
    if failed > 0 { Ok(Outcome::Findings) } else { Ok(Outcome::Clean) }
}
