//! What people write for proclint itself: rules and configurations, refused at the place of a mistake or used.

use proclint::config::Config;
use proclint::drift::Citation;
use proclint::engine;
use proclint::example;
use proclint::load::{RecordKind, file_subject, kind_of};
use proclint::rule::set::{ConfigText, OwnFile, Selection};
use proclint::rule::{RuleError, RuleSet};
use proclint::subject::Subject;
use serde_json::json;

use super::given::{record, world};
use super::spans;

/// The name of the file, and so the only id that is taken.
const ID: &str = "mine";

/// Any text as a rule file.
pub fn rules(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    spans::yaml(&text);
    let _ = Citation::read(&text);
    let own = [OwnFile { path: format!("rules/{ID}.yml"), text: text.clone() }];
    let select = Selection { select: vec![ID.to_owned()], ignore: Vec::new() };
    match RuleSet::new(&own, Config::default(), &ConfigText::default(), &select) {
        Ok(rules) => {
            try_out(&rules);
            for claims in [example::run(&text, &rules).map(drop), example::showcases(&text, &rules).map(drop)]
            {
                if let Err(error) = claims {
                    assert!(text.get(error.span.range()).is_some(), "{error:?}");
                }
            }
        }
        Err(error) => placed(error, &text),
    }
}

/// Any text as the configuration.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    spans::yaml(&text);
    let config = match Config::read(&text) {
        Ok(config) => config,
        Err(error) => return assert!(text.get(error.span.range()).is_some(), "{error:?}"),
    };
    let shown = ConfigText { path: ".proclint.yml".to_owned(), text: text.clone() };
    match RuleSet::new(&[], config, &shown, &Selection::default()) {
        Ok(rules) => try_out(&rules),
        Err(error) => placed(error, &text),
    }
}

/// An error has a place in the text, and can be shown.
fn placed(error: RuleError, text: &str) {
    let place = match &error {
        RuleError::File { span, .. } | RuleError::Config { span, .. } => *span,
        _ => return,
    };
    assert!(text.get(place.offset()..place.offset() + place.len()).is_some(), "{error:?}");
    let shown = format!("{:?}", miette::Report::new(error));
    assert!(!shown.is_empty());
}

fn try_out(rules: &RuleSet) {
    let world = world();
    for subject in samples() {
        spans::exact(&subject, &engine::check(&subject, rules, &world, false));
    }
}

/// A few subjects that many rules have something to say about.
fn samples() -> Vec<Subject> {
    let page = "---\ntitle: A page\nlast_reviewed: 2020-01-01\n---\n# Why 監査\n\nSee #12, an MVC. Closes !7.\n\n\
        - [ ] open\n- [x] done\n\n| Reach | Impact |\n|---|---|\n| 1 | 2 |\n\n/label ~\"a b\" ~c\n";
    let paths = ["content/a.md", ".gitlab/issue_templates/Bug.md", "CODEOWNERS"];
    let file = |path: &str| {
        let (kind, format) = kind_of(path).expect("a known kind");
        file_subject(path, page.to_owned(), kind, format)
    };
    let value = json!([
        {"iid": 1, "title": "An MVC", "description": page, "labels": ["a::b"], "source_branch": "a",
         "commits": [{"message": "Fix it\n\nCloses #1"}], "notes": [{"body": "ok #2"}],
         "diffs": [{"old_path": "a.md", "new_path": "a.md", "diff": "@@ -1 +1 @@\n-a\n+b #3\n"}]},
        {"iid": 2, "title": "OKRs", "description": "/label ~a", "labels": [], "milestone": {"title": "17.9"}},
    ]);
    paths.into_iter().map(file).chain(record(&value, RecordKind::Any)).collect()
}
