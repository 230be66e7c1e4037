//! The fixes of a record as one block of quick actions, to be pasted into a comment or the description.

use crate::diagnostic::{Edit, Fix};
use crate::document::metadata::scope;
use crate::document::quick_action::arguments::{sigil, tokens};
use crate::document::quick_action::command::{self, Command, Takes};
use crate::finding::{Finding, Left};
use crate::subject::Kind;
use crate::text::Span;

/// Commands that take any number of names; two of them say as much in one line.
const LISTS: [&str; 7] =
    ["unlabel", "label", "assign", "unassign", "assign_reviewer", "unassign_reviewer", "relate"];

/// Quick actions that belong together, one a line: `/label ~"a" ~"b"`, `/milestone %"c"`.
#[derive(Clone, Debug, Default)]
pub struct Block {
    kind: Option<Kind>,
    actions: Vec<Action>,
}

/// One line of a block.
#[derive(Clone, Debug)]
struct Action {
    command: &'static Command,
    /// The names of a list, or the whole argument.
    arguments: Vec<String>,
}

/// What the fixes of a record come to.
#[derive(Debug, Default)]
pub struct Pasted<'f> {
    /// The quick actions.
    pub block: Block,
    /// The findings they mend.
    pub mended: Vec<&'f Finding>,
    /// Fixes that no quick action says; of one that is in part said, the other edits.
    pub others: Vec<Finding>,
    /// Fixes that contradict the block.
    pub left: Vec<Left>,
}

impl<'f> Pasted<'f> {
    /// Whether quick actions say anything of the fix of `finding`.
    pub fn says(finding: &Finding) -> bool {
        finding.fix.iter().flat_map(|fix| &fix.edits).any(|edit| is_said(finding, edit))
    }

    /// The fixes of `findings`, all in the same record of `kind`.
    pub fn of(kind: Kind, findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut pasted = Self { block: Block { kind: Some(kind), ..Block::default() }, ..Self::default() };
        for finding in findings {
            let Some(fix) = &finding.fix else { continue };
            let mut actions = Vec::new();
            let mut rest = Vec::new();
            for edit in &fix.edits {
                match said(finding, edit) {
                    Some(said) => actions.extend(said),
                    None => rest.push(edit.clone()),
                }
            }
            match pasted.block.add(actions) {
                Err(reason) => pasted.left.push(Left { finding: finding.clone(), reason }),
                Ok(()) if rest.is_empty() => pasted.mended.push(finding),
                Ok(()) => {
                    let fix = Some(Fix { edits: rest, ..fix.clone() });
                    pasted.others.push(Finding { fix, ..finding.clone() });
                }
            }
        }
        pasted
    }
}

impl Block {
    /// The lines, those for labels first.
    pub fn lines(&self) -> Vec<String> {
        let rank = |action: &&Action| {
            LISTS.iter().position(|list| *list == action.command.canonical).unwrap_or(LISTS.len())
        };
        let mut actions: Vec<_> = self.actions.iter().collect();
        actions.sort_by_key(rank);
        let line = |action: &Action| {
            let words = std::iter::once(format!("/{}", action.command.canonical))
                .chain(action.arguments.iter().cloned());
            words.collect::<Vec<_>>().join(" ")
        };
        actions.into_iter().map(line).collect()
    }

    /// Adds all of `actions` or none.
    fn add(&mut self, actions: Vec<Action>) -> Result<(), String> {
        let mut next = self.actions.clone();
        for action in actions {
            let name = action.command.canonical;
            if let Some(kind) = self.kind.filter(|kind| !action.command.works_on(*kind)) {
                return Err(format!("`/{name}` does not work on this kind of object, {}", kind.name()));
            }
            if let Some(other) = next.iter().find(|other| other.contradicts(&action)) {
                return Err(format!("it contradicts `/{}` of another fix", other.command.canonical));
            }
            match next.iter_mut().find(|other| other.command.canonical == name) {
                Some(other) => {
                    let new = action.arguments.into_iter().filter(|new| !other.arguments.contains(new));
                    let new: Vec<_> = new.collect();
                    other.arguments.extend(new);
                }
                None => next.push(action),
            }
        }
        self.actions = next;
        Ok(())
    }
}

impl Action {
    /// The action that `line` says, if GitLab knows its command and nothing in it could hide or end the line.
    fn read(line: &str) -> Option<Self> {
        let (name, argument) =
            line.strip_prefix('/')?.split_once([' ', '\t']).unwrap_or((line.get(1..)?, ""));
        let command = command::find(name)?;
        let argument = argument.trim();
        if line.chars().any(char::is_control) || (command.takes == Takes::Nothing && !argument.is_empty()) {
            return None;
        }
        let names = |sigil| {
            let tokens = tokens(argument, Span::new(0, argument.len()), sigil);
            let name = |token: &crate::document::quick_action::arguments::Token| match sigil {
                '~' => format!("~\"{}\"", token.text(argument)),
                _ => token.span_without_comma(argument).of(argument).to_owned(),
            };
            tokens.iter().map(name).collect()
        };
        let arguments = match LISTS.contains(&command.canonical) {
            true => names(sigil(command)),
            false => Some(argument.to_owned()).filter(|argument| !argument.is_empty()).into_iter().collect(),
        };
        Some(Self { command, arguments })
    }

    /// Whether GitLab cannot do both: they set one value differently, or give and take the same.
    fn contradicts(&self, other: &Self) -> bool {
        let (a, b) = (self.command.canonical, other.command.canonical);
        let both = |argument: &String| other.arguments.contains(argument);
        if LISTS.contains(&a) && LISTS.contains(&b) {
            let opposite = a.strip_prefix("un") == Some(b) || b.strip_prefix("un") == Some(a);
            let scoped = |action: &Self, label: &str| {
                let own = scope(label);
                own.is_some() && action.arguments.iter().any(|other| scope(other) == own && other != label)
            };
            let exclusive =
                a == "label" && b == "label" && self.arguments.iter().any(|label| scoped(other, label));
            return exclusive || (opposite && self.arguments.iter().any(both));
        }
        subject(a) == subject(b) && (a != b || self.arguments != other.arguments)
    }
}

/// What a command sets.
fn subject(name: &str) -> &str {
    match name {
        "close" | "reopen" => "state",
        "due" | "remove_due_date" => "due",
        name => name.strip_prefix("remove_").or_else(|| name.strip_prefix("clear_")).unwrap_or(name),
    }
}

/// Whether quick actions say what `edit`, of the fix of `finding`, does.
pub(super) fn is_said(finding: &Finding, edit: &Edit) -> bool {
    said(finding, edit).is_some()
}

/// The quick actions that an edit puts in, or that say what it changes in the fields of a record.
fn said(finding: &Finding, edit: &Edit) -> Option<Vec<Action>> {
    if edit.span.is_empty() {
        let lines = edit.text.lines().map(str::trim).filter(|line| !line.is_empty());
        return lines.map(Action::read).collect::<Option<Vec<_>>>().filter(|lines| !lines.is_empty());
    }
    let whole = (finding.start.byte, finding.end.byte) == (edit.span.start as usize, edit.span.end as usize);
    let (old, new) = (finding.text.as_str(), edit.text.as_str());
    let plain = |name: &str| !name.is_empty() && !name.contains(['"', '\n', '\r']);
    if !whole || !plain(old) || !plain(new) {
        return None;
    }
    let field = finding.field.as_deref()?;
    let lines = match field.split(['[', '.']).next()? {
        "labels" => vec![format!("/unlabel ~\"{old}\""), format!("/label ~\"{new}\"")],
        "milestone" if field == "milestone" || field == "milestone.title" => {
            vec![format!("/milestone %\"{new}\"")]
        }
        _ => return None,
    };
    lines.iter().map(|line| Action::read(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::check;
    use crate::load::record_subject;
    use crate::rule::RuleSet;
    use crate::world::World;

    fn block(lines: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut block = Block { kind: Some(Kind::Issue), ..Block::default() };
        let refused = lines.iter().filter_map(|line| block.add(vec![Action::read(line)?]).err());
        let refused = refused.collect();
        (block.lines(), refused)
    }

    #[test]
    fn labels_share_a_line_and_the_first_value_stands() {
        let (lines, refused) = block(&[
            "/milestone %\"16.4\"",
            "/label ~\"planning issue\" ~bug",
            "/label ~bug ~\"group::a\"",
            "/unlabel ~\"group::b\"",
            "/label ~\"group::c\"",
            "/unlabel ~bug",
            "/milestone %\"16.4\"",
            "/remove_milestone",
            "/close",
            "/reopen",
            "/assign @a @b",
        ]);
        assert_eq!(
            lines,
            [
                "/unlabel ~\"group::b\"",
                "/label ~\"planning issue\" ~\"bug\" ~\"group::a\"",
                "/assign @a @b",
                "/milestone %\"16.4\"",
                "/close",
            ]
        );
        let contradiction = |other: &str| format!("it contradicts `/{other}` of another fix");
        assert_eq!(refused, ["label", "label", "milestone", "close"].map(contradiction));
    }

    #[test]
    fn labels_contradict_within_one_scope_only() {
        let (lines, refused) = block(&["/label ~\"group::a\"", "/label ~bug", "/unlabel ~\"group::b\""]);
        assert_eq!(lines, ["/unlabel ~\"group::b\"", "/label ~\"group::a\" ~\"bug\""]);
        assert!(refused.is_empty(), "{refused:?}");
        assert_eq!(block(&["/label ~\"group::a\"", "/label ~\"group::b\""]).1.len(), 1);
        assert_eq!(block(&["/label ~\"group::a\"", "/unlabel ~\"group::a\""]).1.len(), 1);
    }

    #[test]
    fn a_change_of_a_field_is_said_where_quick_actions_can() {
        let rules = RuleSet::all().unwrap();
        let record = serde_json::json!({"iid": 1, "state": "opened", "description": "See #21549 for it."});
        let world = World::on(jiff::civil::date(2025, 6, 16));
        let checked = check(&record_subject(&record, Kind::Issue, None), &rules, &world, false);
        let mut finding = checked.findings[0].clone();
        (finding.start.byte, finding.end.byte) = (10, 13);
        let mut said = |field: &str, old: &str, new: &str, end: usize| {
            (finding.field, finding.text) = (Some(field.to_owned()), old.to_owned());
            let lines = said(&finding, &Edit { span: Span::new(10, end), text: new.to_owned() })?;
            Some(lines.iter().map(|line| line.command.canonical).collect::<Vec<_>>())
        };
        assert_eq!(said("labels[0]", "bug", "type::bug", 13), Some(vec!["unlabel", "label"]));
        assert_eq!(said("milestone", "17", "17.1", 13), Some(vec!["milestone"]));
        assert_eq!(said("milestone.title", "17", "17.1", 13), Some(vec!["milestone"]));
        assert_eq!(said("milestone.due_date", "a", "b", 13), None);
        assert_eq!(said("title", "a", "b", 13), None);
        assert_eq!(said("labels[0]", "bug", "type::bug", 12), None, "a part of the finding is changed");
        for (old, new) in [("", "a"), ("a", ""), ("a\"", "a"), ("a", "a\"")] {
            assert_eq!(said("labels[0]", old, new, 13), None, "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_is_no_command_is_none() {
        for line in ["/nonsense ~a", "label ~a", "/label ~\"a\u{1b}\"", "/close now", "/ label"] {
            assert!(Action::read(line).is_none(), "{line}");
        }
        let mut block = Block { kind: Some(Kind::Epic), ..Block::default() };
        let refused = block.add(vec![Action::read("/milestone %a").unwrap()]).unwrap_err();
        assert_eq!(refused, "`/milestone` does not work on this kind of object, epic");
    }

    #[test]
    fn the_findings_of_a_record_become_one_block() {
        let rules = RuleSet::all().unwrap();
        let world = World::on(jiff::civil::date(2025, 6, 16));
        let record = serde_json::json!({
            "iid": 1, "state": "opened", "title": "17.9 Planning issue - Code Review", "labels": ["bug"],
            "milestone": null, "description": "See #21549 for it.",
        });
        let checked = check(&record_subject(&record, Kind::Issue, None), &rules, &world, false);
        let pasted = Pasted::of(checked.kind, &checked.findings);
        assert!(pasted.block.lines().iter().any(|line| line.starts_with("/label ~\"planning issue\"")));
        assert!(pasted.others.iter().any(|finding| finding.rule.id == "bare-reference"));
    }
}
