//! The list of waivers: who allowed what, where, why, since when and until when.

use serde::Serialize;

use super::{count, plain};
use crate::document::waiver::Scope;
use crate::finding::NotChecked;

/// A waiver of the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListedWaiver {
    /// The file, repository-relative with `/`.
    pub path: String,
    /// Its line, from 1.
    pub line: usize,
    /// How far it reaches.
    pub scope: Scope,
    /// The rules it names.
    pub rules: Vec<String>,
    /// Why; empty where no reason is given.
    pub reason: String,
    /// Who answers for it, without `@`.
    pub owner: Option<String>,
    /// Days since its line was last changed; `None` where nobody knows.
    pub age: Option<i64>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// That day has passed.
    pub expired: bool,
}

/// All waivers of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WaiverList {
    /// Sorted by path and line.
    pub waivers: Vec<ListedWaiver>,
    /// Number of comments that look like a waiver and cannot be read.
    pub malformed: usize,
    /// What could not be read.
    pub not_checked: Vec<NotChecked>,
}

impl WaiverList {
    /// One line for each waiver, and a sentence that sums them up.
    pub fn human(&self) -> String {
        let mut out = String::new();
        for waiver in &self.waivers {
            let reason = if waiver.reason.is_empty() { "no reason is given" } else { &waiver.reason };
            let facts: Vec<String> = facts(waiver);
            let line = format!("{}: {reason} ({})", waiver.rules.join(", "), facts.join(", "));
            out.push_str(&format!("{}:{}: {}\n", plain::line(&waiver.path), waiver.line, plain::line(&line)));
        }
        for gap in &self.not_checked {
            let (subject, reason) = (plain::line(&gap.subject), plain::line(&gap.reason));
            out.push_str(&format!("not checked: {subject}: {reason}\n"));
        }
        let mut sum = vec![count(self.waivers.len(), "waiver")];
        let expired = self.waivers.iter().filter(|waiver| waiver.expired).count();
        let kinds = [(expired, "expired"), (self.malformed, "more cannot be read: see `proclint check`")];
        sum.extend(
            kinds
                .into_iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, what)| format!("{number} {what}")),
        );
        out.push_str(&format!("{}\n", sum.join(", ")));
        out
    }

    /// One JSON document.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

fn facts(waiver: &ListedWaiver) -> Vec<String> {
    let reach = match waiver.scope {
        Scope::Line => None,
        Scope::Block => Some("a block"),
        Scope::File => Some("the whole file"),
    };
    let owner = waiver.owner.as_ref().map_or_else(|| "no owner".to_owned(), |owner| format!("@{owner}"));
    let age = match waiver.age {
        None => "age unknown".to_owned(),
        Some(days) => format!("{} old", count(usize::try_from(days).unwrap_or_default(), "day")),
    };
    let until = waiver.until.as_ref().map(|until| {
        let expired = if waiver.expired { ", which has passed" } else { "" };
        format!("until {until}{expired}")
    });
    reach.map(str::to_owned).into_iter().chain([owner, age]).chain(until).collect()
}
