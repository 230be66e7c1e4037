//! The issues that a record lists, such as its children and what blocks it: each must fit the record.

mod ship;

use serde::{Deserialize, Deserializer, de::Error};

use self::ship::{Ship, Slip};
use super::{Hit, Sink, View};
use crate::cond::{Cond, Verdict};
use crate::document::Document;
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::text::Span;
use crate::yaml::Node;

/// What is asked of the entries of lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Relatives {
    /// The lists; an issue that several of them have counts once.
    of: Vec<List>,
    /// The entries that are meant; one that does not say so is passed over.
    #[serde(default, deserialize_with = "cond")]
    which: Cond,
    /// What is asked of each.
    ask: Ask,
    /// How many levels of lists in lists are followed.
    #[serde(default = "one")]
    max_depth: usize,
    /// How many entries are reported one by one before a last finding stands for the rest.
    max_reports: Option<usize>,
    /// The variant that is reported.
    #[serde(default)]
    variant: String,
}

/// A list, and which of its entries belong to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    key: String,
    #[serde(default, deserialize_with = "cond")]
    r#where: Cond,
}

/// What an entry must meet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ask {
    /// A condition.
    That(#[serde(deserialize_with = "cond")] Cond),
    /// It ships by a date of the record.
    Ships(Ship),
}

/// An entry at fault, with what is wrong with its plan where that is asked.
struct Fault<'d> {
    place: Span,
    name: &'d str,
    slip: Option<Slip>,
}

/// The variant that stands for the entries beyond `max_reports`.
const MORE: &str = "more";

fn one() -> usize {
    1
}

impl Relatives {
    /// The values that messages may name: the entry, its date or what it lacks, the record's date, and how many more
    /// there are.
    pub const VALUES: &'static [&'static str] = &["hit", "date", "by", "count"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        let plans = [ship::UNSCHEDULED, ship::SAME_MILESTONE];
        let plans = plans.into_iter().filter(|_| matches!(self.ask, Ask::Ships(_)));
        let own = Some(self.variant.as_str()).filter(|name| !name.is_empty());
        own.into_iter().chain(plans).chain(self.max_reports.map(|_| MORE)).collect()
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        let lists = self.of.iter().filter_map(|list| Detail::of_field(&list.key));
        let by = match &self.ask {
            Ask::Ships(ship) => ship.detail(),
            Ask::That(_) => None,
        };
        lists.chain(by).collect()
    }

    /// Without one of the lists there is nothing to look at, but that is said.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports the entries that do not fit.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if !sink.wants(&self.variant) {
            return;
        }
        let Some(node) = view.doc.node() else { return };
        if !self.of.iter().any(|list| node.get(&list.key).is_some()) {
            if let Some(list) = self.of.first() {
                sink.not_checked(format!("the record has no `{}`", list.key));
            }
            return;
        }
        let mut faults = Vec::new();
        self.walk(view, node, self.max_depth, &mut Vec::new(), &mut faults);
        let unread = faults.iter().filter(|fault| fault.slip == Some(Slip::Unread)).count();
        if unread > 0 {
            sink.not_checked(format!("the record lacks the milestone and date of listed issues ({unread})"));
        }
        faults.retain(|fault| fault.slip != Some(Slip::Unread) && sink.wants(self.variant_of(fault)));
        let by = match &self.ask {
            Ask::Ships(ship) => ship.day(view.doc).map(|day| day.to_string()),
            Ask::That(_) => None,
        };
        let most = self.max_reports.unwrap_or(faults.len());
        for fault in faults.iter().take(most) {
            self.report(fault, self.variant_of(fault), by.as_deref(), 1, sink);
        }
        if let Some(fault) = faults.get(most) {
            self.report(fault, MORE, by.as_deref(), faults.len() - most, sink);
        }
    }

    /// Collects the entries of `node`, a record or an entry, that do not fit; `seen` ends cycles.
    fn walk<'d>(
        &self,
        view: View<'d>,
        node: &'d Node,
        depth: usize,
        seen: &mut Vec<&'d str>,
        faults: &mut Vec<Fault<'d>>,
    ) {
        if depth == 0 {
            return;
        }
        for list in &self.of {
            let entries = node.get(&list.key).map(Node::items).unwrap_or_default();
            let of_list =
                entries.iter().filter(|entry| list.r#where.holds_for(entry, view.world) == Verdict::True);
            for entry in of_list {
                let (place, name) = reference(view.doc, entry);
                if seen.contains(&name) {
                    continue;
                }
                seen.push(name);
                if self.which.holds_for(entry, view.world) == Verdict::True {
                    faults.extend(self.fault(view, entry, place, name));
                    self.walk(view, entry, depth - 1, seen, faults);
                }
            }
        }
    }

    fn fault<'d>(&self, view: View<'d>, entry: &Node, place: Span, name: &'d str) -> Option<Fault<'d>> {
        match &self.ask {
            Ask::That(cond) => {
                let fails = cond.holds_for(entry, view.world) == Verdict::False;
                fails.then_some(Fault { place, name, slip: None })
            }
            Ask::Ships(ship) => {
                let slip = ship.slip(view.doc, entry)?;
                Some(Fault { place, name, slip: Some(slip) })
            }
        }
    }

    fn variant_of(&self, fault: &Fault<'_>) -> &str {
        match fault.slip {
            Some(Slip::Unscheduled) => ship::UNSCHEDULED,
            Some(Slip::SameMilestone) => ship::SAME_MILESTONE,
            _ => &self.variant,
        }
    }

    fn report(&self, fault: &Fault<'_>, variant: &str, by: Option<&str>, count: usize, sink: &mut Sink<'_>) {
        let count = count.to_string();
        let date = match fault.slip {
            Some(Slip::Late(day)) => day.to_string(),
            _ => String::new(),
        };
        let values =
            [("hit", fault.name), ("date", date.as_str()), ("by", by.unwrap_or_default()), ("count", &count)];
        sink.report(Hit::at(fault.place, &values).variant(variant));
    }
}

/// Where an entry says which issue it is, and what it says: its reference, its URL or its title.
fn reference<'d>(document: &Document<'d>, entry: &Node) -> (Span, &'d str) {
    let keys = ["ref", "reference", "references.full", "full_reference", "web_url", "title", "iid"];
    let found = keys.iter().find_map(|key| entry.at(key).filter(|found| found.node.as_str().is_some()));
    let place = found.map_or(entry.span, |found| found.node.span);
    (place, place.of(document.text()))
}

fn cond<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cond, D::Error> {
    Cond::read(&Node::deserialize(deserializer)?, true).map_err(D::Error::custom)
}
