use super::*;
use crate::load::record_subject;
use proptest::prelude::*;
use serde_json::json;

fn state(fields: &serde_json::Value) -> State {
    State::of(&record_subject(fields, Kind::Issue, None))
}

fn read(lines: &[&str]) -> Vec<Action> {
    lines.iter().map(|line| Action::read(line, Kind::Issue).unwrap()).collect()
}

fn lines(actions: &[Action]) -> Vec<String> {
    actions.iter().map(|action| action.line().unwrap()).collect()
}

#[test]
fn only_what_can_be_undone_is_read() {
    for line in [
        "/label ~\"a b\" ~\"c::d\"",
        "/unlabel ~\"a\"",
        "/assign @anna @b.c-d",
        "/milestone %\"Next 1-3 releases\"",
        "/remove_milestone",
        "/weight 3",
        "/due 2026-03-15",
        "/close",
    ] {
        assert_eq!(lines(&read(&[line])), [line]);
    }
    for (line, reason) in [
        ("/confidential", "`/confidential` cannot be undone"),
        ("/title New", "`/title` cannot be undone"),
        ("/unlabel", "the argument of `/unlabel` is not written out in full"),
        ("/unassign", "the argument of `/unassign` is not written out in full"),
        ("/assign me", "the argument of `/assign` is not written out in full"),
        ("/assign @me", "the argument of `/assign` is not written out in full"),
        ("/label ~12", "the argument of `/label` is not written out in full"),
        ("/label ~\"a\"/close", "the argument of `/label` is not written out in full"),
        ("/label ~\"a\n/close\"", "the argument of `/label` is not written out in full"),
        ("/due tomorrow", "the argument of `/due` is not written out in full"),
        ("/close now", "the argument of `/close` is not written out in full"),
        ("/nonsense", "it is no quick action that GitLab knows"),
        ("words", "it is no quick action that GitLab knows"),
    ] {
        assert_eq!(Action::read(line, Kind::Issue), Err(reason.to_owned()), "{line:?}");
    }
    assert!(Action::read("/close", Kind::MergeRequest).is_err());
    assert!(Action::read("/label ~a", Kind::Epic).is_err());
}

#[test]
fn the_inverse_brings_back_what_was() {
    let before = state(&json!({
        "iid": 1, "labels": ["bug", "workflow::a", "group::x"], "milestone": {"title": "17.1"}, "weight": null,
        "assignees": [{"username": "anna"}], "due_date": "2026-01-02", "state": "opened",
    }));
    let back = |done: &[&str]| undo(&read(done), &before).map(|back| lines(&back));
    let said = |lines: &[&str]| Ok(lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
    assert_eq!(back(&["/label ~\"bug\" ~\"new\""]), said(&["/unlabel ~\"new\""]));
    let displaced = said(&["/unlabel ~\"workflow::b\"", "/label ~\"workflow::a\""]);
    assert_eq!(back(&["/label ~\"workflow::b\""]), displaced);
    assert_eq!(back(&["/unlabel ~\"bug\" ~\"never there\""]), said(&["/label ~\"bug\""]));
    assert_eq!(back(&["/assign @bob"]), said(&["/unassign @bob", "/assign @anna"]));
    assert_eq!(back(&["/remove_milestone"]), said(&["/milestone %\"17.1\""]));
    assert_eq!(back(&["/weight 2", "/due 2026-02-02"]), said(&["/clear_weight", "/due 2026-01-02"]));
    assert_eq!(back(&["/close"]), said(&["/reopen"]));
    let unsaid = undo(&read(&["/weight 2"]), &state(&json!({"iid": 1, "labels": []})));
    assert_eq!(unsaid, Err("the record does not say what its weight is".to_owned()));
    let quoted = state(&json!({"iid": 1, "labels": ["a::say \"hi\""]}));
    assert!(undo(&read(&["/label ~\"a::b\""]), &quoted).is_err());
}

#[test]
fn what_replaces_somebodys_choice_does_not_only_add() {
    let before =
        state(&json!({"iid": 1, "labels": ["a::b"], "milestone": {"title": "17.1"}, "weight": null}));
    let only_adds = |line: &str| read(&[line])[0].only_adds(&before);
    assert!(only_adds("/label ~\"c\"") && only_adds("/weight 1"));
    for line in
        ["/label ~\"a::c\"", "/unlabel ~\"a::b\"", "/milestone %\"17.2\"", "/due 2026-01-02", "/close"]
    {
        assert!(!only_adds(line), "{line}");
    }
}

proptest! {
    /// Whatever a label is called, its line is one line and reads as that label alone, or there is no line.
    #[test]
    fn no_name_ends_its_line_or_begins_a_command(name in "(?s)[\\PC\n\r\t\"/~%@` <>-]{0,12}", by_user in any::<bool>()) {
        let names = BTreeSet::from([name]);
        let action = if by_user { Action::Assign(names) } else { Action::Label(names) };
        if let Ok(line) = action.line() {
            prop_assert_eq!(line.lines().count(), 1);
            prop_assert_eq!(Action::read(&line, Kind::Issue), Ok(action));
        }
    }
}
