//! What the variables of the job tell: which pipeline it is, and what GitLab leaves out of them.

use proclint::load::{Event, Pipeline, Request};

use super::Line;

/// The lines about the variables.
pub fn lines(pipeline: &Pipeline, env: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let Some(request) = &pipeline.request else { return vec![without_request(pipeline)] };
    let mut lines = vec![Line::ok("pipeline", of_request(request))];
    if let Some(fork) = &request.fork {
        lines.push(Line::ok("fork", format!("the change comes from {fork}; the target project is asked")));
    }
    lines.push(match env("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED").as_deref() {
        Some("true") if env("PROCLINT_TOKEN").or_else(|| env("CI_JOB_TOKEN")).is_none() => Line::less(
            "variables",
            "GitLab has cut the description at 2700 characters",
            "let the job have its token, or set PROCLINT_TOKEN, so that the whole description is read from the API",
        ),
        _ => Line::ok("variables", "the merge request is in the environment"),
    });
    lines.push(protection(request, env));
    lines
}

fn without_request(pipeline: &Pipeline) -> Line {
    let source = pipeline.source.as_deref().unwrap_or("none");
    match &pipeline.branch {
        Some(branch) => {
            Line::ok("pipeline", format!("the branch {branch}, started by {source}: the project is checked"))
        }
        None => Line::blocked(
            "pipeline",
            format!(
                "neither a merge request nor a branch is in the environment (CI_PIPELINE_SOURCE: {source})"
            ),
            "run it in a job with `rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}]`; a child pipeline needs \
             the CI_MERGE_REQUEST_ variables handed on",
        ),
    }
}

fn of_request(request: &Request) -> String {
    let what = match request.event {
        Event::Detached => "the source branch is checked out",
        Event::MergedResult => "the merged result is checked out",
        Event::MergeTrain => "the merge train is checked out",
    };
    format!("{}!{}, {what}", request.project, request.iid)
}

/// Whether a protected variable would reach the job.
fn protection(request: &Request, env: &dyn Fn(&str) -> Option<String>) -> Line {
    let is_protected = env("CI_COMMIT_REF_PROTECTED").is_some_and(|flag| flag == "true");
    match (env("PROCLINT_TOKEN"), is_protected, &request.fork) {
        (Some(_), ..) => Line::ok("protected", "PROCLINT_TOKEN reaches this job"),
        (None, _, Some(_)) => Line::less(
            "protected",
            "PROCLINT_TOKEN is not set: the pipeline of a fork does not get the variables of its target",
            "nothing is wrong; a member of the target project can run the pipeline there to have the note",
        ),
        (None, false, _) => Line::less(
            "protected",
            "PROCLINT_TOKEN is not set, and this branch is not protected",
            "add it under Settings > CI/CD > Variables, masked and not protected: protected variables reach protected \
             branches only",
        ),
        (None, true, _) => Line::less(
            "protected",
            "PROCLINT_TOKEN is not set, although protected variables reach this branch",
            "add it under Settings > CI/CD > Variables, masked",
        ),
    }
}
