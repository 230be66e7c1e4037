//! How many findings a report lists, and which of them where there are more.

use std::collections::BTreeMap;

use super::{NotChecked, Report};
use crate::diagnostic::Severity;

/// Findings that the report of a run lists; an audit counts all of them.
pub const MOST_FINDINGS: usize = 250_000;

impl Report {
    /// Keeps `most` findings, the gravest first and among those the first ones, and tells how many more there were. The
    /// verdict stays what it was, because what is left out is never graver than what is kept.
    pub fn keep_gravest(&mut self, most: usize) {
        let total = self.findings().count();
        if total <= most {
            return;
        }
        let mut room = most;
        let mut rooms = BTreeMap::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let kept = self.findings().filter(|finding| finding.severity == severity).count().min(room);
            room -= kept;
            rooms.insert(severity, kept);
        }
        for subject in &mut self.subjects {
            subject.findings.retain(|finding| match rooms.get_mut(&finding.severity) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            });
        }
        self.subjects.retain(|subject| !subject.is_silent());
        let reason = format!("{} more findings, after the {most} gravest of the run", total - most);
        self.not_checked.push(NotChecked { subject: "the report".to_owned(), rule: None, reason });
        self.not_checked.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Checked;
    use crate::load::record_subject;
    use crate::rule::RuleSet;
    use crate::subject::Kind;
    use crate::world::World;

    fn checked(iid: u32) -> Checked {
        let record = serde_json::json!({"iid": iid, "labels": ["a::1", "a::2"], "description": "see #21549"});
        let rules = RuleSet::all().unwrap();
        let world = World::on(jiff::civil::date(2026, 3, 15));
        crate::engine::check(&record_subject(&record, Kind::Issue, None), &rules, &world, false)
    }

    #[test]
    fn the_gravest_are_kept_and_the_rest_is_counted() {
        let mut report = Report { subjects: vec![checked(1), checked(2), checked(3)], ..Report::default() };
        let mut all: Vec<_> = report.findings().map(|finding| finding.severity).collect();
        all.sort_by(|a, b| b.cmp(a));
        let (total, worst) = (all.len(), all[0]);
        let gravest = all.iter().filter(|severity| **severity == worst).count();
        assert!(gravest < total, "findings of several severities");
        report.keep_gravest(total);
        assert_eq!((report.findings().count(), report.not_checked.len()), (total, 0));
        report.keep_gravest(gravest);
        assert!(report.findings().all(|finding| finding.severity == worst));
        assert_eq!(report.findings().count(), gravest);
        let reason = format!("{} more findings, after the {gravest} gravest of the run", total - gravest);
        assert_eq!(report.not_checked[0].reason, reason);
    }
}
