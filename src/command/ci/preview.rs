//! What would change if the merge request's own rules, configuration and baseline counted already.

use std::collections::BTreeMap;
use std::path::Path;

use proclint::finding::{Finding, Preview, Previewed, Report};
use proclint::load::Stretch;
use proclint::world::World;

use super::policy::Policy;
use super::{Case, judge, shared};
use crate::command::Fault;
use crate::command::ci::record::told;

/// The preview; `None` where the merge request leaves the policy as it is.
pub fn read(
    case: &Case<'_>,
    trusted: &Policy,
    root: &Path,
    stretch: &Stretch,
    world: &World,
    report: &Report,
) -> Option<Preview> {
    let broken = |files, fault: &Fault| Preview { files, error: Some(told(fault)), ..Preview::default() };
    let proposed = match Policy::of_commit(&case.args.policy, root, &stretch.head) {
        Ok(proposed) => proposed,
        Err(fault) => return Some(broken(Vec::new(), &fault)),
    };
    let files = trusted.differs(&proposed);
    if files.is_empty() {
        return None;
    }
    match again(case, trusted, &proposed, root, world) {
        Ok(other) => Some(Preview {
            files,
            appearing: only_in(&other, report),
            vanishing: only_in(report, &other),
            error: None,
        }),
        Err(fault) => Some(broken(files, &fault)),
    }
}

fn again(
    case: &Case<'_>,
    trusted: &Policy,
    proposed: &Policy,
    root: &Path,
    known: &World,
) -> Result<Report, Fault> {
    let setup = proposed.setup(&case.args.policy, root)?;
    let mut world = shared(case.args, case.pipeline, &setup)?;
    world.labels.extend(known.labels.iter().cloned());
    if let Some(templates) = &trusted.templates {
        world.set_request_forms(templates);
    }
    let report = judge(case, &setup, &world, proposed)?;
    // What was not looked at any more would seem to vanish.
    case.deadline.passed().map_or(Ok(report), |reason| Err(Fault::TimeIsUp { reason }))
}

/// The findings of `report` that `other` does not have.
fn only_in(report: &Report, other: &Report) -> Vec<Previewed> {
    let key = |finding: &Finding| (finding.fingerprint.clone(), finding.severity);
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for finding in other.findings() {
        *known.entry(key(finding)).or_default() += 1;
    }
    let mut found = Vec::new();
    for subject in &report.subjects {
        for finding in &subject.findings {
            match known.get_mut(&key(finding)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => found.push(Previewed {
                    rule: finding.rule.id.clone(),
                    severity: finding.severity,
                    subject: subject.name.clone(),
                    path: finding.path.clone(),
                    line: finding.start.line,
                    message: finding.message.clone(),
                }),
            }
        }
    }
    found
}
