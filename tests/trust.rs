//! By whose rules a merge request is judged: by those of its target, whatever it brings along.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use job::{Files, Job, Ran, commit};
use serde_json::json;
use sha2::{Digest, Sha256};

const OLD: &str = "# Page\n\nText.\n";
const NEW: &str = "# Page\n\nText.\n\nSee #1001, and utilise it.\n";
const IN_PAGE: &str = "docs/page.md:5 bare-reference #1001";

const RULE: &str = "id: plain-words\ntitle: Plain words\nfrom: https://handbook.example/words/#plain\nheading: Plain\n\
                    quote: \"Use plain words.\"\nsays: should\nseverity: warning\non: [page]\nmessage: \"Say `{hit}` in \
                    plain words\"\nhelp: \"Replace the word.\"\ntext:\n  match: \"utilise\"\n  literals: [utilise]\n\
                    examples:\n  - bad: \"We «utilise» it.\"\n  - good: \"We use it.\"\n";

/// A job whose target holds `target` beside a page, and whose source changes the page and makes `change`.
fn job(target: Files<'_>, change: Files<'_>) -> Job {
    Job::new(&[&[("docs/page.md", OLD)], target].concat(), &[&[("docs/page.md", NEW)], change].concat())
}

fn of_page(ran: &Ran) -> Vec<String> {
    ran.found().into_iter().filter(|finding| finding.starts_with("docs/")).collect()
}

/// The preview: its files, how many findings would come and go, and its error.
fn preview(ran: &Ran) -> (Vec<&str>, usize, usize, String) {
    let preview = &ran.report["preview"];
    let files = preview["files"].as_array().unwrap_or_else(|| panic!("no preview: {}", ran.out));
    let count = |key: &str| preview[key].as_array().expect("a list").len();
    let error = preview["error"].as_str().unwrap_or_default().to_owned();
    (files.iter().filter_map(|file| file.as_str()).collect(), count("appearing"), count("vanishing"), error)
}

#[test]
fn a_merge_request_that_leaves_the_rules_alone_has_no_preview() {
    let job = job(&[(".proclint.yml", "rules: {bare-reference: error}\n")], &[]);
    let ran = job.run(&["--select=bare-reference"]);
    assert_eq!((ran.code, of_page(&ran)), (1, vec![IN_PAGE.to_owned()]));
    assert_eq!(
        (&ran.report["diagnostics"][0]["severity"], &ran.report["preview"]),
        (&json!("error"), &json!(null))
    );
}

#[test]
fn nobody_switches_off_the_rule_that_finds_him() {
    let off = "rules: {bare-reference: off}\n";
    for target in [&[][..], &[(".proclint.yml", "rules: {bare-reference: error}\n")]] {
        let job = job(target, &[(".proclint.yml", off)]);
        let ran = job.run(&[]);
        assert_eq!((ran.code, of_page(&ran)), (1, vec![IN_PAGE.to_owned()]));
        let (files, appearing, vanishing, error) = preview(&ran);
        assert_eq!((files, appearing, vanishing, error.as_str()), (vec![".proclint.yml"], 0, 1, ""));
        assert_eq!(ran.report["preview"]["vanishing"][0]["rule"], json!("bare-reference"));
    }
    let excluded = job(&[], &[(".proclint.yml", "exclude: [docs/]\n")]);
    let ran = excluded.run(&["--format=concise", "--select=bare-reference"]);
    assert_eq!(ran.code, 1);
    let told: Vec<_> = ran.out.lines().filter(|line| line.starts_with("preview: ")).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    preview: this merge request changes .proclint.yml; the verdict is that of the target branch. Once merged, it would add 0 findings and remove 1
    preview: - docs/page.md:5: warning bare-reference: Say what `#1001` is about: a number alone tells a reader nothing
    ");
}

#[test]
fn a_broken_or_outreaching_configuration_has_no_effect() {
    for broken in
        ["rules: [", "rule-folders: [/etc]\n", "rule-folders: [../../etc]\n", "rule-folders: [docs/../..]\n"]
    {
        let job = job(&[(".proclint.yml", "{}\n")], &[(".proclint.yml", broken)]);
        let ran = job.run(&["--select=bare-reference"]);
        assert_eq!((ran.code, of_page(&ran)), (1, vec![IN_PAGE.to_owned()]), "{broken}");
        let (.., error) = preview(&ran);
        let expected = if broken.contains("folders") { "outside of the repository" } else { "configuration" };
        assert!(error.contains(expected), "{broken}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_configuration_is_not_followed() {
    let job = job(&[(".proclint.yml", "rules: {bare-reference: error}\n")], &[]);
    let (outside, origin) = (job.work().join("../outside.yml"), job.origin());
    std::fs::write(&outside, "rules: {bare-reference: off}\n").expect("written");
    std::fs::remove_file(origin.join(".proclint.yml")).expect("removed");
    std::os::unix::fs::symlink(&outside, origin.join(".proclint.yml")).expect("a link");
    let head = commit(&origin, &[], "Link the configuration");
    let mut job = job;
    job.clone_at("topic", 20);
    job.set("CI_COMMIT_SHA", &head);
    let ran = job.run(&["--select=bare-reference"]);
    assert_eq!((ran.code, of_page(&ran)), (1, vec![IN_PAGE.to_owned()]));
    assert_eq!(preview(&ran).0, [".proclint.yml"]);
}

#[test]
fn rules_and_baseline_are_those_of_the_target_wherever_they_are_named() {
    let weak = RULE.replace("[utilise]", "[leverage]").replace("utilise", "leverage");
    let config = "rule-folders: [ci/rules]\n";
    let target = [
        ("ci/rules/plain-words.yml", RULE),
        ("ci/proclint.yml", "rule-folders: [rules]\n"),
        (".proclint.yml", config),
    ];
    let entry = "{\"subject\":\"docs/page.md\",\"rule\":\"bare-reference\",\"text\":\"#1001\",\"count\":1,\"kind\":\"page\",\
                 \"fingerprint\":\"0\"}\n";
    let job = job(&target, &[("ci/rules/plain-words.yml", &weak), ("list.ndjson", entry)]);
    let both = [IN_PAGE.to_owned(), "docs/page.md:5 plain-words utilise".to_owned()];
    let by_default = job.run(&["--select=bare-reference,plain-words"]);
    let named = job.run(&["--select=bare-reference,plain-words", "--config=ci/proclint.yml"]);
    let folder = job.run(&["--select=bare-reference,plain-words", "--config=README.yml", "--rules=ci/rules"]);
    for ran in [by_default, named, folder] {
        assert_eq!((ran.code, of_page(&ran)), (1, both.to_vec()), "{}", ran.err);
        assert_eq!((preview(&ran).0, preview(&ran).2), (vec!["ci/rules/plain-words.yml"], 1));
    }
    let listed = job.run(&["--select=bare-reference,plain-words", "--baseline=list.ndjson"]);
    assert_eq!(of_page(&listed), both);
    assert!(
        listed.gaps().iter().any(|gap| gap.starts_with("list.ndjson: the target branch does not have it"))
    );
    assert_eq!(preview(&listed).0, ["ci/rules/plain-words.yml", "list.ndjson"]);
}

#[test]
fn a_waiver_counts_only_where_the_target_lets_it() {
    let page = "# Page\n\nText.\n\n<!-- proclint: allow bare-reference: it is known here -->\nSee #1001.\n";
    let waived = Job::new(&[("docs/page.md", OLD)], &[("docs/page.md", page)]);
    let ran = waived.run(&["--select=bare-reference"]);
    assert_eq!((ran.code, of_page(&ran), &ran.report["summary"]["waived"]), (0, vec![], &json!(1)));

    let policy = ("waivable: false\n", "waivable: true\n");
    let target = [("docs/page.md", OLD), (".proclint.yml", policy.0)];
    let refused = Job::new(&target, &[("docs/page.md", page), (".proclint.yml", policy.1)]);
    let ran = refused.run(&["--select=bare-reference"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
}

#[test]
fn a_description_is_not_excused_by_a_template_that_comes_with_it() {
    let text = "See #1002.\n";
    let with = Job::new(&[(".gitlab/merge_request_templates/Default.md", text)], &[("docs/page.md", OLD)]);
    let without =
        Job::new(&[], &[("docs/page.md", OLD), (".gitlab/merge_request_templates/Default.md", text)]);
    let found = |job: &Job| {
        job.edit("description", json!(text));
        let found = job.run(&["--select=bare-reference"]).found();
        found.iter().filter(|finding| finding.contains("!1 description")).count()
    };
    assert_eq!((found(&with), found(&without)), (0, 1));
}

#[cfg(unix)]
#[test]
fn shared_facts_do_not_lead_out_of_the_repository() {
    let job = job(&[], &[]);
    let origin = job.origin();
    std::fs::create_dir_all(origin.join("data")).expect("a folder");
    let outside = job.work().join("../categories.yml");
    std::fs::write(&outside, "secret: value-of-a-secret\n").expect("written");
    std::os::unix::fs::symlink(&outside, origin.join("data/categories.yml")).expect("a link");
    commit(&origin, &[], "Link the categories");
    let mut job = job;
    job.clone_at("topic", 20);
    let ran = job.run(&["--all-files"]);
    assert!(!ran.out.contains("value-of-a-secret") && !ran.err.contains("value-of-a-secret"));
}

/// A rule that is locked counts as the target has it; one that the merge request changes would end the next run.
#[test]
fn a_lock_is_that_of_the_target_too() {
    let lock_of = |rule: &str| {
        let sum: String = Sha256::digest(rule).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{sum}  rules/plain-words.yml\n")
    };
    let weak = RULE.replace("match: \"utilise\"", "match: \"never-found\"");
    let (lock, of_weak) = (lock_of(RULE), lock_of(&weak));
    let target = [(".proclint.yml", "rule-folders: [rules]\n"), ("rules/plain-words.yml", RULE)];
    let locked = [&target[..], &[("proclint-rules.lock", &*lock)]].concat();
    let own = "docs/page.md:5 plain-words utilise".to_owned();
    let select = "--select=plain-words";

    let changed = [("rules/plain-words.yml", &*weak)];
    let ran = job(&locked, &changed).run(&[select]);
    assert_eq!((ran.code, of_page(&ran)), (1, vec![own.clone()]));
    let (.., error) = preview(&ran);
    assert!(error.contains("rules/plain-words.yml is not what proclint-rules.lock says"), "{error}");

    let relocked = [changed[0], ("proclint-rules.lock", &*of_weak)];
    let ran = job(&locked, &relocked).run(&[select]);
    assert_eq!((ran.code, of_page(&ran)), (1, vec![own]));
    let (_, appearing, vanishing, error) = preview(&ran);
    assert_eq!((appearing, vanishing, error.as_str()), (0, 1, ""), "with its lock it would count");

    let broken = [&target[..], &[("proclint-rules.lock", &*of_weak)]].concat();
    let ran = job(&broken, &[]).run(&[select]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("rules/plain-words.yml is not what proclint-rules.lock says"), "{}", ran.err);
}
