use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::load::file_subject;
use crate::subject::Format;

fn project() -> Hygiene {
    let mut hygiene = Hygiene { complete: true, ..Hygiene::default() };
    let labels =
        ["type::bug", "type::feature", "bug", "Bug", "P1", "P2", "idle"].map(|name| json!({"name": name}));
    hygiene.set_labels(stock::labels(&labels));
    let milestones = ["17.1", "17.2", "Backlog"].map(|title| json!({"title": title}));
    hygiene.set_milestones(stock::milestones(&milestones));
    let text = "/label ~P3\n/milestone %17.9\n".to_owned();
    hygiene.read(&file_subject(".gitlab/issue_templates/A.md", text, Kind::IssueTemplate, Format::Markdown));
    hygiene
}

fn settled(mut hygiene: Hygiene) -> Hygiene {
    hygiene.settle("2026-03-01");
    hygiene
}

fn told(hygiene: &Hygiene) -> Vec<(FlawKind, &str)> {
    hygiene.flaws.iter().map(|flaw| (flaw.kind, flaw.name.as_str())).collect()
}

proptest! {
    /// Whoever counts the records, in however many parts, the sum is the same; and it survives being written down.
    #[test]
    fn parts_add_up_to_the_whole(
        records in prop::collection::vec((0_usize..9, any::<bool>(), any::<bool>()), 0..40)
    ) {
        let names = ["type::bug", "bug", "Bug", "P1", "P9", "secret", "type::bugs", "idle", "17.1"];
        let (mut whole, mut one, mut other) = (project(), project(), project());
        for (name, confidential, first) in records {
            let labels = [names[name].to_owned()];
            let part = if first { &mut one } else { &mut other };
            part.record(&labels, Some(names[name]), confidential);
            whole.record(&labels, Some(names[name]), confidential);
        }
        let written = serde_json::to_string(&settled(other)).unwrap();
        one.merge(serde_json::from_str(&written).unwrap());
        prop_assert_eq!(settled(one), settled(whole));
    }
}

#[test]
fn names_of_confidential_items_are_not_told() {
    let mut hygiene = project();
    hygiene.record(&["acme takeover".to_owned(), "type::bug".to_owned()], Some("Acme"), true);
    let json = serde_json::to_string(&settled(hygiene.clone())).unwrap().to_lowercase();
    assert!(!json.contains("acme"), "{json}");
    assert_eq!(hygiene.labels.used["type::bug"], 1);
    hygiene.shows_confidential = true;
    hygiene.record(&["acme takeover".to_owned()], None, true);
    assert!(told(&settled(hygiene)).contains(&(FlawKind::Missing, "acme takeover")));
}

#[test]
fn nothing_is_called_unused_before_all_records_were_seen() {
    let unused = |hygiene: &Hygiene| told(hygiene).contains(&(FlawKind::Unused, "idle"));
    assert!(unused(&settled(project())));
    let partial = settled(Hygiene { complete: false, ..project() });
    assert!(!unused(&partial));
    assert!(partial.not_checked.iter().any(|reason| reason.contains("unused")), "{:?}", partial.not_checked);
}

#[test]
fn made_up_names_cost_a_bounded_memory() {
    let mut hygiene = project();
    for number in 0..30_000 {
        hygiene.record(&[format!("made up {number}"), "x".repeat(5_000)], None, false);
    }
    hygiene.record(&["type::bug".to_owned()], None, false);
    assert_eq!((hygiene.labels.used.len(), hygiene.labels.more), (10_001, 50_000));
    assert_eq!(hygiene.labels.used["type::bug"], 1);
}

#[test]
fn mentions_are_what_gitlab_would_look_up() {
    let names = |path: &str, kind, text: &str| {
        let format = if path.ends_with(".yml") { Format::Yaml } else { Format::Markdown };
        let subject = file_subject(path, text.to_owned(), kind, format);
        let document = Document::new(&subject);
        let found = mention::mentions(&document);
        found
            .iter()
            .for_each(|found| assert!(found.name.contains(found.span.of(text)) || text.contains('{')));
        found.into_iter().map(|found| found.name).collect::<Vec<_>>()
    };
    let page = "~\"a b\" and `~c::d`, ~e. Not HEAD~1, ~/home, ~~gone~~, 5~10, \\~f, ~\"group::<name>\", 50%of, %{x}.\n\n```sh\ncd ~user; echo ~\"g\"; [[ x =~\"h\" ]]\n```\n\n%\"Next up\" %17.5\n";
    assert_eq!(names("a.md", Kind::Page, page), ["a b", "c::d", "e", "g", "Next up", "17.5"]);
    let policy = "resource_rules:\n  issues:\n    rules:\n    - conditions: {labels: [None, 'p::{1..2}'], milestone: '9.1', author: x}\n      actions:\n        labels: ['{{author}}']\n        comment: |\n          /label ~z\n";
    assert_eq!(names(".triage-policies.yml", Kind::DataFile, policy), ["p::1", "p::2", "9.1", "z"]);
}
