//! The quick actions that may stand in a plan: those that another quick action takes back.
//!
//! A line is read strictly and written anew, so that a name from a record can neither end its line nor begin a command.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::State;
use crate::document::metadata::scope;
use crate::document::quick_action::command;
use crate::subject::Kind;

/// A quick action that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// `/unlabel`, never without names.
    Unlabel(BTreeSet<String>),
    /// `/label`.
    Label(BTreeSet<String>),
    /// `/unassign`, never without names.
    Unassign(BTreeSet<String>),
    /// `/assign`.
    Assign(BTreeSet<String>),
    /// `/milestone` with its title, or `/remove_milestone`.
    Milestone(Option<String>),
    /// `/weight`, or `/clear_weight`.
    Weight(Option<u64>),
    /// `/due` with a day, or `/remove_due_date`.
    Due(Option<Date>),
    /// `/close`, or `/reopen`.
    Close(bool),
}

/// Why a quick action cannot stand in a plan, in words that go after `not planned:`.
pub type Unfit = String;

impl Action {
    /// Reads a line for a record of `kind`.
    ///
    /// # Errors
    /// Where it is none of those that can be undone, or is not written as they are.
    pub fn read(line: &str, kind: Kind) -> Result<Self, Unfit> {
        let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
        let command = name.strip_prefix('/').and_then(command::find);
        let command = command.ok_or("it is no quick action that GitLab knows")?;
        let canonical = command.canonical;
        if !command.works_on(kind) || !matches!(kind, Kind::Issue | Kind::MergeRequest) {
            return Err(format!("`/{canonical}` cannot be posted to this kind of object, {}", kind.name()));
        }
        let unreadable = || format!("the argument of `/{canonical}` is not written out in full");
        let argument = argument.trim();
        let labels = || names(argument, '~').ok_or_else(unreadable);
        let users = || names(argument, '@').ok_or_else(unreadable);
        let nothing = |action: Self| if argument.is_empty() { Ok(action) } else { Err(unreadable()) };
        match canonical {
            "unlabel" => labels().map(Self::Unlabel),
            "label" => labels().map(Self::Label),
            "unassign" => users().map(Self::Unassign),
            "assign" => users().map(Self::Assign),
            "milestone" => {
                let mut titles = names(argument, '%').ok_or_else(unreadable)?;
                let title = titles.pop_first().filter(|_| titles.is_empty()).ok_or_else(unreadable)?;
                Ok(Self::Milestone(Some(title)))
            }
            "remove_milestone" => nothing(Self::Milestone(None)),
            "weight" => argument.parse().map(|weight| Self::Weight(Some(weight))).map_err(|_| unreadable()),
            "clear_weight" => nothing(Self::Weight(None)),
            "due" => {
                let day = argument.parse().ok().filter(|_| argument.len() == 10);
                day.map(|day| Self::Due(Some(day))).ok_or_else(unreadable)
            }
            "remove_due_date" => nothing(Self::Due(None)),
            // A merge request whose branch is gone cannot be opened again.
            "close" if kind == Kind::Issue => nothing(Self::Close(true)),
            "reopen" if kind == Kind::Issue => nothing(Self::Close(false)),
            _ => Err(format!("`/{canonical}` cannot be undone")),
        }
    }

    /// The line that is posted.
    ///
    /// # Errors
    /// Where a name holds what no quick action can quote.
    pub fn line(&self) -> Result<String, Unfit> {
        let listed = |command: &str, names: &BTreeSet<String>, quote: bool| {
            let mut line = command.to_owned();
            for name in names {
                let fits = if quote { is_quotable(name) } else { is_username(name) };
                if !fits {
                    return Err("a name holds a character that no quick action can quote".to_owned());
                }
                line += &if quote { format!(" ~\"{name}\"") } else { format!(" @{name}") };
            }
            Ok(line)
        };
        match self {
            Self::Unlabel(names) => listed("/unlabel", names, true),
            Self::Label(names) => listed("/label", names, true),
            Self::Unassign(names) => listed("/unassign", names, false),
            Self::Assign(names) => listed("/assign", names, false),
            Self::Milestone(Some(title)) if is_quotable(title) => Ok(format!("/milestone %\"{title}\"")),
            Self::Milestone(Some(_)) => {
                Err("the title of a milestone holds a character that no quick action can quote".to_owned())
            }
            Self::Milestone(None) => Ok("/remove_milestone".to_owned()),
            Self::Weight(Some(weight)) => Ok(format!("/weight {weight}")),
            Self::Weight(None) => Ok("/clear_weight".to_owned()),
            Self::Due(Some(day)) => Ok(format!("/due {day}")),
            Self::Due(None) => Ok("/remove_due_date".to_owned()),
            Self::Close(true) => Ok("/close".to_owned()),
            Self::Close(false) => Ok("/reopen".to_owned()),
        }
    }

    /// It, name by name.
    pub fn each(&self) -> Vec<Self> {
        let split = |names: &BTreeSet<String>, of: fn(BTreeSet<String>) -> Self| {
            names.iter().map(|name| of(BTreeSet::from([name.clone()]))).collect()
        };
        match self {
            Self::Unlabel(names) => split(names, Self::Unlabel),
            Self::Label(names) => split(names, Self::Label),
            Self::Unassign(names) => split(names, Self::Unassign),
            Self::Assign(names) => split(names, Self::Assign),
            value => vec![value.clone()],
        }
    }

    /// The field it changes, in words.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Unlabel(_) | Self::Label(_) => "labels",
            Self::Unassign(_) | Self::Assign(_) => "assignees",
            Self::Milestone(_) => "milestone",
            Self::Weight(_) => "weight",
            Self::Due(_) => "due date",
            Self::Close(_) => "state",
        }
    }

    /// Whether `state` is as if it had been done; `None` where the record does not say.
    pub fn holds(&self, state: &State) -> Option<bool> {
        Some(match self {
            Self::Unlabel(names) => names.is_disjoint(state.labels.as_ref()?),
            Self::Label(names) => names.is_subset(state.labels.as_ref()?),
            Self::Unassign(names) => names.is_disjoint(state.assignees.as_ref()?),
            Self::Assign(names) => names.is_subset(state.assignees.as_ref()?),
            Self::Milestone(title) => state.milestone.as_ref()? == title,
            Self::Weight(weight) => state.weight.as_ref()? == weight,
            Self::Due(day) => *state.due_date.as_ref()? == day.map(|day| day.to_string()),
            Self::Close(closed) => state.state.as_ref()? == if *closed { "closed" } else { "opened" },
        })
    }

    /// Whether it only adds what `before` lacks; what takes away or replaces somebody's choice does not.
    pub fn only_adds(&self, before: &State) -> bool {
        match self {
            Self::Label(names) => before.labels.as_ref().is_some_and(|labels| {
                let has_scope = |name: &String| displaced(labels, names).any(|old| scope(old) == scope(name));
                !names.iter().any(has_scope)
            }),
            // A plan of GitLab without several assignees keeps the new one only.
            Self::Assign(_) => before.assignees.as_ref().is_some_and(BTreeSet::is_empty),
            Self::Milestone(Some(_)) => before.milestone == Some(None),
            Self::Weight(Some(_)) => before.weight == Some(None),
            Self::Due(Some(_)) => before.due_date == Some(None),
            _ => false,
        }
    }
}

/// What brings back `before` once `actions` were done, those that take away first.
///
/// # Errors
/// Where `before` does not say what they change, or a name in it cannot be quoted.
pub fn undo(actions: &[Action], before: &State) -> Result<Vec<Action>, Unfit> {
    let mut back = Inverse::default();
    for action in actions {
        back.take(action, before)
            .ok_or_else(|| format!("the record does not say what its {} is", action.field()))?;
    }
    let lists = [
        (Action::Unlabel as fn(_) -> _, back.unlabel),
        (Action::Label, back.label),
        (Action::Unassign, back.unassign),
        (Action::Assign, back.assign),
    ];
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty()).map(|(of, names)| of(names));
    let back: Vec<Action> = lists.chain(back.values).collect();
    back.iter().try_for_each(|action| action.line().map(drop))?;
    Ok(back)
}

#[derive(Default)]
struct Inverse {
    unlabel: BTreeSet<String>,
    label: BTreeSet<String>,
    unassign: BTreeSet<String>,
    assign: BTreeSet<String>,
    values: Vec<Action>,
}

impl Inverse {
    fn take(&mut self, action: &Action, before: &State) -> Option<()> {
        match action {
            Action::Label(names) => {
                let labels = before.labels.as_ref()?;
                self.unlabel.extend(names.difference(labels).cloned());
                self.label.extend(displaced(labels, names).cloned());
            }
            Action::Unlabel(names) => self.label.extend(names.intersection(before.labels.as_ref()?).cloned()),
            Action::Assign(names) => {
                let assignees = before.assignees.as_ref()?;
                self.unassign.extend(names.difference(assignees).cloned());
                self.assign.extend(assignees.iter().cloned());
            }
            Action::Unassign(names) => {
                self.assign.extend(names.intersection(before.assignees.as_ref()?).cloned());
            }
            Action::Milestone(_) => self.values.push(Action::Milestone(before.milestone.clone()?)),
            Action::Weight(_) => self.values.push(Action::Weight(before.weight?)),
            Action::Due(_) => {
                let day = match before.due_date.as_ref()? {
                    Some(day) => Some(day.parse().ok()?),
                    None => None,
                };
                self.values.push(Action::Due(day));
            }
            Action::Close(_) => {
                let state = before.state.as_deref()?;
                let closed = (state == "closed").then_some(true).or((state == "opened").then_some(false))?;
                self.values.push(Action::Close(closed));
            }
        }
        Some(())
    }
}

/// The labels among `labels` that GitLab takes away when it adds `names`: of a scope, a record has one.
fn displaced<'l>(
    labels: &'l BTreeSet<String>,
    names: &'l BTreeSet<String>,
) -> impl Iterator<Item = &'l String> {
    let leaves = |old: &&String| {
        let same = |new: &String| scope(new).is_some() && scope(new) == scope(old);
        !names.contains(*old) && names.iter().any(same)
    };
    labels.iter().filter(leaves)
}

/// The names of `~"a b" ~c`, each with its sign; `None` where something else stands there.
fn names(argument: &str, sign: char) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut rest = argument;
    while !rest.is_empty() {
        rest = rest.strip_prefix(sign)?;
        let name = match rest.strip_prefix('"').filter(|_| sign != '@') {
            Some(quoted) => {
                let (name, after) = quoted.split_once('"')?;
                rest = after;
                Some(name).filter(|name| is_quotable(name))?
            }
            None => {
                let (name, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
                rest = after;
                Some(name).filter(|name| if sign == '@' { is_username(name) } else { is_bare(name) })?
            }
        };
        found.insert(name.to_owned());
        if !rest.is_empty() {
            rest = rest.strip_prefix(' ')?.trim_start_matches(' ');
        }
    }
    Some(found).filter(|found| !found.is_empty())
}

/// Whether `name` stays one name between `"` and `"`, in Markdown too.
fn is_quotable(name: &str) -> bool {
    let ends_or_hides = |c: char| {
        c.is_control() || matches!(c, '"' | '`' | '<' | '>' | '\\' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    !name.trim().is_empty() && name.trim() == name && !name.contains(ends_or_hides)
}

/// Whether `name` needs no quotes and is no number, which GitLab would take for an id.
fn is_bare(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'&' | b':');
    !name.is_empty() && name.bytes().all(fits) && !name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `name` is the name of one user; `me` is whoever posts it.
fn is_username(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty()
        && name.bytes().all(fits)
        && !["me", "all"].iter().any(|word| name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
