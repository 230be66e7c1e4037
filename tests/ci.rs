//! `proclint ci` in a job: what it reads with which token, from which commits, and by whose rules.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use job::{BOT, Job, READER, commit, git};
use serde_json::json;

const OLD: &str = "# Page\n\nSee #21549.\n";
const NEW: &str = "# Page\n\nSee #21549.\n\nSee #1001 too.\n";
const ONLY: &str = "--select=bare-reference";

fn one_page() -> Job {
    let job = Job::new(&[("docs/page.md", OLD)], &[("docs/page.md", NEW)]);
    job.edit("description", json!("Raises the limit, see #1002."));
    job
}

const IN_DIFF: &str = "group/project!1 diffs:5 bare-reference #1001";
const IN_TEXT: &str = "group/project!1 description:25 bare-reference #1002";
const IN_PAGE: &str = "docs/page.md:5 bare-reference #1001";

#[test]
fn a_token_that_reads_gives_the_whole_merge_request() {
    for token in [READER, BOT] {
        let mut job = one_page();
        job.set("PROCLINT_TOKEN", token);
        let ran = job.run(&[ONLY]);
        println!("{:#?} {:#?}\n{}", ran.found(), ran.gaps(), ran.err);
        assert_eq!(ran.code, 1);
    }
}
