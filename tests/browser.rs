//! The HTML pages in a real browser: they run without errors, can be used with keys alone, and fit a narrow screen.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use serde_json::{Value, json};

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
];

/// Past the capture of test output, so that it is seen.
fn not_checked(what: &str) {
    let _ = writeln!(io::stderr(), "not checked: {what}");
}

/// The browser named by `CHROMIUM`, else the first one on the path.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    named.or_else(|| found.find(|path| path.is_file()))
}

fn open(browser: &Path, folder: &Path, page: &Path, arguments: &[&str]) -> Output {
    let profile = tempfile::tempdir_in(folder).expect("a profile");
    Command::new(browser)
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser runs")
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = browser() else {
        return not_checked("no chromium");
    };
    let input = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/coverage.in");
    let html = Command::new(env!("CARGO_BIN_EXE_proclint"))
        .current_dir(input)
        .args(["coverage", "release-train.md", "--rules", "rules", "--format", "html"])
        .output()
        .expect("proclint runs");
    assert_eq!(html.status.code(), Some(1), "a sentence is open");
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    fs::write(&page, &html.stdout).expect("written");

    let output = open(&browser, folder.path(), &page, &["--dump-dom"]);
    let dom = String::from_utf8(output.stdout).expect("UTF-8");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(!log.contains(":CONSOLE"), "{log}");
    assert!(dom.contains("data-ready=\"all\"") && dom.contains(">9 sentences marked<"), "{dom}");
    let marks = |state: &str| dom.matches(&format!("data-state=\"{state}\"")).count();
    assert_eq!((marks("enforced"), marks("judged"), marks("open")), (4, 2, 3), "{dom}");
    for part in [
        "<html lang=\"en\"",
        "<a href=\"#rule-train-number\">train-number</a>",
        "<dt id=\"rule-train-number\">",
        "href=\"https://example.com/handbook/release-train/#numbers\"",
        "Release &lt;train&gt;",
        "open (rule not built in: train-ticket)",
    ] {
        assert!(dom.contains(part), "{part} is missing in {dom}");
    }

    // Choosing a state as a reader does, with what is left reported in the title.
    let probe = "<script>document.querySelector('input[value=judged]').click();\
        const seen = state => [...document.querySelectorAll('mark.' + state)].filter(mark => mark.checkVisibility());\
        document.title = ['enforced', 'judged', 'open'].map(state => seen(state).length).join()\
        + (document.documentElement.scrollWidth > innerWidth ? ' too wide' : ' fits');</script></body>";
    // The policy of the page would not run it.
    let text = probe.trim_start_matches("<script>").trim_end_matches("</script></body>");
    let allowed = format!("script-src 'sha256-{}' ", STANDARD.encode(Sha256::digest(text)));
    let page_text = String::from_utf8(html.stdout).expect("UTF-8");
    let probed = page_text.replace("</body>", probe).replace("script-src ", &allowed);
    fs::write(&page, probed).expect("written");
    let output = open(&browser, folder.path(), &page, &["--dump-dom", "--window-size=500,900"]);
    let dom = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(dom.contains("<title>0,2,1 fits</title>"), "{dom}");
    assert!(dom.contains("data-ready=\"judged\""), "{dom}");

    let picture = folder.path().join("page.png");
    let shot = format!("--screenshot={}", picture.display());
    open(&browser, folder.path(), &page, &[&shot]);
    assert!(fs::read(&picture).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG")), "no picture");
}

/// The script of axe-core: where `AXE_CORE` says, else from npm.
fn axe(folder: &Path) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("AXE_CORE") {
        return Some(named.into());
    }
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args([
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "axe-core",
    ]);
    let installed = npm.output().is_ok_and(|output| output.status.success());
    installed.then(|| folder.join("node_modules/axe-core/axe.min.js")).filter(|path| path.is_file())
}

#[test]
fn the_page_of_an_audit_can_be_used_by_everybody() {
    let Some(browser) = browser() else { return not_checked("the page of an audit: no chromium") };
    if Command::new("node").arg("--version").output().is_err() {
        return not_checked("the page of an audit: no node");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let issue = |number: usize| {
        let labels = if number.is_multiple_of(3) {
            "\"group::<b>\", \"workflow::in dev\", \"workflow::<script>alert(1)</script>\""
        } else {
            "\"group::boards\""
        };
        format!(
            "{{\"iid\": {number}, \"title\": \"A title\", \"description\": \"Wait for #{number}1.\", \"state\": \"opened\", \
             \"labels\": [{labels}], \"created_at\": \"2025-03-01T10:00:00Z\", \"updated_at\": \"2025-08-30T10:00:00Z\", \
             \"web_url\": \"https://gitlab.example.com/{number}\"}}\n"
        )
    };
    fs::write(folder.path().join("issues.ndjson"), (1..=150).map(issue).collect::<String>())
        .expect("written");
    for day in ["2025-08-01", "2025-09-01"] {
        let output = Command::new(env!("CARGO_BIN_EXE_proclint"))
            .current_dir(&folder)
            .args([
                "audit",
                "issues.ndjson",
                "--today",
                day,
                "--history",
                "runs.ndjson",
                "--report",
                "html=page.html",
            ])
            .args(["--select", "bare-reference,scoped-label-exclusive"])
            .output()
            .expect("proclint runs");
        assert_eq!(output.status.code(), Some(1));
    }
    let page = folder.path().join("page.html");
    let axe = axe(folder.path());
    let output = Command::new("node")
        .args(["--experimental-websocket", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/audit.mjs")])
        .args([browser.as_path(), &page, folder.path()])
        .args(&axe)
        .output()
        .expect("node runs");
    let seen: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| unreachable!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let expected = json!({
        "console": [],
        "ready": true,
        "count": "200 findings of 200, shown are 1 to 100",
        "first": "Skip to the findings",
        "fits": true,
        "typed": "50 findings of 200, shown are 1 to 50",
        "rules": ["scoped-label-exclusive"],
        "reset": "200 findings of 200, shown are 1 to 100",
        "sorted": [["ascending", "error", "severity"], ["descending", "warning", "severity"], [null, "warning", "severity"]],
        "second": "200 findings of 200, shown are 101 to 200",
        "led": ["bare-reference", "150 findings of 200, shown are 1 to 100", "bare-reference"],
        "plain": 200,
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(seen[key], *value, "{key}: {seen:#}");
    }
    assert_eq!(seen["source"], seen["sourceAgain"], "the third press gives the order back");
    assert!(
        seen["requests"]
            .as_array()
            .is_some_and(|all| all.iter().all(|url| url.to_string().contains("file:"))),
        "{seen:#}"
    );
    if axe.is_some() {
        assert_eq!((&seen["axe"], &seen["axeDark"]), (&json!([]), &json!([])));
    } else {
        not_checked("accessibility of the page of an audit: no axe-core");
    }
    for name in ["ages-light.png", "past-dark.png", "findings-narrow.png"] {
        assert!(
            fs::read(folder.path().join(name)).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG")),
            "no {name}"
        );
    }
    assert!(fs::read(folder.path().join("page.pdf")).is_ok_and(|bytes| bytes.starts_with(b"%PDF")));
}
