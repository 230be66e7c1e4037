//! Holds what was found against the waivers of the text: what they allow, and what is the matter with them.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::check::waivers::{Matter, Remark};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::document::Document;
use crate::document::waiver::{Named, Scope, Waiver, Waivers};
use crate::finding::Suppression;
use crate::rule::RuleSet;
use crate::text::Span;
use crate::yaml::suggestion;

/// Days before its last that a waiver is reported as expiring.
const NOTICE: i64 = 14;

/// What the waivers of a document do.
#[derive(Debug, Default)]
pub struct Ledger {
    /// For each finding, in its order, why it does not count.
    pub suppressions: Vec<Option<Suppression>>,
    /// What is the matter with the waivers.
    pub remarks: Vec<Remark>,
}

/// Judges the waivers of `document` over what was `found`; `gaps` are the rules that could not be checked.
pub fn judge(
    document: &Document<'_>,
    rules: &RuleSet,
    today: Date,
    found: &[Diagnostic],
    gaps: &HashSet<String>,
) -> Ledger {
    let Waivers { waivers, flaws } = document.waivers();
    let mut remarks: Vec<_> = flaws
        .into_iter()
        .map(|flaw| Remark {
            matter: Matter::Malformed,
            span: flaw.span,
            hit: flaw.span.of(document.text()).to_owned(),
            why: flaw.why,
            fix: None,
        })
        .collect();
    let mut valid = Vec::new();
    for waiver in &waivers {
        let before = remarks.len();
        remark_on_words(document, waiver, today, &mut remarks);
        if remarks[before..]
            .iter()
            .any(|remark| matches!(remark.matter, Matter::Reasonless | Matter::Expired))
        {
            continue;
        }
        for named in &waiver.rules {
            match remark_on_name(named, rules) {
                Some(remark) => remarks.push(remark),
                None => valid.push((waiver, named)),
            }
        }
    }
    let mut reach = Reach::new(&valid);
    let suppressions = found.iter().map(|diagnostic| reach.allow(document, diagnostic)).collect();
    let idle = |waiver: &Waiver, named: &Named| {
        !reach.used.contains(&(waiver.span, named.span)) && ran(document, rules, &named.id, gaps)
    };
    for of_one in valid.chunk_by(|(a, _), (b, _)| std::ptr::eq(*a, *b)) {
        let Some((waiver, _)) = of_one.first() else { continue };
        let unused: Vec<_> =
            of_one.iter().map(|(_, named)| *named).filter(|named| idle(waiver, named)).collect();
        if unused.len() == waiver.rules.len() {
            let ids: Vec<_> = unused.iter().map(|named| named.id.as_str()).collect();
            remarks.push(unused_remark(waiver.span, &ids.join(", "), &waiver.removal));
        } else {
            remarks.extend(
                unused.iter().map(|named| unused_remark(named.span, &named.id, named.removal.as_slice())),
            );
        }
    }
    Ledger { suppressions, remarks }
}

fn remark(matter: Matter, span: Span, hit: &str) -> Remark {
    Remark { matter, span, hit: hit.to_owned(), why: String::new(), fix: None }
}

fn unused_remark(span: Span, ids: &str, removal: &[Span]) -> Remark {
    let edits: Vec<_> = removal.iter().map(|span| Edit { span: *span, text: String::new() }).collect();
    let fix = (!edits.is_empty()).then(|| Fix { title: "Remove the waiver".to_owned(), safe: true, edits });
    Remark { fix, ..remark(Matter::Unused, span, ids) }
}

/// What reason, owner and day of `waiver` lack.
fn remark_on_words(document: &Document<'_>, waiver: &Waiver, today: Date, remarks: &mut Vec<Remark>) {
    if waiver.reason.text.is_empty() {
        remarks.push(remark(Matter::Reasonless, waiver.span, waiver.span.of(document.text())));
    }
    let Some((until, span)) = waiver.reason.until else { return };
    let left = i64::from((until - today).get_days());
    let matter = match left {
        i64::MIN..0 => Matter::Expired,
        0..=NOTICE => Matter::Expiring,
        _ => return,
    };
    remarks.push(remark(matter, span, &until.to_string()));
}

/// What keeps `named` from being waived.
fn remark_on_name(named: &Named, rules: &RuleSet) -> Option<Remark> {
    let known = rules.known();
    if known.binary_search(&named.id).is_err() {
        let ids: Vec<_> = known.iter().map(String::as_str).collect();
        let near = suggestion(&named.id, &ids);
        let near = near.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?"));
        let fix = near.map(|near| Fix {
            title: format!("Write `{near}`"),
            safe: false,
            edits: vec![Edit { span: named.span, text: near.to_owned() }],
        });
        let why = near.map_or_else(
            || "`proclint rules` lists them all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Some(Remark { why, fix, ..remark(Matter::Unknown, named.span, &named.id) });
    }
    let judges = || rules.get(&named.id).is_some_and(|rule| rule.judges_waivers);
    (!rules.config().is_waivable(&named.id) || judges())
        .then(|| remark(Matter::Refused, named.span, &named.id))
}

/// Whether rule `id` looked at all of `document`, so that its silence means something.
fn ran(document: &Document<'_>, rules: &RuleSet, id: &str, gaps: &HashSet<String>) -> bool {
    let subject = document.subject;
    !gaps.contains(id)
        && rules.get(id).is_some_and(|rule| rule.on.has(subject.kind) && rule.reads(subject.path.as_deref()))
}

/// The valid waivers by the rule they name, and which of them allowed something.
struct Reach<'w> {
    /// Sorted by the start of what they cover, each with the furthest end of those up to it.
    by_rule: HashMap<&'w str, Vec<(&'w Waiver, &'w Named, u32)>>,
    /// The spans of waivers and names that were needed.
    used: HashSet<(Span, Span)>,
}

impl<'w> Reach<'w> {
    fn new(valid: &[(&'w Waiver, &'w Named)]) -> Self {
        let mut by_rule: HashMap<&str, Vec<(&Waiver, &Named, u32)>> = HashMap::new();
        for (waiver, named) in valid {
            by_rule.entry(&named.id).or_default().push((waiver, named, waiver.covers.end));
        }
        for list in by_rule.values_mut() {
            list.sort_by_key(|(waiver, ..)| waiver.covers);
            let mut furthest = 0;
            for (.., end) in list {
                furthest = furthest.max(*end);
                *end = furthest;
            }
        }
        Self { by_rule, used: HashSet::new() }
    }

    /// Why `found` does not count: the nearest waiver that covers where it starts or ends.
    fn allow(&mut self, document: &Document<'_>, found: &Diagnostic) -> Option<Suppression> {
        let last = found.span.end.saturating_sub(1).max(found.span.start);
        let list = self.by_rule.get(found.rule.id.as_str())?;
        let covering = |at: u32| {
            let from = list.partition_point(|(waiver, ..)| waiver.covers.start <= at);
            let end_of_text = document.text().len() as u64;
            let covers = |end: u32| at < end || (u64::from(end) == end_of_text && at == end);
            let before = list.get(..from)?.iter().rev();
            before.take_while(|(.., furthest)| covers(*furthest)).find(|(waiver, ..)| {
                covers(waiver.covers.end) && (waiver.scope == Scope::File || !waiver.covers.is_empty())
            })
        };
        let (waiver, named, _) = covering(found.span.start).or_else(|| covering(last))?;
        self.used.insert((waiver.span, named.span));
        Some(Suppression::Waiver {
            reason: waiver.reason.text.clone(),
            owner: waiver.reason.owner.clone(),
            until: waiver.reason.until.map(|(day, _)| day.to_string()),
            line: document.lines().position(waiver.span.start, document.text()).line,
        })
    }
}
