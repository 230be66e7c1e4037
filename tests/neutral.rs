//! Text from outside does nothing in the Markdown it is quoted in, whatever it is.

#[path = "reports/fixture.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "reports/hostile.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod hostile;

use proclint::diagnostic::Severity;
use proclint::finding::{NotChecked, Report, Suppressed, Suppression};
use proclint::report::neutral::{code, fenced, numbered, words};
use proclint::report::{Format, Style, render};
use proclint::subject::Kind;
use proptest::prelude::*;
use pulldown_cmark::{Event, Tag, TagEnd};

use hostile::{assert_inert, events, everything, hostile};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_are_only_words(text in hostile()) {
        let shown = words(&text);
        assert_inert(&shown)?;
        prop_assert!(!shown.contains('\n'));
        for event in events(&shown) {
            let is_plain = matches!(
                event,
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) | Event::Text(_) | Event::Code(_)
            );
            prop_assert!(is_plain, "{event:?} in\n{shown}");
        }
    }

    #[test]
    fn words_lose_nothing(text in "[ -~é日“”]{0,40}") {
        let kept: String = text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect();
        prop_assert_eq!(everything(&words(&text)), kept);
    }

    #[test]
    fn code_is_one_span(text in hostile()) {
        let shown = code(&text);
        assert_inert(&shown)?;
        let spans: Vec<_> = events(&shown).filter(|event| !matches!(event, Event::Start(_) | Event::End(_))).collect();
        prop_assert!(matches!(spans.as_slice(), [Event::Code(_)]), "{spans:?} of\n{shown}");
    }

    #[test]
    fn blocks_are_one_block(text in hostile(), first in 1usize..2000) {
        for shown in [fenced(&text), numbered(text.lines(), first)] {
            assert_inert(&shown)?;
            let blocks: Vec<_> = events(&shown).filter(|event| !matches!(event, Event::Text(_))).collect();
            prop_assert_eq!(blocks.len(), 2, "{:?} of\n{}", blocks, shown);
            prop_assert!(matches!(blocks.first(), Some(Event::Start(Tag::CodeBlock(_)))));
        }
    }

    #[test]
    fn a_report_of_hostile_text_is_inert(
        texts in prop::collection::vec(hostile(), 9),
        is_baseline: bool,
    ) {
        let [text, message, help, name, path, quote, id, reason, owner] = texts.as_slice() else { return Ok(()) };
        let rule = fixture::rule(id, quote);
        let mut finding = fixture::finding(text, 0..text.len(), &rule, Severity::Error);
        finding.message.clone_from(message);
        finding.help.clone_from(help);
        let mut waived = finding.clone();
        waived.path = Some(path.clone());
        let mut subject = fixture::checked(Kind::Issue, name, text, vec![finding, waived.clone()]);
        let waiver = Suppression::Waiver { reason: reason.clone(), owner: Some(owner.clone()), until: None, line: 1 };
        let suppression = if is_baseline { Suppression::Baseline } else { waiver };
        subject.suppressed = vec![Suppressed { finding: waived, suppression }];
        subject.not_checked =
            vec![NotChecked { subject: name.clone(), rule: Some(id.clone()), reason: reason.clone() }];
        let report = Report { subjects: vec![subject], checked: 1, ..Report::default() };
        let mut out = Vec::new();
        prop_assert!(render(Format::Markdown, &report, &Style::default(), &mut out).is_ok());
        let shown = String::from_utf8_lossy(&out);
        assert_inert(&shown)?;
        for event in events(&shown) {
            if let Event::Start(Tag::Link { dest_url, .. }) = &event {
                prop_assert!(dest_url.starts_with("https://handbook.example/"), "{dest_url} in\n{shown}");
            }
            let is_alien = matches!(
                event,
                Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::InlineMath(_)
                    | Event::DisplayMath(_) | Event::Rule | Event::TaskListMarker(_)
                    | Event::Start(Tag::Image { .. } | Tag::BlockQuote(_) | Tag::Table(_) | Tag::MetadataBlock(_))
            );
            prop_assert!(!is_alien, "{event:?} in\n{shown}");
        }
    }
}
