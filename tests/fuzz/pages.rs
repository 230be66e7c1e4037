//! Pages of a handbook: held against rules and judgements, and shown as HTML.

use std::sync::LazyLock;

use proclint::coverage::{Basis, Coverage, Enforcer, Judgements};
use proclint::drift::{Citation, Page};
use proclint::rule::set::{built_in, judged};

use super::readers;

/// What the shipped rules and words hold against a page that none of them mentions.
static BASIS: LazyLock<Basis> = LazyLock::new(|| {
    let rules = built_in().iter().take(12).filter_map(|rule| {
        let citation = Citation::read(rule.yaml)?;
        Some(Enforcer { title: rule.id.to_owned(), citation })
    });
    let files = judged().iter().map(|(page, text)| Judgements {
        page: (*page).to_owned(),
        path: format!("rules/judged/{page}.yml"),
        text: (*text).to_owned(),
    });
    Basis::new("unknown", &rules.collect::<Vec<_>>(), &files.collect::<Vec<_>>()).expect("shipped files")
});

/// Any text as a page: its HTML has the elements of the template and no others, and every normative sentence.
pub fn pages(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let coverage = Coverage::new(&text, &BASIS);
    let html = coverage.html("a page");
    let shown = readers::html(&html);
    for sentence in &coverage.sentences {
        assert!(shown.contains(&readers::squeezed(&sentence.text)), "{:?} is not shown", sentence.text);
    }
    let page = Page::new(&text);
    for rule in &BASIS.rules {
        let drift = page.compare(&rule.citation);
        readers::json(&serde_json::to_vec(&drift).expect("a state has a JSON form"));
    }
    let quote = text.chars().take(80).collect();
    let own = Citation { rule: "a".to_owned(), url: "b".to_owned(), heading: String::new(), quote };
    let _ = page.compare(&own);
}
