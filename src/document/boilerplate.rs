//! Which lines of a description still stand as in the template it was made from.

use std::collections::HashSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::outline::{Class, Outline};
use crate::text::Span;

/// Of a template's letters, how many per cent a description must hold to count as made from it.
const LIKENESS: usize = 60;

/// Lines of a description that are compared at most; more are nobody's template.
const MOST: usize = 4_000;

/// A template, cut into lines.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Its path, repository-relative.
    pub path: String,
    lines: Vec<String>,
    known: HashSet<String>,
    weight: usize,
}

/// What a description has from its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boilerplate {
    /// The template's path.
    pub template: String,
    /// The stretches that stand as in the template, whole lines, in source order.
    pub kept: Vec<Span>,
}

/// A line with its words, white space and the tick of its box left out.
struct Line {
    span: Span,
    words: String,
}

impl Form {
    /// The template at `path` with `text`. GitLab runs the quick actions of a template and takes them out, so they are
    /// no part of the description.
    pub fn new(path: &str, text: &str) -> Self {
        let outline = Outline::of(text);
        let is_action = |line: &Line| {
            outline.pieces_over(line.span).iter().any(|piece| piece.class == Class::QuickAction)
        };
        let lines = lines(text, Span::new(0, text.len())).filter(|line| !is_action(line));
        let lines: Vec<String> = lines.map(|line| line.words).collect();
        let weight = lines.iter().map(String::len).sum();
        Self { path: path.to_owned(), known: lines.iter().cloned().collect(), weight, lines }
    }

    fn is_like(&self, weight: usize) -> bool {
        self.weight > 0 && weight * 100 >= self.weight * LIKENESS
    }
}

impl Boilerplate {
    /// What `body`, the description in `text`, has from the one of `forms` that it holds most of; `None` where it holds
    /// too little of any.
    pub fn of(text: &str, body: Span, forms: &[Form]) -> Option<Self> {
        if forms.is_empty() {
            return None;
        }
        let lines: Vec<Line> = lines(text, body).collect();
        let words: HashSet<&str> = lines.iter().map(|line| line.words.as_str()).collect();
        // What both share bounds what can be aligned; the best bounds go first.
        let shared = |form: &Form| -> usize {
            form.lines.iter().filter(|line| words.contains(line.as_str())).map(String::len).sum()
        };
        let mut likely: Vec<_> = forms.iter().map(|form| (shared(form), form)).collect();
        likely.retain(|(bound, form)| form.is_like(*bound));
        likely.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.path.cmp(&y.path)));
        let mut best: Option<(usize, &Form, Vec<usize>)> = None;
        for (bound, form) in likely {
            if best.as_ref().is_some_and(|(weight, ..)| bound <= *weight) {
                break;
            }
            let (weight, kept) = align(form, &lines);
            if form.is_like(weight) && best.as_ref().is_none_or(|(least, ..)| weight > *least) {
                best = Some((weight, form, kept));
            }
        }
        let (_, form, kept) = best?;
        Some(Self { template: form.path.clone(), kept: merged(text, &lines, &kept) })
    }

    /// Whether all of `span` stands as in the template.
    pub fn holds(&self, span: Span) -> bool {
        let next = self.kept.partition_point(|kept| kept.start <= span.start);
        next.checked_sub(1).and_then(|at| self.kept.get(at)).is_some_and(|kept| kept.contains(span))
    }
}

/// The lines of `within` that are not blank.
fn lines(text: &str, within: Span) -> impl Iterator<Item = Line> {
    let mut at = within.start as usize;
    within.of(text).split_inclusive(['\n', '\r']).filter_map(move |line| {
        let span = Span::new(at, at + line.len());
        at += line.len();
        let words = words(line);
        (!words.is_empty()).then_some(Line { span, words })
    })
}

fn words(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    let line = words.join(" ");
    match line.get(1..6) {
        Some(" [x] " | " [X] " | " [~] ") => format!("{} [ ] {}", &line[..1], &line[6..]),
        _ => line,
    }
}

/// How many letters of `form` stand in `lines` in its order, and which lines they are.
fn align(form: &Form, lines: &[Line]) -> (usize, Vec<usize>) {
    let theirs: Vec<usize> =
        (0..lines.len()).filter(|at| form.known.contains(&lines[*at].words)).take(MOST).collect();
    let new: Vec<&str> = theirs.iter().map(|at| lines[*at].words.as_str()).collect();
    let held: HashSet<&str> = new.iter().copied().collect();
    let old: Vec<&str> = form.lines.iter().map(String::as_str).filter(|line| held.contains(line)).collect();
    let (mut weight, mut kept) = (0, Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { new_index, len, .. } = op {
            let equal = new_index..new_index + len;
            weight += new[equal.clone()].iter().map(|line| line.len()).sum::<usize>();
            kept.extend(&theirs[equal]);
        }
    }
    (weight, kept)
}

/// The spans of the lines `kept`, joined where nothing but blank lines lies between.
fn merged(text: &str, lines: &[Line], kept: &[usize]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for span in kept.iter().map(|at| lines[*at].span) {
        match spans.last_mut() {
            Some(last) if Span { start: last.end, end: span.start }.of(text).trim().is_empty() => {
                last.end = span.end;
            }
            _ => spans.push(span),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUG: &str =
        "## Summary\n\n<!-- What happens? -->\n\n## Steps\n\n1. Open <page>\n\n- [ ] Tested\n\n/label ~bug\n";

    fn kept(text: &str, forms: &[Form]) -> Option<(String, Vec<String>)> {
        let found = Boilerplate::of(text, Span::new(0, text.len()), forms)?;
        let kept = found.kept.iter().map(|span| span.of(text).trim().to_owned()).collect();
        Some((found.template, kept))
    }

    #[test]
    fn what_was_added_is_nobodys_boilerplate() {
        let forms = [Form::new("bug.md", BUG), Form::new("other.md", "## Goal\n\n## Summary\n\n## Steps\n")];
        let text = "## Summary\r\n\r\n<!-- What   happens? -->\r\n\r\nIt breaks.\r\n\r\n## Steps\r\n\r\n1. Open <page>\r\n\r\n- [x] Tested\r\n";
        let (template, kept) = kept(text, &forms).expect("made from a template");
        assert_eq!(template, "bug.md");
        assert_eq!(kept.len(), 2, "{kept:?}");
        assert!(kept[0].starts_with("## Summary") && kept[0].ends_with("-->"), "{kept:?}");
        assert!(kept[1].starts_with("## Steps") && kept[1].ends_with("Tested"), "{kept:?}");
    }

    #[test]
    fn a_text_of_its_own_has_no_template() {
        let forms = [Form::new("bug.md", BUG)];
        assert_eq!(kept("## Summary\n\nIt breaks.\n", &forms), None);
        assert_eq!(kept("", &forms), None);
        assert_eq!(kept("Text.\n", &[Form::new("empty.md", "/label ~bug\n")]), None);
    }
}
