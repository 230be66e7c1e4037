//! Which fixes are made at once: the first by position of those that touch each other.

use super::patch::touch;
use crate::diagnostic::Edit;

/// A fix that may be made.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The number of its finding.
    pub(super) finding: usize,
    /// The rule of its finding.
    pub(super) rule: String,
    /// The line of its finding, from 1.
    pub(super) line: usize,
    /// Its edits as they fit the text: sorted, disjoint, at least one.
    pub(super) edits: Vec<Edit>,
}

impl Candidate {
    /// What candidates are sorted by.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.edits.first().map(|edit| edit.span), &self.rule, self.finding)
    }
}

/// The candidates, in their order, that do not touch one chosen before them, and why the others are left. An edit that
/// two of them share is made once.
pub(super) fn choose(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<(usize, String)>) {
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut waiting = Vec::new();
    // Edits taken so far with the place of their fix in `chosen`, sorted by span.
    let mut taken: Vec<(Edit, usize)> = Vec::new();
    for candidate in candidates {
        let other =
            candidate.edits.iter().find_map(|edit| conflict(&taken, edit)).and_then(|at| chosen.get(at));
        if let Some(other) = other {
            let reason = format!("it touches the fix of {} at line {}", other.rule, other.line);
            waiting.push((candidate.finding, reason));
            continue;
        }
        for edit in &candidate.edits {
            let at = taken.partition_point(|(other, _)| other.span < edit.span);
            taken.insert(at, (edit.clone(), chosen.len()));
        }
        chosen.push(candidate);
    }
    (chosen, waiting)
}

/// The fix whose edit `edit` touches, and is not the same as.
fn conflict(taken: &[(Edit, usize)], edit: &Edit) -> Option<usize> {
    let behind = taken.partition_point(|(other, _)| other.span.start <= edit.span.end);
    // What is taken is disjoint, so that only the last few can reach as far as here.
    let before = taken.get(..behind)?.iter().rev();
    let mut near = before.take_while(|(other, _)| other.span.end >= edit.span.start);
    near.find(|(other, _)| other != edit && touch(other, edit)).map(|(_, fix)| *fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn candidate(finding: usize, edits: &[(usize, usize, &str)]) -> Candidate {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit {
            span: Span::new(start, end),
            text: text.to_owned(),
        };
        Candidate {
            finding,
            rule: format!("rule-{finding}"),
            line: 1,
            edits: edits.iter().map(edit).collect(),
        }
    }

    fn chosen(candidates: Vec<Candidate>) -> (Vec<usize>, Vec<usize>) {
        let (chosen, waiting) = choose(candidates);
        (chosen.iter().map(|c| c.finding).collect(), waiting.iter().map(|(finding, _)| *finding).collect())
    }

    #[test]
    fn the_first_of_those_that_touch_is_made() {
        let candidates = vec![
            candidate(0, &[(0, 4, "x"), (20, 20, "y")]),
            candidate(1, &[(3, 6, "z")]),
            candidate(2, &[(4, 6, "z")]),
            candidate(3, &[(6, 6, "z")]),
            candidate(4, &[(20, 20, "other")]),
            candidate(5, &[(21, 21, "z")]),
        ];
        assert_eq!(chosen(candidates), (vec![0, 2, 5], vec![1, 3, 4]));
    }

    #[test]
    fn what_two_fixes_do_alike_is_done_once() {
        let candidates = vec![candidate(0, &[(0, 4, "x")]), candidate(1, &[(0, 4, "x"), (9, 9, "y")])];
        assert_eq!(chosen(candidates), (vec![0, 1], vec![]));
        let (_, waiting) = choose(vec![candidate(0, &[(0, 4, "x")]), candidate(1, &[(0, 4, "y")])]);
        assert_eq!(waiting, [(1, "it touches the fix of rule-0 at line 1".to_owned())]);
    }
}
