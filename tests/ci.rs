//! `proclint ci` in a job: what it reads with which token, from which commits, and by whose rules.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use fake::Fault;
use job::{BOT, JOB, Job, READER, commit, git};
use serde_json::json;

const OLD: &str = "# Page\n\nSee #21549.\n";
const NEW: &str = "# Page\n\nSee #21549.\n\nSee #1001 too.\n";
const ONLY: &str = "--select=bare-reference";

const IN_PAGE: &str = "docs/page.md:5 bare-reference #1001";

fn one_page() -> Job {
    let job = Job::new(&[("docs/page.md", OLD)], &[("docs/page.md", NEW)]);
    job.edit("description", json!("Raises the limit, see #1002."));
    job
}

/// Findings without their lines in the record, which is longer or shorter by what could be read.
fn found(found: &[String]) -> Vec<&str> {
    found
        .iter()
        .map(|finding| match finding.split_once('!').and_then(|(_, rest)| rest.split_once(' ')) {
            Some((_, field)) => field.split(':').next().unwrap_or(field),
            None => finding,
        })
        .collect()
}

#[test]
fn a_token_that_reads_gives_the_whole_merge_request() {
    for token in [READER, BOT] {
        let mut job = one_page();
        job.set("PROCLINT_TOKEN", token);
        let ran = job.run(&[ONLY, "--no-note"]);
        assert_eq!(found(&ran.found()), [IN_PAGE, "description", "commits[0].message"]);
        assert_eq!((ran.code, ran.gaps()), (1, vec![]));
        // The request, its three parts, and the labels of the project: nothing twice.
        let lines: Vec<_> = job.fake.log().iter().map(|seen| seen.line()).collect();
        let below = "GET /projects/group%2Fproject";
        let asked = lines.iter().map(|line| line.strip_prefix(below).and_then(|rest| rest.split('?').next()));
        let parts = ["", "/commits", "/diffs", "/notes"].map(|part| format!("/merge_requests/1{part}"));
        let expected: Vec<_> = parts.iter().map(String::as_str).chain(["/labels"]).map(Some).collect();
        assert_eq!(asked.collect::<Vec<_>>(), expected, "{lines:?}");
    }
}

/// The calls that write, in their order.
fn writes(job: &Job) -> Vec<String> {
    let lines = job.fake.log().iter().map(|seen| seen.line().to_owned()).collect::<Vec<_>>();
    lines.into_iter().filter(|line| !line.starts_with("GET")).collect()
}

#[test]
fn the_note_and_the_thread_are_written_once_and_never_decide() {
    let mut job = one_page();
    job.set("PROCLINT_TOKEN", BOT);
    let first = job.run(&[ONLY]);
    let written = writes(&job);
    assert_eq!((first.code, written.len()), (1, 2), "a thread and the note: {written:?} {}", first.err);

    let second = job.run(&[ONLY]);
    assert_eq!((second.code, writes(&job)), (1, written), "nothing new is written: {}", second.err);
    assert_eq!(first.found(), second.found(), "what the note quotes is not judged");

    let mut job = one_page();
    job.set("PROCLINT_TOKEN", BOT);
    job.fake.fault("POST", 9, Fault::Status(500));
    let refused = job.run(&[ONLY]);
    assert_eq!((refused.code, refused.found()), (1, first.found()));
    assert!(refused.err.contains("note: "), "{}", refused.err);
}

/// A `git` that writes its environment down stands before the real one.
#[cfg(unix)]
#[test]
fn no_token_reaches_git() {
    use std::os::unix::fs::PermissionsExt;

    let mut job = one_page();
    job.set("PROCLINT_TOKEN", READER);
    job.set(
        "CI_REPOSITORY_URL",
        &format!("https://gitlab-ci-token:{JOB}@gitlab.example.com/group/project.git"),
    );
    let folder = tempfile::tempdir().expect("a folder");
    let (spy, seen) = (folder.path().join("git"), folder.path().join("seen"));
    let path = std::env::var("PATH").expect("a path");
    let real = std::env::split_paths(&path).map(|folder| folder.join("git")).find(|git| git.is_file());
    let real = real.expect("git");
    let script = format!("#!/bin/sh\nenv >>'{}'\nexec '{}' \"$@\"\n", seen.display(), real.display());
    std::fs::write(&spy, script).expect("written");
    std::fs::set_permissions(&spy, std::fs::Permissions::from_mode(0o755)).expect("executable");
    job.set("PATH", &format!("{}:{path}", folder.path().display()));

    let ran = job.run(&[ONLY, "--no-note"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let seen = std::fs::read_to_string(seen).expect("git ran");
    assert!(seen.contains("CI_MERGE_REQUEST_IID=1"), "{seen}");
    assert!(![READER, JOB].iter().any(|token| seen.contains(token)), "{seen}");
}

#[test]
fn a_job_token_reads_the_text_and_the_clone_the_rest() {
    let job = one_page();
    let ran = job.run(&[ONLY]);
    // The message of the only commit says nothing.
    assert_eq!(found(&ran.found()), [IN_PAGE, "description"]);
    assert_eq!((ran.code, ran.gaps()), (1, vec![]));
    assert_eq!(job.fake.log().len(), 2, "the request and its notes");
}

#[test]
fn without_a_token_the_variables_and_the_clone_have_to_do() {
    let mut job = one_page();
    job.unset("CI_JOB_TOKEN");
    job.set("CI_MERGE_REQUEST_DESCRIPTION", "See #1003.\nAnd #10...");
    job.set("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "true");
    let ran = job.run(&[ONLY]);
    assert_eq!(found(&ran.found()), [IN_PAGE, "description"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.gaps().join("\n"), @r"
    group/project!1: author, reviewers, notes: `GET projects/group%2Fproject/merge_requests/1` does not exist, or a request without a token may not see it: 404 Project Not Found; set PROCLINT_TOKEN to a project or group access token with the scope `read_api`
    group/project!1: the description was cut at 2700 characters by GitLab; give the job a token that may read the merge request (`read_api`), and all of it is checked
    ");

    job.unset("CI_API_V4_URL");
    insta::assert_snapshot!(job.run(&[ONLY]).gaps().join("\n"), @r"
    group/project!1: author, reviewers, notes: CI_API_V4_URL is not set, so only the variables of the job tell what the merge request says
    group/project!1: the description was cut at 2700 characters by GitLab; give the job a token that may read the merge request (`read_api`), and all of it is checked
    ");
}

#[test]
fn files_the_server_does_not_show_come_from_the_clone() {
    let migration = "class AddLimit\n  def change\n    add_column :plan_limits, :ci_jobs, :integer, default: 5, null: \
                     false\n  end\nend\n";
    let path = "db/migrate/20260101_add_limit.rb";
    let mut job = Job::new(&[], &[(path, migration)]);
    job.set("PROCLINT_TOKEN", READER);
    for key in ["collapsed", "too_large"] {
        let mut state = job.fake.state();
        let file = &mut state.projects[0].merge_requests[0].diffs[0];
        file["diff"] = json!("");
        file[key] = json!(true);
        drop(state);
        let ran = job.run(&["--select=limit-undocumented"]);
        assert_eq!((ran.code, ran.gaps()), (1, vec![]), "{}", ran.out);
        assert!(ran.found()[0].ends_with("limit-undocumented ci_jobs"), "{:?}", ran.found());
    }
}

#[test]
fn what_came_into_the_target_meanwhile_is_not_the_merge_requests() {
    let mut job = one_page();
    let origin = job.origin();
    git(&origin, &["checkout", "--quiet", "main"]);
    let target = commit(&origin, &[("docs/other.md", "# Other\n\nSee #1005.\n")], "Write another page");
    git(&origin, &["checkout", "--quiet", "-b", "merged"]);
    git(&origin, &["merge", "--quiet", "--no-ff", "--message=Merge", "topic"]);
    let merge = git(&origin, &["rev-parse", "HEAD"]);
    for (event, depth) in [("merged_result", 20), ("merge_train", 20), ("merged_result", 2)] {
        job.clone_at("merged", depth);
        let (source, target) = (job.head.clone(), target.clone());
        job.set("CI_MERGE_REQUEST_EVENT_TYPE", event);
        job.set("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", &source);
        job.set("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &target);
        job.set("CI_COMMIT_SHA", &merge);
        let ran = job.run(&[ONLY]);
        assert_eq!(found(&ran.found()), [IN_PAGE, "description"], "{event} {depth}");
    }
}

#[test]
fn a_fork_is_asked_about_in_the_project_of_its_target() {
    let mut job = one_page();
    job.set("CI_PROJECT_PATH", "anna/project");
    job.set("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "anna/project");
    let ran = job.run(&[ONLY]);
    assert_eq!(found(&ran.found()), [IN_PAGE, "description"]);
    assert!(ran.found()[1].starts_with("group/project!1"), "{:?}", ran.found());
}

#[test]
fn a_clone_that_does_not_reach_the_target_is_refused_with_the_remedy() {
    let mut job = one_page();
    job.clone_at("topic", 1);
    let ran = job.run(&[ONLY]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("GIT_DEPTH: 0"), "{}", ran.err);

    // The component fetches that one commit, which is enough for everything but the messages.
    git(&job.work(), &["fetch", "--quiet", "--no-tags", "--depth=1", "origin", &job.base]);
    let ran = job.run(&[ONLY]);
    assert_eq!(found(&ran.found()), [IN_PAGE, "description"]);
    insta::assert_snapshot!(ran.gaps().join("\n"), @r"
    group/project!1: commits: the clone does not reach back to the target branch; set `GIT_DEPTH: 0` in the job, or PROCLINT_TOKEN to a project or group access token with the scope `read_api`
    ");
}

#[test]
fn the_branch_of_the_project_is_checked_as_a_whole() {
    let mut job = one_page();
    let names: Vec<_> =
        job.variables.keys().filter(|name| name.starts_with("CI_MERGE_REQUEST")).cloned().collect();
    names.iter().for_each(|name| job.unset(name));
    job.set("CI_PIPELINE_SOURCE", "schedule");
    job.set("CI_COMMIT_BRANCH", "main");
    let ran = job.run(&[ONLY]);
    assert_eq!(
        (ran.code, ran.found()),
        (1, vec!["docs/page.md:3 bare-reference #21549".to_owned(), IN_PAGE.to_owned()])
    );
    assert!(job.fake.log().is_empty());
    let written = std::fs::read_to_string(job.work().join("gl-code-quality-report.json")).expect("a report");
    assert!(written.contains("bare-reference"), "{written}");

    job.unset("CI_COMMIT_BRANCH");
    job.set("CI_PIPELINE_SOURCE", "parent_pipeline");
    let ran = job.run(&[ONLY]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("parent_pipeline"), "{}", ran.err);
}

#[test]
fn all_files_count_where_that_is_asked_for() {
    let job = one_page();
    let ran = job.run(&[ONLY, "--all-files"]);
    assert_eq!(found(&ran.found()), ["docs/page.md:3 bare-reference #21549", IN_PAGE, "description"]);
}

#[test]
fn whatever_the_server_does_the_verdict_stands_on_what_could_be_read() {
    let limited = |retry_after| Fault::RateLimited { retry_after, reset_in: None };
    let passing = [("GET", 2, Fault::Status(500)), ("GET", 1, limited(Some(1))), ("GET", 1, Fault::Reset)];
    for (part, times, fault) in passing {
        let mut job = one_page();
        job.set("PROCLINT_TOKEN", READER);
        job.fake.fault(part, times, fault.clone());
        let ran = job.run(&[ONLY]);
        assert_eq!((ran.code, ran.gaps()), (1, vec![]), "{fault:?}");
        assert_eq!(found(&ran.found()), [IN_PAGE, "description", "commits[0].message"], "{fault:?}");
    }
    let elsewhere = one_page();
    let lasting = [
        Fault::Stall,
        Fault::Reset,
        Fault::Status(500),
        limited(Some(3600)),
        Fault::HalfJson,
        Fault::WebPage,
        Fault::Redirect(format!("{}/projects/7/merge_requests/1", elsewhere.fake.api())),
        Fault::Expired,
    ];
    let ends: Vec<_> = std::thread::scope(|scope| {
        let runs = lasting.map(|fault| scope.spawn(|| lasting_fault(fault)));
        runs.into_iter().map(|run| run.join().expect("it ends")).collect()
    });
    assert!(elsewhere.fake.log().is_empty(), "a token went to another host");
    let told = ends.concat().replace(&elsewhere.fake.host(), "elsewhere.test");
    insta::assert_snapshot!(told, @r"
    Stall
      group/project!1: author, reviewers, notes: `GET projects/group%2Fproject/merge_requests/1` had no whole answer within 1 second; the server or the network is slow; run the job again
    Reset
      group/project!1: author, reviewers, notes: the answer to `GET projects/group%2Fproject/merge_requests/1` broke off: the connection was closed too early; the server or a proxy closed the connection; run the job again
    Status
      group/project!1: author, reviewers, notes: GitLab failed at `GET projects/group%2Fproject/merge_requests/1` with 500; it was tried 4 times; the fault is the server's: see its status page, and run the job again
    RateLimited
      group/project!1: author, reviewers, notes: GitLab limits the rate of `GET projects/group%2Fproject/merge_requests/1` and asks to wait 3600 seconds; it was tried once; run the job again later, or with fewer jobs at a time; administrators can raise the limit
    HalfJson
      group/project!1: author, reviewers, notes: the answer to `GET projects/group%2Fproject/merge_requests/1` is not JSON: it ends after 505 bytes, in the middle; the server or a proxy cut or changed the answer; run the job again, and tell the server's administrators if it stays
    WebPage
      group/project!1: author, reviewers, notes: `GET projects/group%2Fproject/merge_requests/1` was answered with a web page instead of JSON; a login page, a proxy or a maintenance page stands before the API: open gitlab.test from where the job runs, and check CI_API_V4_URL
    Redirect
      group/project!1: author, reviewers, notes: `GET projects/group%2Fproject/merge_requests/1` is redirected to elsewhere.test, where the token must not go; if that is the server's new address, set CI_API_V4_URL to it; if it is a login page, the API is not open to the runner
    Expired
      group/project!1: author, reviewers, notes: GitLab does not accept the access token for `GET projects/group%2Fproject/merge_requests/1`: Token is expired. You can either do re-authorization or token refresh.; the token has expired: create or rotate it under Settings > Access tokens, and set PROCLINT_TOKEN again
    ");
}

/// What a job is told whose every call meets `fault`.
fn lasting_fault(fault: Fault) -> String {
    let mut job = one_page();
    job.set("PROCLINT_TOKEN", READER);
    job.fake.fault("GET", usize::MAX, fault.clone());
    let ran = job.run(&[ONLY, "--call-timeout=1"]);
    // The variables have no reference in the description; the page is the clone's, and so is the message.
    assert_eq!((ran.code, found(&ran.found())), (1, vec![IN_PAGE]), "{fault:?}");
    let name = format!("{fault:?}");
    let name = name.split(['(', ' ']).next().unwrap_or_default();
    format!("{name}\n  {}\n", ran.gaps().join("\n  ").replace(&job.fake.host(), "gitlab.test"))
}
