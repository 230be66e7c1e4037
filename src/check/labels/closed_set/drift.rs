//! How far a label has drifted from the documented values of its scope.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

/// The variant of a label that is some letters away from a documented one.
pub(in crate::check::labels) const TYPO: &str = "typo";

/// The documented labels.
#[derive(Debug)]
pub(in crate::check::labels) struct Sets {
    sets: Vec<Set>,
    wildcards: Vec<String>,
    allow: Vec<String>,
}

#[derive(Debug)]
struct Set {
    scope: String,
    folded: String,
    values: Vec<String>,
    /// The whole labels, in the order of the values, with their folded forms.
    labels: Vec<(String, String)>,
}

/// A label that shares a governed scope and is none of its values.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::check::labels) struct Drift<'s> {
    /// What is different.
    pub(in crate::check::labels) variant: &'static str,
    /// The documented label that is meant, if one is closest.
    pub(in crate::check::labels) member: Option<&'s str>,
    /// The governed scope.
    pub(in crate::check::labels) scope: &'s str,
    /// The documented values of the scope.
    pub(in crate::check::labels) members: &'s [String],
}

impl Sets {
    pub(in crate::check::labels) fn new(
        sets: BTreeMap<String, Vec<String>>,
        wildcards: Vec<String>,
        allow: Vec<String>,
    ) -> Self {
        let set = |(scope, values): (String, Vec<String>)| {
            let label = |value: &String| {
                let label = format!("{scope}::{value}");
                let folded = fold(&label).unwrap_or_default();
                (label, folded)
            };
            let labels = values.iter().map(label).collect();
            let folded = scope.split("::").map(fold_word).collect::<Vec<_>>().join("::");
            Set { scope, folded, values, labels }
        };
        let wildcards = wildcards.into_iter().map(|word| word.to_lowercase()).collect();
        Self { sets: sets.into_iter().map(set).collect(), wildcards, allow }
    }

    /// The governed scopes with their documented values.
    pub(in crate::check::labels) fn scopes(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.sets.iter().map(|set| (set.scope.as_str(), set.values.as_slice()))
    }

    /// How the governed scopes may begin in a text, whichever separators they are written with.
    pub(in crate::check::labels) fn literals(&self) -> Vec<String> {
        let mut literals = Vec::new();
        for set in &self.sets {
            let first = set.scope.split("::").next().unwrap_or_default();
            let stem = first.trim_end_matches(['s', 'y']);
            let separators = ["_", "-", " ", "+", "%20", ""].into_iter();
            literals.extend(separators.map(|separator| stem.replace(['_', '-', ' '], separator)));
        }
        literals.sort();
        literals.dedup();
        literals
    }

    /// How `label` differs from the documented labels; `None` for a right one and for one of another scope.
    pub(in crate::check::labels) fn drift(&self, label: &str) -> Option<Drift<'_>> {
        let label = label.trim();
        let all = || self.sets.iter().flat_map(|set| set.labels.iter().map(move |label| (set, label)));
        if all().any(|(_, (known, _))| known == label)
            || self.allow.iter().any(|allowed| allowed == label)
            || self.is_wildcard(label)
        {
            return None;
        }
        let folded = fold(label)?;
        let scope = folded.rsplit_once("::")?.0;
        let equal = all().filter(|(_, (_, known))| *known == folded).collect::<Vec<_>>();
        if let [(set, (member, _))] = equal.as_slice() {
            return Some(set.drift(spelling(label, member), Some(member)));
        }
        if let Some((set, member)) = nearest(&folded, all()) {
            return Some(set.drift(TYPO, Some(member)));
        }
        // Two scopes may differ in nothing but letter case; the one that is written wins.
        let written = |set: &&Set| label.starts_with(&set.scope);
        let mut governing = self.sets.iter().filter(|set| set.folded == scope);
        let set = governing.clone().find(written).or_else(|| governing.next())?;
        Some(set.drift("unknown", None))
    }

    /// The same for a word in prose, which may be no label at all: a key with its value, or code.
    pub(in crate::check::labels) fn drift_in_prose(&self, label: &str) -> Option<Drift<'_>> {
        let plain = |c: char| c.is_alphanumeric() || "_-.&?' :".contains(c);
        let drift = self.drift(label).filter(|_| label.chars().all(plain))?;
        let is_label = label.contains("::") && !label.contains(' ');
        (is_label || drift.member.is_some()).then_some(drift)
    }

    /// A label that stands for any label of its scope: `pmm::xyz`, `pmm::*`, `pmm::`, `pmm::<area>`, `pmm::{a,b}`.
    fn is_wildcard(&self, label: &str) -> bool {
        let value = label.rsplit(':').next().unwrap_or_default().trim().to_lowercase();
        value.is_empty()
            || self.wildcards.contains(&value)
            || value.contains("...")
            || value.contains(['*', '<', '>', '{', '}', '[', ']', '$', '%', '…'])
    }
}

impl Set {
    fn drift<'s>(&'s self, variant: &'static str, member: Option<&'s str>) -> Drift<'s> {
        Drift { variant, member, scope: &self.scope, members: &self.values }
    }
}

/// What is different between a label and the documented one that it folds to.
fn spelling(label: &str, member: &str) -> &'static str {
    let loose = |text: &str| text.replace(['_', '-', ' ', ':'], "").to_lowercase();
    if label.eq_ignore_ascii_case(member) {
        "case"
    } else if loose(label) == loose(member) {
        "separator"
    } else {
        "number"
    }
}

/// The one documented label of the same outermost scope that is at most two letters away.
fn nearest<'s>(
    folded: &str,
    all: impl Iterator<Item = (&'s Set, &'s (String, String))>,
) -> Option<(&'s Set, &'s str)> {
    let first = |label: &str| label.split("::").next().map(str::to_owned);
    let value = folded.rsplit("::").next().unwrap_or_default();
    let depth = |label: &str| label.matches("::").count();
    let near: Vec<_> = all
        .filter(|(_, (_, known))| first(known) == first(folded) && depth(known) == depth(folded))
        .map(|(set, (member, known))| (damerau_levenshtein(known, folded), set, member))
        .filter(|(distance, ..)| *distance <= 2 && value.chars().count() > 2 * distance)
        .collect();
    let best = near.iter().map(|(distance, ..)| *distance).min()?;
    let mut closest = near.iter().filter(|(distance, ..)| *distance == best);
    let (_, set, member) = closest.next()?;
    closest.next().is_none().then_some((*set, member.as_str()))
}

/// A label without letter case, separators inside words, plural, and the number of its colons; `None` without a scope.
fn fold(label: &str) -> Option<String> {
    // A colon before a blank is punctuation: `priority: 1` is a key with its value.
    let punctuation =
        label.match_indices(": ").any(|(at, _)| !label.get(..at).is_some_and(|l| l.ends_with(':')));
    if punctuation || label.starts_with(':') || label.ends_with(':') {
        return None;
    }
    let parts: Vec<_> = label.split(':').filter(|part| !part.is_empty()).map(fold_word).collect();
    (parts.len() > 1 && parts.iter().all(|part| !part.is_empty())).then(|| parts.join("::"))
}

fn fold_word(word: &str) -> String {
    let word = word.replace(['_', '-', ' '], "").to_lowercase();
    match word.strip_suffix("ies") {
        Some(stem) if !stem.is_empty() => format!("{stem}y"),
        _ if word.chars().count() > 2 => word.strip_suffix('s').unwrap_or(&word).to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets() -> Sets {
        let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        let sets = BTreeMap::from([
            ("priority".to_owned(), values(&["1", "2", "3"])),
            ("sm_req".to_owned(), values(&["new_request", "backlog", "assigned", "transferred"])),
            ("sm_req::assigned".to_owned(), values(&["Queue", "InProgress"])),
            ("pmm".to_owned(), values(&["Deck", "Events", "AR", "PR"])),
            ("pmM".to_owned(), values(&["External"])),
        ]);
        Sets::new(sets, vec!["xyz".to_owned()], Vec::new())
    }

    #[test]
    fn a_label_drifts_in_case_separator_number_or_letters() {
        let sets = sets();
        let drift = |label| sets.drift(label).map(|drift| (drift.variant, drift.member.unwrap_or_default()));
        assert_eq!(drift("Priority::1"), Some(("case", "priority::1")));
        assert_eq!(drift("sm_req:assigned"), Some(("separator", "sm_req::assigned")));
        assert_eq!(drift("sm-req::New Request"), Some(("separator", "sm_req::new_request")));
        assert_eq!(
            drift("sm_req::assigned::in-progress"),
            Some(("separator", "sm_req::assigned::InProgress"))
        );
        assert_eq!(drift("pmm::Event"), Some(("number", "pmm::Events")));
        assert_eq!(drift("sm_req::transfered"), Some(("typo", "sm_req::transferred")));
        assert_eq!(drift("sm_req::assign::Queue"), Some(("typo", "sm_req::assigned::Queue")));
        assert_eq!(drift("pmm::External"), Some(("case", "pmM::External")));
        assert_eq!(drift("priority::4"), Some(("unknown", "")));
        assert_eq!(drift("pmM::XR").map(|(variant, _)| variant), Some("unknown"));
    }

    #[test]
    fn other_scopes_and_wildcards_are_left_alone() {
        for label in ["priority", "pmm::xyz", "pmm::", "pmm::{a,b}", "sm_req::backlog::later", "priority: 4"]
        {
            assert_eq!(sets().drift(label), None, "{label}");
        }
    }

    #[test]
    fn prose_that_is_no_label_is_left_alone() {
        let drift = |label| sets().drift_in_prose(label).map(|drift| drift.variant);
        assert_eq!(drift("pmm::Cust"), Some("unknown"));
        assert_eq!(drift("priority:high"), None);
        assert_eq!(drift("priority::1 is the highest"), None);
        assert_eq!(drift("priority::next()"), None);
    }
}
