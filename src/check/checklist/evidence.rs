//! A label that says that every box of the list is answered, held against the boxes.

use super::Checklist;
use super::boxes::{self, State};
use crate::check::{Hit, Sink, View};
use crate::document::field::Presence;

impl Checklist {
    /// Reports open boxes under the label, answered ones without it, and the label without a list.
    pub(super) fn answered(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (doc, text) = (view.doc, view.doc.text());
        let Some(refined) = self.refined.as_deref() else { return };
        let (labels, description) = (doc.field("labels"), doc.field("description"));
        for (field, name) in [(&labels, "labels"), (&description, "description")] {
            if field.presence == Presence::Absent {
                return sink.not_checked(format!("the record has no `{name}`"));
            }
        }
        let list = doc.body().map(|outline| boxes::list(text, outline, &self.boxes)).unwrap_or_default();
        let labelled = |label: &str| labels.values.iter().find(|mark| mark.text == label);
        if let Some(label) = labelled(refined) {
            for named in list.iter().filter(|named| named.state == State::Open) {
                let values = [("hit", named.span.of(text)), ("name", named.name), ("label", refined)];
                let hit = Hit::at(named.span, &values).variant("open");
                sink.report(hit.related(label.span, "the label says that it is answered"));
            }
            if list.is_empty() {
                let variant = if self.require_checklist { "list-required" } else { "no-list" };
                let values = [("hit", refined), ("label", refined)];
                sink.report(Hit::at(label.span, &values).variant(variant));
            }
            return;
        }
        let answered = list.iter().filter(|named| matches!(named.state, State::Done | State::Void)).count();
        if answered == self.boxes.len() {
            let unrefined = self.unrefined.as_deref().and_then(labelled);
            let place = unrefined.map_or(labels.place, |mark| mark.span);
            let values = [("hit", place.of(text)), ("label", refined)];
            sink.report(Hit::at(place, &values).variant("label"));
        }
    }
}
