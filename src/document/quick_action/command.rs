//! The quick actions GitLab knows, on which objects they work, and which do nothing in a template.

use crate::subject::Kind;

/// What a command takes after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An argument that starts with a sigil, or a value.
    Value,
    /// Free text: nothing in it is a reference.
    Text,
}

/// One command.
#[derive(Debug)]
pub struct Command {
    /// Its name in lower case, without the slash.
    pub name: &'static str,
    /// The name it is an alias of, or its own.
    pub canonical: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Works on issues, merge requests, epics.
    on: [bool; 3],
    /// Does nothing while the object is being created, so it is dead in a template.
    pub needs_object: bool,
}

impl Command {
    /// Whether the command works on what `kind` is or becomes.
    pub fn works_on(&self, kind: Kind) -> bool {
        match kind {
            Kind::MergeRequest | Kind::MrTemplate => self.on[1],
            Kind::Epic => self.on[2],
            _ => self.on[0],
        }
    }
}

const DEAD: [&str; 12] = [
    "close",
    "reopen",
    "title",
    "unlabel",
    "relabel",
    "unassign",
    "remove_milestone",
    "remove_estimate",
    "remove_time_spent",
    "lock",
    "unlock",
    "react",
];

macro_rules! commands {
    ($($name:literal $canonical:literal $takes:ident $i:literal $m:literal $e:literal;)*) => {
        &[$(Command {
            name: $name,
            canonical: $canonical,
            takes: Takes::$takes,
            on: [$i == 1, $m == 1, $e == 1],
            needs_object: is_dead($canonical),
        }),*]
    };
}

const fn is_dead(name: &str) -> bool {
    let mut at = 0;
    while at < DEAD.len() {
        if same(DEAD[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

/// Name, canonical name, argument, issue, merge request, epic. Source: GitLab's quick actions page, 19.4.
const COMMANDS: &[Command] = commands! {
    "add_child" "add_child" Value 1 0 1;
    "add_contacts" "add_contacts" Value 1 0 0;
    "add_email" "add_email" Value 1 0 0;
    "approve" "approve" Nothing 0 1 0;
    "assign" "assign" Value 1 1 1;
    "assign_reviewer" "assign_reviewer" Value 0 1 0;
    "award" "react" Value 1 1 1;
    "blocked_by" "blocked_by" Value 1 0 1;
    "blocks" "blocks" Value 1 0 1;
    "board_move" "board_move" Value 1 0 0;
    "cc" "cc" Value 1 1 1;
    "checkin_reminder" "checkin_reminder" Value 1 0 0;
    "clear_health_status" "clear_health_status" Nothing 1 0 1;
    "clear_weight" "clear_weight" Nothing 1 0 0;
    "clone" "clone" Value 1 0 1;
    "close" "close" Nothing 1 1 1;
    "confidential" "confidential" Nothing 1 0 1;
    "convert_to_ticket" "convert_to_ticket" Value 1 0 0;
    "copy_metadata" "copy_metadata" Value 1 1 1;
    "create_merge_request" "create_merge_request" Value 1 0 0;
    "done" "done" Nothing 1 1 1;
    "draft" "draft" Nothing 0 1 0;
    "due" "due" Value 1 0 0;
    "duplicate" "duplicate" Value 1 0 1;
    "epic" "epic" Value 1 0 1;
    "estimate" "estimate" Value 1 1 1;
    "estimate_time" "estimate" Value 1 1 1;
    "health_status" "health_status" Value 1 0 1;
    "iteration" "iteration" Value 1 0 0;
    "label" "label" Value 1 1 1;
    "labels" "label" Value 1 1 1;
    "link" "link" Text 1 0 0;
    "lock" "lock" Nothing 1 1 1;
    "merge" "merge" Nothing 0 1 0;
    "milestone" "milestone" Value 1 1 0;
    "move" "move" Value 1 0 0;
    "page" "page" Value 1 0 0;
    "promote" "promote" Nothing 1 0 0;
    "promote_to" "promote_to" Value 1 0 0;
    "promote_to_incident" "promote_to_incident" Nothing 1 0 0;
    "publish" "publish" Nothing 1 0 0;
    "react" "react" Value 1 1 1;
    "ready" "ready" Nothing 0 1 0;
    "reassign" "reassign" Value 1 1 0;
    "reassign_reviewer" "reassign_reviewer" Value 0 1 0;
    "rebase" "rebase" Nothing 0 1 0;
    "relabel" "relabel" Value 1 1 1;
    "relate" "relate" Value 1 0 1;
    "remove_child" "remove_child" Value 1 0 1;
    "remove_contacts" "remove_contacts" Value 1 0 0;
    "remove_due_date" "remove_due_date" Nothing 1 0 0;
    "remove_email" "remove_email" Value 1 0 0;
    "remove_estimate" "remove_estimate" Nothing 1 1 1;
    "remove_iteration" "remove_iteration" Nothing 1 0 0;
    "remove_label" "unlabel" Value 1 1 1;
    "remove_milestone" "remove_milestone" Nothing 1 1 0;
    "remove_parent" "remove_parent" Nothing 1 0 1;
    "remove_parent_epic" "remove_parent" Nothing 1 0 1;
    "remove_reviewer" "unassign_reviewer" Value 0 1 0;
    "remove_time_estimate" "remove_estimate" Nothing 1 1 1;
    "remove_time_spent" "remove_time_spent" Nothing 1 1 1;
    "remove_zoom" "remove_zoom" Nothing 1 0 0;
    "reopen" "reopen" Nothing 1 1 1;
    "request_changes" "request_changes" Nothing 0 1 0;
    "request_review" "request_review" Value 0 1 0;
    "reviewer" "assign_reviewer" Value 0 1 0;
    "set_parent" "epic" Value 1 0 1;
    "severity" "severity" Value 1 0 0;
    "shrug" "shrug" Text 1 1 1;
    "spend" "spend" Value 1 1 1;
    "spend_time" "spend" Value 1 1 1;
    "status" "status" Value 1 0 0;
    "submit_review" "submit_review" Text 0 1 0;
    "subscribe" "subscribe" Nothing 1 1 1;
    "tableflip" "tableflip" Text 1 1 1;
    "tag" "tag" Text 1 1 1;
    "target_branch" "target_branch" Value 0 1 0;
    "timeline" "timeline" Text 1 0 0;
    "title" "title" Text 1 1 1;
    "todo" "todo" Nothing 1 1 1;
    "type" "type" Value 1 0 0;
    "unapprove" "unapprove" Nothing 0 1 0;
    "unassign" "unassign" Value 1 1 1;
    "unassign_reviewer" "unassign_reviewer" Value 0 1 0;
    "unlabel" "unlabel" Value 1 1 1;
    "unlink" "unlink" Value 1 0 1;
    "unlock" "unlock" Nothing 1 1 1;
    "unsubscribe" "unsubscribe" Nothing 1 1 1;
    "weight" "weight" Value 1 0 0;
    "zoom" "zoom" Text 1 0 0;
};

/// The command called `name`, in any letter case.
pub fn find(name: &str) -> Option<&'static Command> {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        return COMMANDS
            .binary_search_by(|command| command.name.cmp(name))
            .ok()
            .and_then(|at| COMMANDS.get(at));
    }
    COMMANDS.iter().find(|command| command.name.eq_ignore_ascii_case(name))
}

/// All commands, sorted by name.
pub fn all() -> &'static [Command] {
    COMMANDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(COMMANDS.is_sorted_by_key(|command| command.name));
        assert_eq!(find("LABEL").map(|command| command.name), Some("label"));
        assert!(find("remove_label").is_some_and(|command| command.needs_object));
    }
}
