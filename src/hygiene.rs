//! Label hygiene: names of labels and milestones that are used and do not exist, exist and are not used, or are hard
//! to tell apart.

mod flaw;
mod judge;
mod ledger;
mod mention;
mod milestone;
mod near;
pub mod stock;

use serde::{Deserialize, Serialize};

pub use flaw::{Flaw, FlawKind};
pub use ledger::{Ledger, Named};

use self::stock::{Label, Milestone};
use crate::diagnostic::Severity;
use crate::document::Document;
use crate::finding::Place;
use crate::subject::{Kind, Subject};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A label.
    Label,
    /// A milestone.
    Milestone,
}

/// What an audit knows of labels and milestones. Two of them can be merged: the files are the same, the records are not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hygiene {
    /// The labels.
    pub labels: Ledger<Label>,
    /// The milestones.
    pub milestones: Ledger<Milestone>,
    /// All records of the project were seen.
    pub complete: bool,
    /// Names that only confidential items use are told too.
    #[serde(skip)]
    pub shows_confidential: bool,
    /// What was found, as [`Hygiene::settle`] left it.
    pub flaws: Vec<Flaw>,
    /// What could not be told, in words.
    pub not_checked: Vec<String>,
    /// Lists and files that could not be read, in words.
    #[serde(default)]
    pub unread: Vec<String>,
}

impl Hygiene {
    /// Whether anything is known to exist, so that what files name can be judged.
    pub fn knows(&self) -> bool {
        self.labels.exist.is_some() || self.milestones.exist.is_some()
    }

    /// Takes what [`stock::labels`] read.
    pub fn set_labels(&mut self, (labels, refused): (Vec<Label>, usize)) {
        self.labels.exist = Some(labels);
        self.refuse(refused, "labels");
    }

    /// Takes what [`stock::milestones`] read.
    pub fn set_milestones(&mut self, (milestones, refused): (Vec<Milestone>, usize)) {
        self.milestones.exist = Some(milestones);
        self.refuse(refused, "milestones");
    }

    fn refuse(&mut self, items: usize, what: &str) {
        if items > 0 {
            let items = if items == 1 { "1 item".to_owned() } else { format!("{items} items") };
            self.unread.push(format!("{items} of the list of {what} without a name"));
        }
    }

    /// Takes the lists of issue boards, objects as `boards.ndjson` of an export holds them.
    pub fn boards(&mut self, boards: &[serde_json::Value]) {
        let path = "boards.ndjson";
        for (at, board) in boards.iter().enumerate() {
            let place = || Place::line(path, at + 1);
            let lists = board.get("lists").and_then(|lists| lists.as_array()).into_iter().flatten();
            for name in lists.filter_map(|list| list.get("label")?.get("title")?.as_str()) {
                self.labels.name(name.to_owned(), place(), true, true);
            }
            if let Some(title) = board.get("milestone").and_then(|of| of.get("title")?.as_str()) {
                self.milestones.name(title.to_owned(), place(), true, true);
            }
        }
    }

    /// Whether the text of a file may name anything at all.
    pub fn may_name(subject: &Subject) -> bool {
        let text = &subject.text;
        let sigil = memchr::memchr3(b'~', b'%', b'/', text.as_bytes()).is_some();
        sigil || (subject.format == crate::subject::Format::Yaml && text.contains("label"))
    }

    /// Takes what the file `subject` names.
    pub fn read(&mut self, subject: &Subject) {
        let document = Document::new(subject);
        // A page may speak of another project's labels; what GitLab or its bots read does not.
        let binding = subject.kind != Kind::Page;
        for found in mention::mentions(&document) {
            let place = Place::of(&subject.name, document.lines(), &subject.text, found.span);
            match found.of {
                Thing::Label => self.labels.name(found.name, place, found.sure, binding),
                Thing::Milestone => self.milestones.name(found.name, place, found.sure, binding),
            }
        }
    }

    /// Takes the labels and the milestone of a record; of a confidential one only those that a list shows.
    pub fn record(&mut self, labels: &[impl AsRef<str>], milestone: Option<&str>, confidential: bool) {
        let hidden = confidential && !self.shows_confidential;
        labels.iter().for_each(|label| self.labels.uses(label.as_ref(), hidden));
        milestone.iter().for_each(|title| self.milestones.uses(title, hidden));
    }

    /// Adds what another part of the same audit saw; to be settled anew.
    pub fn merge(&mut self, other: Self) {
        self.labels.merge(other.labels);
        self.milestones.merge(other.milestones);
        self.complete &= other.complete;
    }

    /// Judges what was seen until now on the day `today`, `YYYY-MM-DD`.
    pub fn settle(&mut self, today: &str) {
        self.flaws.clear();
        self.not_checked.clone_from(&self.unread);
        judge::labels(self);
        milestone::judge(self, today);
        self.flaws.sort_by(|one, other| {
            (one.of, one.kind, std::cmp::Reverse(one.severity), &one.name).cmp(&(
                other.of,
                other.kind,
                std::cmp::Reverse(other.severity),
                &other.name,
            ))
        });
    }

    /// Number of flaws of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.flaws.iter().filter(|flaw| flaw.severity == severity).count()
    }
}

#[cfg(test)]
mod tests;
