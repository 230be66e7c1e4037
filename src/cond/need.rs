//! What a text must hold for a condition to hold, so that rules whose conditions fail are not even asked.

use super::Cond;
use crate::document::Document;
use crate::document::field::Presence;
use crate::scan::Need;
use crate::subject::Kind;

/// Fields whose values stand to the letter in a file or in its name.
const FILE_FIELDS: [&str; 6] = ["labels", "milestone", "title", "description", "file", "path"];

/// Fields whose values stand to the letter in a record's own text, and which almost every record has.
const RECORD_FIELDS: [&str; 2] = ["labels", "title"];

impl Cond {
    /// What the text or the name of a subject of `kind` must contain for the condition to hold, a record that [`tells`].
    pub fn need(&self, kind: Kind) -> Need {
        if self.off {
            return never();
        }
        let fields = self.fields().map(|(field, test)| match field {
            "kind" if test.refuses(kind.name()) => never(),
            field if kind.is_record() && RECORD_FIELDS.contains(&field) => unescaped(test.need()),
            field if !kind.is_record() && FILE_FIELDS.contains(&field) => test.need(),
            _ => Need::Nothing,
        });
        let any = Need::union(self.any_of.iter().map(|cond| cond.need(kind)));
        fields.fold(any, Need::and)
    }
}

/// Whether what conditions [`need`](Cond::need) can be asked of `document`: of a record that lacks a field, rules say so.
pub fn tells(document: &Document<'_>) -> bool {
    let has = |field| document.kept_field(field).is_some_and(|field| field.presence != Presence::Absent);
    !document.subject.kind.is_record() || RECORD_FIELDS.into_iter().all(has)
}

/// Nothing where a literal might stand in the text of a record with a backslash.
fn unescaped(need: Need) -> Need {
    let escaped = |c: char| c.is_control() || matches!(c, '"' | '\\');
    match need {
        Need::Any(words) if words.iter().any(|word| word.contains(escaped)) => Need::Nothing,
        need => need,
    }
}

fn never() -> Need {
    Need::Any(Vec::new())
}
