//! Hostile texts: whatever is repeated in them, the work grows with their length and the stack does not.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;
use proclint::config::Config;
use proclint::engine;
use proclint::load::gitlab::{Access, Gitlab, GitlabError, ProxyChoice, SystemClock, Token};
use proclint::load::{file_subject, kind_of};
use proclint::rule::RuleSet;
use proclint::rule::set::{ConfigText, Selection};
use proclint::subject::{Format, Kind};
use proclint::world::World;

/// Bytes of a text full of findings; work that grows with its square takes minutes in a debug build.
const DENSE: usize = 96 << 10;

/// Bytes of a text that is hard to read.
const SPARSE: usize = 512 << 10;

/// A text of linear work takes far less of a processor than this.
const BOUND: Duration = Duration::from_secs(20);

/// What findings are made of.
const FINDINGS: [&str; 17] = [
    "see #21549 and ",
    "- #21549\n",
    "1. [ ] #21549\n",
    "(#21549 ",
    "*#21549* ",
    "&amp; #12 ",
    "closes #21549, ",
    "A b. #21549! C? ",
    "監査イベント#21549。",
    "[#12](https://gitlab.com/a/b/-/issues/12) ",
    "- [#12](https://gitlab.com/a/b/-/issues/12)\n",
    "<a href=x>#12</a> ",
    "MVC and OKR. ",
    "- [ ] MVC\n/label ~a\n",
    "\u{200b}#21549",
    "<!-- proclint: allow bare-reference: old -->\n\n",
    "a**b__c*d_",
];

/// What is hard to read; every text ends in something to find, so that it is read at all.
const MARKUP: [&str; 33] = [
    "lorem ipsum ",
    "[",
    "[a](",
    "![[",
    "[^a] ",
    "{{",
    "{{< ",
    "{% ",
    "{#",
    "<% ",
    "<",
    "<a \"",
    "<!-- ",
    "<div>\n\n/label ~a\n\n",
    "<details>\n\n/label ~a\n\n</details>\n\n",
    "*a _b ",
    "**a*b_",
    "` `` ",
    "$a $$ ",
    "~~a~~ ",
    "https://",
    "www.",
    "https://a.example/((",
    "))",
    "a/b ",
    "/label ~a\n",
    "> /label ~a\n\n",
    "/label ~a\n---\n",
    "# a {#b}\n\n",
    ">>>\na\n>>>\n\n",
    "[a]: /b\n",
    "a\r",
    "\t-\t",
];

/// Texts that nest or run on in a way no repetition gives.
fn others() -> Vec<String> {
    let rows = "| #21549 | some words | [#12](https://gitlab.com/a/b/-/issues/12) |\n".repeat(DENSE / 70);
    vec![
        format!("{} x", ">".repeat(10_000)),
        format!("{}x", "- ".repeat(10_000)),
        (0..700).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
        format!("| a | b | c |\n| --- | --- | --- |\n{rows}"),
        format!("{}|\n{}|\n{}|\n", "|a".repeat(9000), "|-".repeat(9000), "|#21549".repeat(9000)),
        format!("https://a.example/{}", ")".repeat(SPARSE)),
        format!("https://a.example/{}", "(]".repeat(SPARSE / 2)),
        format!("a{}", "\u{301}".repeat(SPARSE / 2)),
        format!("<!--\n{}-->", "/label ~a\n".repeat(SPARSE / 10)),
        format!("---\ntitle: {}\n---\n", "[".repeat(10_000)),
        format!("---\n{}---\n", (0..SPARSE / 12).map(|key| format!("a{key}: b\n")).collect::<String>()),
        (1..700).map(|ticks| "`".repeat(ticks) + " ").collect(),
    ]
}

/// How long this thread has had a processor: whatever else a busy machine does is not in it.
#[cfg(target_os = "linux")]
fn worked() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_THREAD).expect("the thread's own usage");
    let spent = usage.user_time() + usage.system_time();
    Duration::from_micros(spent.num_microseconds().unsigned_abs())
}

#[cfg(not(target_os = "linux"))]
fn worked() -> Duration {
    static BEGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(std::time::Instant::now).elapsed()
}

fn check(texts: impl Iterator<Item = String>, paths: &[&str]) {
    let rules = RuleSet::all().expect("all rules are chosen");
    let world = World::on(date(2026, 3, 15));
    for text in texts {
        let text = format!("{text}\n\n#21549, an MVC, [#12](https://gitlab.com/a/b/-/issues/12).\n");
        let start: String = text.chars().take(40).collect();
        for path in paths {
            let (kind, format) = kind_of(path).expect("a known kind");
            let subject = file_subject(path, text.clone(), kind, format);
            let began = worked();
            engine::check(&subject, &rules, &world, false);
            let took = worked() - began;
            assert!(took < BOUND, "{path} with {start:?} … took {took:?}");
        }
    }
    assert!(worked() > Duration::ZERO, "the clock runs");
}

#[test]
fn many_findings_take_no_longer_each() {
    let texts = FINDINGS.iter().map(|part| part.repeat(DENSE / part.len()));
    check(texts, &["page.md", ".gitlab/issue_templates/Bug.md"]);
}

#[test]
fn a_long_text_takes_no_longer_a_byte() {
    check(MARKUP.iter().map(|part| part.repeat(SPARSE / part.len())), &["page.md"]);
}

#[test]
fn deep_and_odd_texts_are_read_like_others() {
    check(others().into_iter(), &["page.md"]);
}

#[test]
fn what_exceeds_the_number_of_findings_is_counted() {
    let select = Selection { select: vec!["bare-reference".to_owned()], ignore: Vec::new() };
    let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &select).expect("a rule");
    let subject = file_subject("page.md", "- #21549\n".repeat(25_003), Kind::Page, Format::Markdown);
    let checked = engine::check(&subject, &rules, &World::on(date(2026, 3, 15)), false);
    assert_eq!(checked.findings.len(), 25_000);
    let reasons: Vec<_> = checked.not_checked.iter().map(|gap| gap.reason.as_str()).collect();
    assert_eq!(reasons, ["3 more findings, after the first 25000"]);
}

/// An answer that is small on its way and without an end once it is unpacked.
#[test]
fn an_answer_of_the_server_is_read_up_to_its_limit() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let spaces = vec![b' '; 1 << 20];
    (0..80).for_each(|_| packed.write_all(&spaces).expect("memory"));
    let packed = packed.finish().expect("memory");
    assert!(packed.len() < 1 << 20);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a call");
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n";
        let _ = stream.read(&mut [0; 4096]);
        let _ = write!(stream, "{head}content-length: {}\r\n\r\n", packed.len());
        let _ = stream.write_all(&packed);
    });
    let mut access = Access::new(format!("http://{address}/api/v4"), Token::none());
    access.connection.proxy = ProxyChoice::None;
    let gitlab = Gitlab::new(access, Box::new(SystemClock)).expect("an address");
    let error = gitlab.project("group/project").expect_err("no end");
    assert!(matches!(error, GitlabError::Large { megabytes: 64, .. }), "{error}");
    assert_eq!(gitlab.calls(), 1, "it is not asked for again");
}

#[test]
fn the_page_about_limits_names_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/limits.md")).expect("the page");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 10, "a table");
    for row in rows {
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let [_, file, _, words, _] = last.split('`').collect::<Vec<_>>()[..] else {
            assert!(last.starts_with("none: "), "{row}");
            continue;
        };
        let text = fs::read_to_string(root.join(file)).expect(file);
        assert!(text.contains(words), "{row}");
    }
}
