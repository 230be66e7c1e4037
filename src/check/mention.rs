//! A group that is addressed as a whole: at which level, and whether the text has what that level takes.

mod action;
mod declaration;
mod handle;

use serde::Deserialize;

use self::declaration::Declaration;
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Outline;
use crate::document::field::Presence;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;
use handle::Occurrences;

/// The group, and what it takes to address it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// The group with its `@`.
    handle: String,
    /// Its members, where the record does not bring them along as `members`.
    members: Vec<String>,
    /// How a text declares its level, in the groups `lead` and `level`.
    declaration: Pattern,
    /// Sentences that ask for something.
    actions: Pattern,
    /// Headings and bold words above what is asked for.
    action_headings: Vec<String>,
    /// The channel is named in the description, too.
    require_channel_note: bool,
    /// That channel.
    channel: String,
}

impl Mention {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "handle", "missing", "boxes", "handles"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["no-action", "inert-mention", "no-mention", "confirm-list", "assignees", "channel-note"]
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(vec![self.handle.clone(), "level".to_owned()])
    }

    /// Looks at the description.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let is_template = view.doc.subject.kind.is_template();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            let declared = declaration::highest(text, outline, &self.declaration);
            if is_template && declared.is_none() {
                continue;
            }
            let found = handle::find(text, outline, &self.handle);
            self.mentioned(text, outline, &found, declared.as_ref(), is_template, sink);
            if let Some(declared) = declared.filter(|declared| declared.level == 3 && !is_template) {
                self.confirmed(view, outline, &declared, sink);
            }
        }
    }

    fn mentioned(
        &self,
        text: &str,
        outline: &Outline,
        found: &Occurrences,
        declared: Option<&Declaration>,
        is_template: bool,
        sink: &mut Sink<'_>,
    ) {
        let values = [("hit", self.handle.as_str()), ("handle", self.handle.as_str())];
        let declared = declared.filter(|declared| declared.level > 1);
        let place = match (found.live.first(), declared) {
            (Some(live), _) => {
                if !action::is_asked(text, outline, self) {
                    sink.report(Hit::at(*live, &values).variant("no-action"));
                }
                *live
            }
            (None, Some(declared)) => {
                if let Some(code) = found.code.first() {
                    let fix = without_ticks(text, *code);
                    sink.report(Hit::at(*code, &values).variant("inert-mention").fix(fix));
                } else if !is_template {
                    let values = [("hit", declared.span.of(text)), ("handle", self.handle.as_str())];
                    sink.report(Hit::at(declared.span, &values).variant("no-mention"));
                }
                declared.span
            }
            (None, None) => return,
        };
        if self.require_channel_note && !is_template && !outline.span.of(text).contains(&self.channel) {
            let values = [("hit", place.of(text)), ("missing", self.channel.as_str())];
            sink.report(Hit::at(place, &values).variant("channel-note"));
        }
    }

    /// Reports members who are not asked to confirm, or not assigned.
    fn confirmed(&self, view: View<'_>, outline: &Outline, declared: &Declaration, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let own = view.doc.field("members");
        let members: Vec<&str> = self
            .members
            .iter()
            .map(String::as_str)
            .chain(own.values.iter().map(|mark| &*mark.text))
            .collect();
        if members.is_empty() {
            return sink.not_checked(format!("the members of `{}` are not known", self.handle));
        }
        let name = |member: &str| member.trim_start_matches('@').to_owned();
        let assignees = view.doc.field("assignees");
        let unlisted = |member: &&&str| {
            let live = handle::find(text, outline, &format!("@{}", name(member))).live;
            let in_task =
                |at: &Span| outline.items.iter().any(|item| item.task.is_some() && item.span.contains(*at));
            !live.iter().any(in_task)
        };
        let unassigned = |member: &&&str| {
            !assignees
                .values
                .iter()
                .any(|own| own.text.trim_start_matches('@').eq_ignore_ascii_case(&name(member)))
        };
        let listed =
            |names: Vec<&&str>| names.iter().map(|member| format!("@{}", name(member))).collect::<Vec<_>>();
        let mut report = |variant, missing: Vec<String>| {
            if missing.is_empty() {
                return;
            }
            let boxes: Vec<_> = missing.iter().map(|member| format!("- [ ] {member}")).collect();
            let values = [
                ("hit", declared.span.of(text)),
                ("missing", &*missing.join(", ")),
                ("boxes", &*boxes.join("\n")),
                ("handles", &*missing.join(" ")),
            ];
            sink.report(Hit::at(declared.span, &values).variant(variant));
        };
        report("confirm-list", listed(members.iter().filter(unlisted).collect()));
        if assignees.presence == Presence::Absent {
            return sink.not_checked("the record has no `assignees`");
        }
        report("assignees", listed(members.iter().filter(unassigned).collect()));
    }
}

/// The edit that takes the back-ticks off `span`, the content of a code span.
fn without_ticks(text: &str, span: Span) -> Option<Fix> {
    let code = Span { start: span.start.checked_sub(1)?, end: span.end + 1 };
    let source = code.of(text);
    let whole = source.starts_with('`') && source.ends_with('`');
    let edits = vec![Edit { span: code, text: span.of(text).to_owned() }];
    whole.then(|| Fix { title: "Take off the back-ticks".to_owned(), safe: false, edits })
}
