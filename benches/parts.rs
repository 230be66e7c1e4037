//! What the pieces of a run cost, on text made from a seed: `cargo bench --bench parts`, with a part of a name to run fewer.
#![allow(clippy::expect_used, reason = "a bench says what it expects")]

#[allow(dead_code, reason = "the other bench uses the rest")]
mod corpus;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use proclint::config::Config;
use proclint::document::Document;
use proclint::engine;
use proclint::finding::Report;
use proclint::fix::{Reach, mend};
use proclint::load::{file_subject, record_subject};
use proclint::report::{Format, Style, render};
use proclint::rule::RuleSet;
use proclint::rule::set::{ConfigText, Selection};
use proclint::subject::{self, Kind, Subject};
use proclint::world::World;

use corpus::{ENGLISH, JAPANESE, TEMPLATE, merge_request, page, references};

/// 1 KB to 10 MB.
const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

fn main() {
    divan::main();
}

/// The rules of a run without configuration.
fn rules() -> RuleSet {
    RuleSet::new(&[], Config::default(), &ConfigText::default(), &Selection::default()).expect("rules")
}

fn world() -> World {
    World::on(jiff::civil::date(2025, 9, 1))
}

fn page_subject(text: String) -> Subject {
    file_subject("content/page.md", text, Kind::Page, subject::Format::Markdown)
}

fn template() -> Subject {
    let path = ".gitlab/issue_templates/feature.md";
    file_subject(path, TEMPLATE.to_owned(), Kind::IssueTemplate, subject::Format::Markdown)
}

fn request() -> Subject {
    record_subject(&merge_request(300), Kind::MergeRequest, None)
}

fn report(findings: usize) -> Report {
    let checked = engine::check(&page_subject(references(findings)), &rules(), &world(), false);
    Report { checked: 1, bytes: checked.bytes, subjects: vec![checked], ..Report::default() }
}

mod start {
    use super::*;

    /// The choice of rules, none of them compiled.
    #[divan::bench]
    fn choose_rules() -> RuleSet {
        rules()
    }

    /// Every rule compiled.
    #[divan::bench]
    fn compile_all_rules(bencher: Bencher) {
        bencher.with_inputs(rules).bench_refs(|rules| {
            Kind::ALL.iter().map(|kind| black_box(rules.of_kind(*kind)).0.len()).sum::<usize>()
        });
    }

    /// A template, from nothing.
    #[divan::bench]
    fn first_template(bencher: Bencher) {
        let (subject, world) = (template(), world());
        bencher.with_inputs(rules).bench_refs(|rules| engine::check(&subject, rules, &world, false));
    }

    /// A merge request with 300 lines of diff, from nothing.
    #[divan::bench]
    fn first_merge_request(bencher: Bencher) {
        let (subject, world) = (request(), world());
        bencher.with_inputs(rules).bench_refs(|rules| engine::check(&subject, rules, &world, false));
    }
}

mod page_of_size {
    use super::*;

    fn over_sizes(bencher: Bencher, size: usize, words: &[&str], run: impl Fn(&Subject) + Sync) {
        let subject = page_subject(page(1, size, words));
        run(&subject);
        bencher.counter(BytesCount::new(subject.text.len())).bench(|| run(&subject));
    }

    /// The literals of all rules in one pass.
    #[divan::bench(args = SIZES)]
    fn prefilter(bencher: Bencher, size: usize) {
        let rules = rules();
        over_sizes(bencher, size, ENGLISH, |subject| drop(black_box(rules.touched(&Document::new(subject)))));
    }

    /// Markdown to outlines.
    #[divan::bench(args = SIZES)]
    fn document(bencher: Bencher, size: usize) {
        over_sizes(bencher, size, ENGLISH, |subject| {
            black_box(Document::new(subject).outlines());
        });
    }

    /// All default rules on English text.
    #[divan::bench(args = SIZES)]
    fn check(bencher: Bencher, size: usize) {
        let (rules, world) = (rules(), world());
        over_sizes(bencher, size, ENGLISH, |subject| {
            drop(black_box(engine::check(subject, &rules, &world, false)))
        });
    }

    /// All default rules on Japanese text.
    #[divan::bench(args = SIZES)]
    fn check_japanese(bencher: Bencher, size: usize) {
        let (rules, world) = (rules(), world());
        over_sizes(bencher, size, JAPANESE, |subject| {
            drop(black_box(engine::check(subject, &rules, &world, false)))
        });
    }
}

/// Each rule on a page that holds what rules look for.
#[divan::bench(args = ids())]
fn rule(bencher: Bencher, id: &str) {
    let selection = Selection { select: vec![id.to_owned()], ignore: Vec::new() };
    let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &selection).expect("a rule");
    let (subject, world) = (page_subject(page(1, 100_000, ENGLISH)), world());
    engine::check(&subject, &rules, &world, false);
    bencher.bench(|| engine::check(&subject, &rules, &world, false));
}

/// The rules that read pages without being asked for.
fn ids() -> Vec<&'static str> {
    let built_in = proclint::rule::set::built_in().iter();
    let page = |on: u16| on & (1 << Kind::Page as u16) != 0;
    built_in.filter(|rule| rule.default && page(rule.on)).map(|rule| rule.id).collect()
}

/// Reports of 1,000 findings.
#[divan::bench(args = Format::ALL.map(Format::name))]
fn report_of_1000(bencher: Bencher, format: &str) {
    let (report, format) = (report(1_000), Format::from_name(format).expect("a format"));
    bencher.bench(|| {
        let mut out = Vec::new();
        render(format, &report, &Style::default(), &mut out).expect("written");
        out
    });
}

/// Safe fixes of a template with as many findings.
#[divan::bench(args = [1, 10, 100])]
fn fix(bencher: Bencher, findings: usize) {
    let (rules, world) = (rules(), world());
    let path = ".gitlab/issue_templates/feature.md";
    let subject = file_subject(path, references(findings), Kind::IssueTemplate, subject::Format::Markdown);
    let check = |subject: &Subject| engine::check(subject, &rules, &world, false);
    let held = check(&subject);
    bencher.bench(|| mend(&subject, &held, Reach::Safe, &check));
}
