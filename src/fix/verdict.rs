//! Which findings of a changed text were there before.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::patch::Patch;
use crate::finding::Finding;
use crate::text::Span;

/// What a change did to the findings.
#[derive(Debug)]
pub(super) struct Verdict {
    /// For every finding of the new text its number among the old ones.
    pub(super) partners: Vec<Option<usize>>,
    /// The first finding of the new text that was not there before.
    pub(super) created: Option<usize>,
    /// The old findings that should be gone and are not.
    pub(super) stayed: Vec<usize>,
}

/// Holds the findings `before` a change against those `after` it; `made` says which of the old ones were mended.
///
/// A finding is the same as before where it covers the same bytes, or where its rule finds something in the same place.
/// One that was not mended may have moved: it is also the same where it says the same of the same words, or where its
/// rule finds as many things as before.
pub(super) fn judge(before: &[Finding], made: &[bool], after: &[Finding], patch: &Patch) -> Verdict {
    let span = |finding: &Finding| Span::new(finding.start.byte, finding.end.byte);
    let old: Vec<Span> = before.iter().map(|finding| patch.moved(span(finding))).collect();
    let mut pairs = Pairs { partners: vec![None; after.len()], taken: vec![false; before.len()] };
    let rule = |finding: &Finding| finding.rule.id.clone();
    let is_mended = |index: usize| made.get(index).copied().unwrap_or(false);

    // What was not mended comes first: a finding beside it may have shrunk to the same place.
    for mended in [false, true] {
        pairs.join(
            |index| (is_mended(index) == mended).then(|| (rule(&before[index]), old[index])),
            |index| (rule(&after[index]), span(&after[index])),
        );
    }
    let says = |finding: &Finding| (rule(finding), finding.message.clone(), finding.text.clone());
    pairs.join(|index| (!is_mended(index)).then(|| says(&before[index])), |index| says(&after[index]));
    for mended in [false, true] {
        pairs.join_near(|index, at| {
            let (was, is) = (old[index], span(&after[at]));
            is_mended(index) == mended
                && was.start <= is.end
                && is.start <= was.end
                && before[index].rule.id == after[at].rule.id
        });
    }
    pairs.join(|index| (!is_mended(index)).then(|| rule(&before[index])), |index| rule(&after[index]));

    let Pairs { partners, taken } = pairs;
    let stayed = (0..before.len()).filter(|index| is_mended(*index) && taken[*index]).collect();
    Verdict { created: partners.iter().position(Option::is_none), partners, stayed }
}

/// Findings that are the same before and after.
struct Pairs {
    partners: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs {
    /// Pairs what has the same key, in the order of the text.
    fn join<K: Eq + Hash>(&mut self, before: impl Fn(usize) -> Option<K>, after: impl Fn(usize) -> K) {
        if !self.partners.contains(&None) {
            return;
        }
        let mut open: HashMap<K, VecDeque<usize>> = HashMap::new();
        for index in (0..self.taken.len()).filter(|index| !self.taken[*index]) {
            if let Some(key) = before(index) {
                open.entry(key).or_default().push_back(index);
            }
        }
        for at in 0..self.partners.len() {
            if self.partners[at].is_none() {
                let partner = open.get_mut(&after(at)).and_then(VecDeque::pop_front);
                self.pair(at, partner);
            }
        }
    }

    /// Pairs what `same` says is the same.
    fn join_near(&mut self, same: impl Fn(usize, usize) -> bool) {
        for at in 0..self.partners.len() {
            if self.partners[at].is_none() {
                let partner = (0..self.taken.len()).find(|index| !self.taken[*index] && same(*index, at));
                self.pair(at, partner);
            }
        }
    }

    fn pair(&mut self, at: usize, partner: Option<usize>) {
        if let Some(index) = partner {
            self.taken[index] = true;
            self.partners[at] = partner;
        }
    }
}
