//! Makes the fixes of a subject: chooses those that do not touch each other, makes them at once, and checks again.
//!
//! A fix that does not remove its finding, or that leads to another one, is refused alone. What had to wait because
//! it touched another fix is looked at again in the new text, so that a second run has nothing left to do.

pub mod block;
mod choose;
mod diff;
mod patch;
mod verdict;

use crate::finding::{Checked, Finding, Left, Repair, Suppression};
use crate::remedy::main_text;
use crate::subject::{Role, Subject};
use block::Pasted;
use choose::{Candidate, choose};
pub use diff::diff;
use patch::Patch;
use verdict::{Verdict, judge};

/// Number of times one round checks a subject to find the fixes to refuse.
const TRIALS: usize = 400;

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that can be made without asking.
    Safe,
    /// Also those that somebody should look at.
    All,
}

/// A subject after its fixes.
#[derive(Debug)]
pub struct Mended {
    /// It, with its new text.
    pub subject: Subject,
    /// What is found in it now; what did not count before does not count now.
    pub checked: Checked,
    /// What was made and what was left; nothing is said of the diff and quick actions.
    pub repair: Repair,
}

/// Makes the fixes of the findings that count in `held`, the outcome of checking `subject`. `check` checks once more,
/// with the same rules and facts.
pub fn mend(subject: &Subject, held: &Checked, reach: Reach, check: &dyn Fn(&Subject) -> Checked) -> Mended {
    let raw = check(subject);
    let mut repair = Repair::default();
    let mut state = State::first(subject, raw, held);
    loop {
        let (candidates, mut left) = state.candidates(reach);
        let (chosen, waiting) = choose(candidates);
        let mut round =
            Round { state: &state, check, trials: TRIALS, made: Vec::new(), best: None, refused: waiting };
        round.settle(&chosen);
        let Round { made, best, refused, .. } = round;
        left.extend(refused);
        let Some(best) = best else {
            repair.left.extend(left.into_iter().map(|(index, reason)| state.left(index, reason)));
            break;
        };
        repair.fixed.extend(made.iter().map(|made| state.found[made.finding].clone()));
        // What another fix removed as well is told; what is still there comes up again.
        let gone = left.into_iter().filter(|(index, _)| !best.verdict.partners.contains(&Some(*index)));
        repair.left.extend(gone.map(|(index, reason)| state.left(index, reason)));
        state = state.next(best);
    }
    repair.withheld = state.withheld(reach);
    repair.fixed.sort_by(|a, b| a.place().cmp(&b.place()));
    repair.left.sort_by(|a, b| a.finding.place().cmp(&b.finding.place()));
    let State { subject, found, standing, mut checked } = state;
    for (finding, standing) in found.into_iter().zip(standing) {
        match standing {
            Standing::Counts => checked.findings.push(finding),
            Standing::Suppressed(suppression) => {
                checked.suppressed.push(crate::finding::Suppressed { finding, suppression });
            }
            Standing::Apart => {}
        }
    }
    checked.unchanged = held.unchanged;
    Mended { subject, checked, repair }
}

/// Shows the fixes of a record, which nobody but GitLab can change: a block of quick actions, and the change of the
/// description. Quick actions are shown whether or not they can be posted without asking.
pub fn propose(
    subject: &Subject,
    held: &Checked,
    reach: Reach,
    check: &dyn Fn(&Subject) -> Checked,
) -> Repair {
    let Pasted { block, mended: posted, others, left } = Pasted::of(held.kind, &held.findings);
    let mut proposed: Vec<_> = posted.into_iter().cloned().collect();
    let mended = mend(subject, held, reach, check);
    let description = |subject: &Subject| {
        let body = subject.parts.iter().find(|part| part.role == Role::Body);
        body.map(|body| body.span.of(&subject.text).to_owned()).unwrap_or_default()
    };
    let name = format!("{} description", subject.name);
    proposed.extend(mended.repair.fixed);
    proposed.sort_by(|a, b| a.place().cmp(&b.place()));
    let is_unsafe = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| !fix.safe);
    Repair {
        proposed,
        left: mended.repair.left.into_iter().chain(left).collect(),
        withheld: others.iter().filter(is_unsafe).filter(|_| reach == Reach::Safe).count(),
        diff: diff(&name, &description(subject), &description(&mended.subject)),
        quick_actions: block.lines(),
        ..Repair::default()
    }
}

/// Whether a finding is held against anybody.
#[derive(Clone, Debug)]
enum Standing {
    Counts,
    Suppressed(Suppression),
    /// It was dropped: on a line that did not change, or said elsewhere.
    Apart,
}

/// A text between two rounds.
struct State {
    subject: Subject,
    /// Everything that is found in it, in the order of the text.
    found: Vec<Finding>,
    standing: Vec<Standing>,
    /// The rest of what its check says.
    checked: Checked,
}

/// The outcome of one trial.
struct Trial {
    subject: Subject,
    found: Vec<Finding>,
    /// For each of it, why it does not count in this text.
    suppressions: Vec<Option<Suppression>>,
    checked: Checked,
    verdict: Verdict,
}

impl State {
    fn first(subject: &Subject, mut raw: Checked, held: &Checked) -> Self {
        let (found, _) = everything(&mut raw);
        let same = |a: &Finding, b: &Finding| {
            a.start.byte == b.start.byte
                && a.end.byte == b.end.byte
                && a.rule.id == b.rule.id
                && a.message == b.message
        };
        let standing = found.iter().map(|finding| {
            let suppressed = held.suppressed.iter().find(|of| same(&of.finding, finding));
            match suppressed {
                Some(of) => Standing::Suppressed(of.suppression.clone()),
                None if held.findings.iter().any(|of| same(of, finding)) => Standing::Counts,
                None => Standing::Apart,
            }
        });
        Self { subject: subject.clone(), standing: standing.collect(), found, checked: raw }
    }

    fn next(&self, best: Trial) -> Self {
        let Trial { subject, found, suppressions, checked, verdict } = best;
        let before = |partner: &Option<usize>| partner.and_then(|index| self.standing.get(index));
        let standing = verdict.partners.iter().zip(suppressions).map(|(partner, now)| {
            // A fix may have mended the waiver.
            match (before(partner).unwrap_or(&Standing::Counts), now) {
                (Standing::Counts, Some(waived)) => Standing::Suppressed(waived),
                (standing, _) => standing.clone(),
            }
        });
        Self { standing: standing.collect(), subject, found, checked }
    }

    /// What may be fixed, in the order of the text, and what may not although it was asked for.
    fn candidates(&self, reach: Reach) -> (Vec<Candidate>, Vec<(usize, String)>) {
        let text = &self.subject.text;
        let writable = writable(&self.subject);
        let (mut candidates, mut left) = (Vec::new(), Vec::new());
        for (index, (finding, standing)) in self.found.iter().zip(&self.standing).enumerate() {
            let Some(fix) = finding.fix.as_ref().filter(|_| matches!(standing, Standing::Counts)) else {
                continue;
            };
            if !fix.safe && reach == Reach::Safe {
                continue;
            }
            // What a record needs from GitLab is said in quick actions.
            let is_record = self.subject.path.is_none();
            let edits = fix.edits.iter().filter(|edit| !is_record || !block::is_said(finding, edit));
            let edits: Vec<_> = edits.cloned().collect();
            if edits.is_empty() && is_record {
                continue;
            }
            match patch::fitted(text, &edits) {
                None => left.push((index, "a fault of proclint: its edits do not fit the text".to_owned())),
                Some(edits) if edits.is_empty() => left.push((index, "it changes nothing".to_owned())),
                Some(edits)
                    if !edits.iter().all(|edit| writable.is_none_or(|part| part.contains(edit.span))) =>
                {
                    left.push((index, "it lies outside the description".to_owned()));
                }
                Some(edits) => candidates.push(Candidate {
                    finding: index,
                    rule: finding.rule.id.clone(),
                    line: finding.start.line,
                    edits,
                }),
            }
        }
        candidates.sort_by(|a, b| a.order().cmp(&b.order()));
        (candidates, left)
    }

    fn left(&self, index: usize, reason: String) -> Left {
        Left { finding: self.found[index].clone(), reason }
    }

    fn withheld(&self, reach: Reach) -> usize {
        let unsafe_fix = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| !fix.safe);
        let counts = |standing: &Standing| matches!(standing, Standing::Counts);
        let all = self.found.iter().zip(&self.standing);
        all.filter(|(finding, standing)| reach == Reach::Safe && unsafe_fix(finding) && counts(standing))
            .count()
    }

    /// The text with the fixes of `made`, checked.
    fn with(&self, made: &[Candidate], check: &dyn Fn(&Subject) -> Checked) -> Trial {
        let patch = Patch::new(made.iter().flat_map(|candidate| candidate.edits.iter().cloned()));
        let subject = patch.rewrite(&self.subject);
        let mut checked = check(&subject);
        let (found, suppressions) = everything(&mut checked);
        let mut is_made = vec![false; self.found.len()];
        made.iter().for_each(|candidate| is_made[candidate.finding] = true);
        let mut verdict = judge(&self.found, &is_made, &found, &patch);
        // The waiver of a finding may end up in code, where it waives nothing.
        let waived = |partner: &Option<usize>| {
            let before = partner.and_then(|index| self.standing.get(index));
            matches!(before, Some(Standing::Suppressed(Suppression::Waiver { .. })))
        };
        let mut bared = verdict.partners.iter().zip(&suppressions);
        let bared = bared.position(|(partner, now)| now.is_none() && waived(partner));
        verdict.created = verdict.created.or(bared);
        Trial { subject, found, suppressions, checked, verdict }
    }
}

/// Takes all findings out of `checked`, in the order of the text, with why they do not count.
fn everything(checked: &mut Checked) -> (Vec<Finding>, Vec<Option<Suppression>>) {
    let counting = std::mem::take(&mut checked.findings).into_iter().map(|finding| (finding, None));
    let suppressed = std::mem::take(&mut checked.suppressed).into_iter();
    let mut found: Vec<_> = counting.chain(suppressed.map(|of| (of.finding, Some(of.suppression)))).collect();
    found.sort_by(|(a, _), (b, _)| a.place().cmp(&b.place()));
    found.into_iter().unzip()
}

/// Where edits may lie: in a record its description, in a file anywhere.
fn writable(subject: &Subject) -> Option<crate::text::Span> {
    subject.path.is_none().then(|| main_text(subject))
}

/// The search for the fixes that can be made together.
struct Round<'s> {
    state: &'s State,
    check: &'s dyn Fn(&Subject) -> Checked,
    trials: usize,
    made: Vec<Candidate>,
    best: Option<Trial>,
    refused: Vec<(usize, String)>,
}

impl Round<'_> {
    /// Adds `batch` to what is made: as a whole where nothing speaks against it, else half by half.
    fn settle(&mut self, batch: &[Candidate]) {
        if batch.is_empty() {
            return;
        }
        if self.trials == 0 {
            let reason = "too many fixes of this text had to be refused";
            self.refused.extend(batch.iter().map(|candidate| (candidate.finding, reason.to_owned())));
            return;
        }
        self.trials -= 1;
        let together: Vec<_> = self.made.iter().chain(batch).cloned().collect();
        let trial = self.state.with(&together, self.check);
        let stays = |candidate: &Candidate| trial.verdict.stayed.contains(&candidate.finding);
        let others = self.made.iter().any(stays);
        match trial.verdict.created.and_then(|index| trial.found.get(index)) {
            None if trial.verdict.stayed.is_empty() => {
                self.made = together;
                self.best = Some(trial);
            }
            created if batch.len() == 1 => {
                let reason = match created {
                    Some(created) => {
                        format!("it would lead to a finding of {}: {}", created.rule.id, created.message)
                    }
                    None if others => "it would undo another fix".to_owned(),
                    None => "it would not remove the finding".to_owned(),
                };
                self.refused.extend(batch.iter().map(|candidate| (candidate.finding, reason.clone())));
            }
            None if !others => {
                let (stubborn, rest): (Vec<_>, Vec<_>) = batch.iter().cloned().partition(stays);
                let reason = "it would not remove the finding";
                self.refused.extend(stubborn.iter().map(|candidate| (candidate.finding, reason.to_owned())));
                self.settle(&rest);
            }
            _ => {
                let (first, second) = batch.split_at(batch.len() / 2);
                self.settle(first);
                self.settle(second);
            }
        }
    }
}

#[cfg(test)]
mod tests;
