//! What was not checked, told once per reason however many subjects and rules it befell.

use std::collections::BTreeSet;

use super::{plain, words};
use crate::finding::{NotChecked, Report};

/// The most subjects that a line names.
const NAMED: usize = 3;

/// One line per reason, in the order in which the reasons turn up.
pub fn lines(report: &Report) -> Vec<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for gap in report.gaps() {
        let at = *known.entry(gap.reason.as_str()).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group { reason: &gap.reason, subjects: BTreeSet::new(), rules: BTreeSet::new() });
        }
        if let Some(group) = groups.get_mut(at) {
            group.add(gap);
        }
    }
    groups.iter().map(Group::line).collect()
}

struct Group<'a> {
    reason: &'a str,
    subjects: BTreeSet<&'a str>,
    rules: BTreeSet<&'a str>,
}

impl<'a> Group<'a> {
    fn add(&mut self, gap: &'a NotChecked) {
        self.subjects.insert(&gap.subject);
        self.rules.extend(gap.rule.as_deref());
    }

    fn line(&self) -> String {
        let rules = match self.rules.len() {
            0 => None,
            1 => self.rules.first().map(|rule| plain::line(rule).into_owned()),
            many => Some(words::count(many, "rule")),
        };
        let who: Vec<_> = std::iter::once(self.names()).chain(rules).collect();
        format!("{}: {}", who.join(", "), plain::line(self.reason))
    }

    /// The first subjects by name, and how many more there are; a JSON report has them all.
    fn names(&self) -> String {
        let named: Vec<_> = self.subjects.iter().take(NAMED).map(|name| plain::line(name)).collect();
        match self.subjects.len() - named.len() {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}
