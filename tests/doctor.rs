//! `proclint doctor`: every line is in order, or says what to do.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use fake::Fault;
use job::{BOT, JOB, Job, READER, commit};
use serde_json::Value;

fn scene() -> Job {
    Job::new(&[("docs/page.md", "# Page\n")], &[("docs/page.md", "# Page\n\nText.\n")])
}

/// The exit code, and what is printed, without what differs between runs.
fn told(job: &Job) -> String {
    let output = job.proclint(&["doctor", "--call-timeout=1"]);
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    for secret in [BOT, READER, JOB, "word-of-the-proxy"] {
        assert!(!text.contains(secret), "a secret is shown: {text}");
    }
    let text = text
        .replace(&job.fake.host(), "gitlab.test")
        .replace(&job.base, "01234567")
        .replace(&job.base[..8], "01234567");
    format!("{}\n{text}", output.status.code().expect("a code"))
}

#[test]
fn all_is_well_with_a_token_that_posts() {
    let mut job = scene();
    job.set("PROCLINT_TOKEN", BOT);
    insta::assert_snapshot!(told(&job), @r"
    0
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    ok    api       gitlab.test answers, GitLab 19.4.0-ee
    ok    token     an access token with the scopes api, until 2030-01-01
    ok    request   the merge request can be read
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
}

#[test]
fn a_job_token_a_reading_token_and_none_say_what_they_lack() {
    let mut job = scene();
    insta::assert_snapshot!(told(&job), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    less  protected PROCLINT_TOKEN is not set, and this branch is not protected
                    do: add it under Settings > CI/CD > Variables, masked and not protected: protected variables reach protected branches only
    ok    api       gitlab.test answers
    less  token     the job's own, which reads the merge request and comments, and posts nothing
                    do: set PROCLINT_TOKEN to a project or group access token: scope `api` to post, `read_api` to read
    ok    request   the merge request can be read; lines and commits come from the clone
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
    job.set("PROCLINT_TOKEN", READER);
    insta::assert_snapshot!(told(&job), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    ok    api       gitlab.test answers, GitLab 19.4.0-ee
    less  token     an access token with the scopes read_api, until 2030-01-01
                    do: it reads everything; posting a note needs the scope `api`
    ok    request   the merge request can be read
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
    job.unset("PROCLINT_TOKEN");
    job.unset("CI_JOB_TOKEN");
    job.set("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "true");
    job.set("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "anna/project");
    insta::assert_snapshot!(told(&job), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    fork      the change comes from anna/project; the target project is asked
    less  variables GitLab has cut the description at 2700 characters
                    do: let the job have its token, or set PROCLINT_TOKEN, so that the whole description is read from the API
    less  protected PROCLINT_TOKEN is not set: the pipeline of a fork does not get the variables of its target
                    do: nothing is wrong; a member of the target project can run the pipeline there to have the note
    ok    api       gitlab.test answers
    less  token     none
                    do: let the job have CI_JOB_TOKEN, or set PROCLINT_TOKEN to a project or group access token
    less  request   `GET projects/group%2Fproject/merge_requests/1` does not exist, or a request without a token may not see it: 404 Project Not Found
                    do: set PROCLINT_TOKEN to a project or group access token with the scope `read_api`
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
}

#[test]
fn what_is_wrong_with_token_server_and_connection_has_its_remedy() {
    let mut job = scene();
    job.set("PROCLINT_TOKEN", "token-of-old");
    insta::assert_snapshot!(told(&job), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    ok    api       gitlab.test answers
    less  token     GitLab does not accept the access token for `GET personal_access_tokens/self`: Token is expired. You can either do re-authorization or token refresh.
                    do: the token has expired: create or rotate it under Settings > Access tokens, and set PROCLINT_TOKEN again
    less  request   GitLab does not accept the access token for `GET projects/group%2Fproject/merge_requests/1`: Token is expired. You can either do re-authorization or token refresh.
                    do: the token has expired: create or rotate it under Settings > Access tokens, and set PROCLINT_TOKEN again
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
    let mut away = scene();
    away.set("CI_API_V4_URL", "http://127.0.0.1:9/api/v4");
    away.set("CI_SERVER_TLS_CA_FILE", "/nowhere/ca.pem");
    away.set("ALL_PROXY", "http://anna:word-of-the-proxy@127.0.0.1:9");
    away.set("NO_PROXY", "127.0.0.1");
    insta::assert_snapshot!(told(&away), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    less  protected PROCLINT_TOKEN is not set, and this branch is not protected
                    do: add it under Settings > CI/CD > Variables, masked and not protected: protected variables reach protected branches only
    less  tls       the file that CI_SERVER_TLS_CA_FILE names cannot be read: No such file or directory (os error 2)
                    do: name a file in PEM format that the job can read
    ok    proxy     calls go through the proxy in ALL_PROXY, except for what NO_PROXY names
    less  api       127.0.0.1:9 cannot be reached: the connection is refused
                    do: check CI_API_V4_URL, the network of the runner, HTTPS_PROXY and NO_PROXY, and whether the server is up
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
    let mut page = scene();
    page.set("PROCLINT_TOKEN", BOT);
    page.fake.fault("GET", usize::MAX, Fault::WebPage);
    insta::assert_snapshot!(told(&page), @r"
    1
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    less  api       `GET projects/group%2Fproject/merge_requests/1` was answered with a web page instead of JSON
                    do: a login page, a proxy or a maintenance page stands before the API: open gitlab.test from where the job runs, and check CI_API_V4_URL
    ok    clone     it reaches the target branch at 01234567
    ok    policy    the built-in rules: the target branch has no configuration of its own
    ");
}

#[test]
fn a_shallow_clone_and_a_broken_policy_block_the_job() {
    let mut job = scene();
    job.set("PROCLINT_TOKEN", BOT);
    job.clone_at("topic", 1);
    insta::assert_snapshot!(told(&job), @r"
    2
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    ok    api       gitlab.test answers, GitLab 19.4.0-ee
    ok    token     an access token with the scopes api, until 2030-01-01
    ok    request   the merge request can be read
    no    clone     there is no revision `01234567` in this shallow clone
                    do: run `git fetch --unshallow` first, or set `GIT_DEPTH: 0` under `variables` of the job
    ");
    let mut broken =
        Job::new(&[(".proclint.yml", "rules: {bare-refrence: off}\n")], &[("docs/page.md", "# Page\n")]);
    broken.set("PROCLINT_TOKEN", BOT);
    insta::assert_snapshot!(told(&broken), @r"
    2
    ok    pipeline  group/project!1, the source branch is checked out
    ok    variables the merge request is in the environment
    ok    protected PROCLINT_TOKEN reaches this job
    ok    api       gitlab.test answers, GitLab 19.4.0-ee
    ok    token     an access token with the scopes api, until 2030-01-01
    ok    request   the merge request can be read
    ok    clone     it reaches the target branch at 01234567
    no    policy    the configuration cannot be used: there is no rule `bare-refrence`
                    do: did you mean `bare-reference`?
    ");
}

#[test]
fn outside_of_a_pipeline_nothing_can_be_said() {
    let mut job = scene();
    let names: Vec<_> = job.variables.keys().cloned().collect();
    names.iter().for_each(|name| job.unset(name));
    commit(&job.origin(), &[], "x");
    insta::assert_snapshot!(told(&job), @r#"
    2
    no    pipeline  neither a merge request nor a branch is in the environment (CI_PIPELINE_SOURCE: none)
                    do: run it in a job with `rules: [{if: '$CI_PIPELINE_SOURCE == "merge_request_event"'}]`; a child pipeline needs the CI_MERGE_REQUEST_ variables handed on
    less  api       CI_API_V4_URL is not set, so nothing is asked of GitLab
                    do: run it in a job of GitLab, or set CI_API_V4_URL
    "#);
}

#[test]
fn programs_read_the_same() {
    let job = scene();
    let output = job.proclint(&["doctor", "--format=json"]);
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((output.status.code(), &read["schema"]), (Some(1), &Value::from(1)));
    let lines = read["lines"].as_array().expect("lines");
    assert!(lines.iter().all(|line| line["remedy"].is_string() == (line["state"] != "ok")), "{read:#}");
}
