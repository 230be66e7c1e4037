//! The HTML page in a real browser: it runs without errors, shows the marks and links, and fits a narrow screen.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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
        // Past the capture of test output, so that it is seen.
        let _ = writeln!(io::stderr(), "not checked: no chromium");
        return;
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
    let probed = String::from_utf8(html.stdout).expect("UTF-8").replace("</body>", probe);
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
