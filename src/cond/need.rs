//! What a file must hold for a condition to hold, so that rules whose conditions fail are not even decoded.

use super::Cond;
use crate::scan::Need;
use crate::subject::Kind;

/// Fields whose values stand to the letter in a file or in its name.
const LITERAL_FIELDS: [&str; 6] = ["labels", "milestone", "title", "description", "file", "path"];

impl Cond {
    /// What the text or the name of a file of `kind` must contain for the condition to hold.
    pub fn need(&self, kind: Kind) -> Need {
        if self.off {
            return never();
        }
        let fields = self.fields().map(|(field, test)| match field {
            "kind" if test.refuses(kind.name()) => never(),
            field if LITERAL_FIELDS.contains(&field) => test.need(),
            _ => Need::Nothing,
        });
        let any = Need::union(self.any_of.iter().map(|cond| cond.need(kind)));
        fields.fold(any, Need::and)
    }
}

fn never() -> Need {
    Need::Any(Vec::new())
}
