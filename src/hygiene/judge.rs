//! What is wrong with labels, and with the names of labels and milestones alike.

use std::collections::{BTreeMap, BTreeSet};

use super::flaw::{Flaw, FlawKind};
use super::ledger::{Ledger, Named};
use super::near::{self, Likeness};
use super::{Hygiene, Thing};
use crate::diagnostic::Severity;

/// How many names are compared with others in search of the one that is meant.
const BUDGET: usize = 1_000_000;

/// So many labels of a scope make it a custom.
const CUSTOM: usize = 3;

/// Judges the labels.
pub(super) fn labels(hygiene: &mut Hygiene) {
    let of = Thing::Label;
    let Hygiene { labels: ledger, complete, flaws, not_checked, .. } = hygiene;
    missing(of, ledger, flaws, not_checked);
    near_duplicates(of, ledger, flaws, not_checked);
    unscoped(ledger, flaws);
    let idle =
        |label: &super::stock::Label| !label.shared && !label.archived && label.items.unwrap_or(0) == 0;
    unused(of, ledger, *complete, &idle, flaws, not_checked);
    for label in ledger.exist.iter().flatten().filter(|label| !label.described && !label.archived) {
        let message = format!("Say in its description what the label `{}` is for", label.name);
        flaws.push(flaw(of, FlawKind::Undescribed, Severity::Info, &label.name, message, None, ledger));
    }
    gaps(of, ledger, not_checked);
}

/// Says what the ledger left out, and what a missing list leaves open.
pub(super) fn gaps<T>(of: Thing, ledger: &Ledger<T>, not_checked: &mut Vec<String>) {
    let noun = noun(of);
    let uses = |number| if number == 1 { "1 use".to_owned() } else { format!("{number} uses") };
    if ledger.exist.is_none() {
        not_checked.push(format!(
            "which {noun}s do not exist, are unused or undescribed: no list of {noun}s, see --{noun}s"
        ));
    }
    if ledger.more > 0 {
        not_checked
            .push(format!("{} of {noun}s with further names: too many are different", uses(ledger.more)));
    }
    if ledger.hidden > 0 {
        let list = if ledger.exist.is_some() { "the list does not show" } else { "no list shows" };
        not_checked.push(format!("{} of {noun}s on confidential items that {list}", uses(ledger.hidden)));
    }
}

/// A flaw of `name` with what is known of its uses.
pub(super) fn flaw<T: Named>(
    of: Thing,
    kind: FlawKind,
    severity: Severity,
    name: &str,
    message: String,
    suggestion: Option<String>,
    ledger: &Ledger<T>,
) -> Flaw {
    let named = ledger.named.get(name);
    Flaw {
        of,
        kind,
        severity,
        name: name.to_owned(),
        message,
        suggestion,
        records: ledger.used.get(name).copied().unwrap_or_default(),
        places: named.map(|named| named.places.clone()).unwrap_or_default(),
        named: named.map_or(0, |named| named.times),
    }
}

fn noun(of: Thing) -> &'static str {
    match of {
        Thing::Label => "label",
        Thing::Milestone => "milestone",
    }
}

/// What is used and does not exist.
pub(super) fn missing<T: Named>(
    of: Thing,
    ledger: &Ledger<T>,
    flaws: &mut Vec<Flaw>,
    not_checked: &mut Vec<String>,
) {
    let noun = noun(of);
    let Some(exist) = &ledger.exist else { return };
    let mut budget = BUDGET;
    let names: BTreeSet<&String> = ledger.used.keys().chain(ledger.named.keys()).collect();
    for name in names.into_iter().filter(|name| ledger.find(name).is_none()) {
        let meant = near::nearest(name, exist.iter().map(Named::name), &mut budget);
        let mentions = ledger.named.get(name);
        let used = ledger.used.contains_key(name);
        // A word behind a tilde is a label only where there is such a label, or nearly.
        if !used && meant.is_none() && mentions.is_some_and(|mentions| !mentions.sure) {
            continue;
        }
        let binding = mentions.is_some_and(|mentions| mentions.binding);
        let severity = if binding { Severity::Warning } else { Severity::Info };
        let message = match meant {
            Some(meant) => {
                format!("Write `{meant}` in place of `{name}`, or create it: there is no such {noun}")
            }
            None => format!("Create the {noun} `{name}` or name another one: there is no such {noun}"),
        };
        flaws.push(flaw(of, FlawKind::Missing, severity, name, message, meant.map(str::to_owned), ledger));
    }
    if budget == 0 {
        not_checked
            .push(format!("which {noun}s are meant by all those that do not exist: they are too many"));
    }
}

/// Names that mean the same as another one. The one that is used most stays.
pub(super) fn near_duplicates<T: Named>(
    of: Thing,
    ledger: &Ledger<T>,
    flaws: &mut Vec<Flaw>,
    not_checked: &mut Vec<String>,
) {
    let names = known(ledger);
    let uses = |name: &str| ledger.used.get(name).copied().unwrap_or_default();
    let (pairs, complete) = near::pairs(&names);
    let mut told = BTreeMap::new();
    for (one, other, likeness) in pairs {
        let (Some(one), Some(other)) = (names.get(one), names.get(other)) else { continue };
        // A name that does not exist is told as missing.
        if ledger.exist.is_some() && (ledger.find(one).is_none() || ledger.find(other).is_none()) {
            continue;
        }
        let (kept, spare) = if uses(other) > uses(one) { (*other, *one) } else { (*one, *other) };
        // Two words that are both in steady use are two words.
        if likeness == Likeness::Spelling && uses(spare) >= 10 && uses(spare) * 5 >= uses(kept) {
            continue;
        }
        told.entry(spare).or_insert((kept, likeness));
    }
    for (spare, (kept, likeness)) in told {
        let differ = match likeness {
            Likeness::Case => "in letter case only",
            Likeness::Separator => "in blanks, `-` or `_` only",
            Likeness::Colons => "in the number of colons only",
            Likeness::Number => "in singular and plural only",
            Likeness::Spelling => "in a letter or two only",
        };
        let severity = if likeness == Likeness::Spelling { Severity::Info } else { Severity::Warning };
        let message = format!("Keep one of the {}s `{kept}` and `{spare}`: they differ {differ}", noun(of));
        let kept = Some(kept.to_owned());
        flaws.push(flaw(of, FlawKind::NearDuplicate, severity, spare, message, kept, ledger));
    }
    if !complete {
        not_checked.push(format!("the spelling of all {}s: they are too many", noun(of)));
    }
}

/// What exists, or what records use where nobody told.
fn known<T: Named>(ledger: &Ledger<T>) -> Vec<&str> {
    match &ledger.exist {
        Some(exist) => exist.iter().map(Named::name).collect(),
        None => ledger.used.keys().map(String::as_str).collect(),
    }
}

/// Labels without a scope, where a scoped one says the same or most of their like are scoped.
fn unscoped<T: Named>(ledger: &Ledger<T>, flaws: &mut Vec<Flaw>) {
    let names = known(ledger);
    let scoped = |name: &&&str| name.contains("::");
    // By folded value, the scoped labels; by folded scope, how it is written and how many it has.
    let mut values: BTreeMap<String, &str> = BTreeMap::new();
    let mut scopes: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for name in names.iter().filter(scoped) {
        let (scope, value) = name.rsplit_once("::").unwrap_or_default();
        values.entry(near::folded(value)).or_insert(name);
        scopes.entry(near::folded(scope)).or_insert((scope, 0)).1 += 1;
    }
    let mut likes: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for name in names.iter().filter(|name| !name.contains("::")) {
        let folded = near::folded(name);
        let is_word = folded.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        if let Some(twin) = values.get(&folded).filter(|_| is_word) {
            let message = format!("Use `{twin}` in place of `{name}`, or tell them apart: both say the same");
            let twin = Some((*twin).to_owned());
            flaws.push(flaw(Thing::Label, FlawKind::Unscoped, Severity::Info, name, message, twin, ledger));
            continue;
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | ':' | '/');
        for (at, _) in name.char_indices().filter(|(_, c)| is_end(*c)) {
            let (scope, value) = name.split_at(at);
            let value = value.trim_start_matches(is_end);
            let key = near::folded(scope);
            if !value.is_empty() && scopes.contains_key(&key) {
                likes.entry(key).or_default().push((name, value));
                break;
            }
        }
    }
    for (key, alone) in likes {
        let Some((scope, number)) = scopes.get(&key).copied() else { continue };
        if number < CUSTOM || number <= alone.len() {
            continue;
        }
        for (name, value) in alone {
            let scoped = format!("{scope}::{value}");
            let message = format!(
                "Write `{name}` as `{scoped}`: {number} labels have the scope `{scope}`, this one has none"
            );
            let scoped = Some(scoped);
            flaws.push(flaw(Thing::Label, FlawKind::Unscoped, Severity::Info, name, message, scoped, ledger));
        }
    }
}

/// What exists and nobody uses.
pub(super) fn unused<T: Named>(
    of: Thing,
    ledger: &Ledger<T>,
    complete: bool,
    idle: &dyn Fn(&T) -> bool,
    flaws: &mut Vec<Flaw>,
    not_checked: &mut Vec<String>,
) {
    let noun = noun(of);
    let apart = |name: &str| !ledger.used.contains_key(name) && !ledger.named.contains_key(name);
    let alone = ledger.exist.iter().flatten().filter(|of| apart(of.name()) && idle(of));
    if !complete {
        let number = alone.count();
        if number > 0 {
            let them = if number == 1 { format!("1 {noun} is") } else { format!("{number} {noun}s are") };
            not_checked.push(format!("whether {them} unused, as it seems: not all records were seen"));
        }
        return;
    }
    for name in alone.map(Named::name) {
        let message = format!("Delete the {noun} `{name}`, or use it: no record and no file does");
        flaws.push(flaw(of, FlawKind::Unused, Severity::Info, name, message, None, ledger));
    }
}
