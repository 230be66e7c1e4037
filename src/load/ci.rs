//! The merge request of a pipeline, as far as GitLab puts it into the environment.

use serde_json::{Map, Value, json};

use super::json::Object;
use super::{LoadError, canonical};
use crate::finding::NotChecked;
use crate::subject::{Kind, Subject};

/// The prefixes that make a title a draft's; `WIP:` no longer does (gitlab: `lib/gitlab/regex.rb`).
const DRAFT: [&str; 3] = ["[draft]", "(draft)", "draft:"];

const CUT: &str = "the description was cut at 2700 characters by GitLab; give the job a token that may read the merge \
                   request (`read_api`), and all of it is checked";

const NO_DESCRIPTION: &str =
    "the description is not in the environment: it is empty or the server is older than GitLab 16.7";

/// The merge request of a merge request pipeline, from its `CI_MERGE_REQUEST_*` variables, and what they leave out.
///
/// A description GitLab has cut keeps its whole lines and is marked by the field `description_is_truncated`.
/// Reviewers, author, comments, commits and changed files are in no variable; they stay absent.
///
/// # Errors
/// [`LoadError::NotMergeRequestPipeline`] where the variables do not exist.
pub fn from_ci(env: &dyn Fn(&str) -> Option<String>) -> Result<(Subject, Vec<NotChecked>), LoadError> {
    let (record, mut gaps) = variables(env)?;
    gaps.insert(0, "diffs: the changed files are not in the environment");
    let subject = canonical::subject(&Object::from(&record), Kind::MergeRequest, None, 1);
    let gap =
        |reason: &str| NotChecked { subject: subject.name.clone(), rule: None, reason: reason.to_owned() };
    let gaps = gaps.into_iter().map(gap).collect();
    Ok((subject, gaps))
}

/// The record that [`from_ci`] reads, and why parts of it are not whole; for whoever has the changed files from elsewhere.
///
/// # Errors
/// [`LoadError::NotMergeRequestPipeline`] where the variables do not exist.
pub fn variables(
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<(Map<String, Value>, Vec<&'static str>), LoadError> {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let variable = |name: &str| set(&format!("CI_MERGE_REQUEST_{name}"));
    let Some(iid) = variable("IID").and_then(|iid| iid.parse::<u64>().ok()) else {
        let source_is =
            set("CI_PIPELINE_SOURCE").map_or("not set".to_owned(), |source| format!("`{source}`"));
        return Err(LoadError::NotMergeRequestPipeline { source_is });
    };
    let mut gaps = Vec::new();
    let mut record = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        record.extend(value.map(|value| (key.to_owned(), value)));
    };

    put("iid", Some(json!(iid)));
    // The variables exist only as long as the merge request is open.
    put("state", Some(json!("opened")));
    let title = variable("TITLE");
    let draft = variable("DRAFT").map(|draft| draft == "true").or_else(|| title.as_deref().map(is_draft));
    put("title", title.map(Value::from));
    put("draft", draft.map(Value::from));
    match (variable("DESCRIPTION"), variable("DESCRIPTION_IS_TRUNCATED").as_deref()) {
        (Some(description), Some("true")) => {
            put("description", Some(json!(whole_lines(&description))));
            put("description_is_truncated", Some(json!(true)));
            gaps.push(CUT);
        }
        (Some(description), _) => put("description", Some(json!(description))),
        (None, Some(_)) => put("description", Some(Value::Null)),
        (None, None) => gaps.push(NO_DESCRIPTION),
    }
    // Without labels, milestone or assignees their variables do not exist.
    put("labels", Some(variable("LABELS").map_or_else(|| json!([]), |labels| labels.split(',').collect())));
    put("milestone", Some(variable("MILESTONE").map_or(Value::Null, |title| json!({ "title": title }))));
    put("assignees", Some(variable("ASSIGNEES").map_or_else(|| json!([]), |sentence| names(&sentence))));
    put("source_branch", variable("SOURCE_BRANCH_NAME").map(Value::from));
    put("target_branch", variable("TARGET_BRANCH_NAME").map(Value::from));
    // The branch's own head is set in merged-results pipelines only; elsewhere the commit is the head.
    put("sha", variable("SOURCE_BRANCH_SHA").or_else(|| set("CI_COMMIT_SHA")).map(Value::from));
    put("web_url", variable("PROJECT_URL").map(|url| json!(format!("{url}/-/merge_requests/{iid}"))));
    put("references", variable("PROJECT_PATH").map(|project| json!({ "full": format!("{project}!{iid}") })));
    Ok((record, gaps))
}

fn is_draft(title: &str) -> bool {
    let starts =
        |prefix: &str| title.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    DRAFT.into_iter().any(starts)
}

/// What is left of a cut description without the `...` and the line it cuts; of a single line, without its last word.
fn whole_lines(description: &str) -> &str {
    let kept = description.strip_suffix("...").unwrap_or(description);
    match kept.rfind('\n') {
        Some(end) => &kept[..=end],
        None => kept.rfind(char::is_whitespace).map_or("", |end| &kept[..end]),
    }
}

/// The names of `a`, `a and b` or `a, b, and c`: GitLab joins them as a sentence, whatever its documentation says.
fn names(sentence: &str) -> Value {
    let listed = sentence.replace(" and ", ",");
    listed.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<(Subject, Vec<NotChecked>), LoadError> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        from_ci(&find)
    }

    #[test]
    fn absent_variables_mean_none_where_gitlab_leaves_them_out() {
        let (subject, gaps) = read(&[
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_PROJECT_PATH", "group/project"),
            ("CI_PROJECT_PATH", "fork/project"),
            ("CI_MERGE_REQUEST_TITLE", "[DRAFT] Add limits"),
            ("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "false"),
            ("CI_MERGE_REQUEST_ASSIGNEES", "anna, bob, and android"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
            ("CI_COMMIT_SHA", "abc"),
        ])
        .unwrap();
        let expected = r#"---
kind: "merge-request"
project: "group/project"
iid: 7
title: "[DRAFT] Add limits"
description: null
state: "opened"
draft: true
assignees: ["anna", "bob", "android"]
labels: []
milestone: null
sha: "abc"
---
"#;
        assert_eq!(subject.text, expected);
        assert_eq!(subject.name, "group/project!7");
        assert!(subject.diffs.is_none());
        assert_eq!(gaps.iter().map(|gap| gap.reason.starts_with("diffs")).collect::<Vec<_>>(), [true]);
    }

    #[test]
    fn a_cut_description_is_told_and_its_broken_line_dropped() {
        let (subject, gaps) = read(&[
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_TITLE", "WIP: x"),
            ("CI_MERGE_REQUEST_DESCRIPTION", "Whole line\nSee #12..."),
            ("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "true"),
        ])
        .unwrap();
        assert_eq!(subject.parts[0].span.of(&subject.text), "Whole line\n");
        assert!(
            subject.text.contains("draft: false\n")
                && subject.text.contains("description_is_truncated: true\n")
        );
        assert!(gaps[1].reason.contains("cut at 2700 characters"));
    }

    #[test]
    fn a_cut_line_without_a_line_break_loses_its_last_word() {
        assert_eq!(whole_lines("We build on #123..."), "We build on");
        assert_eq!(whole_lines("https://a.example/b..."), "");
    }

    #[test]
    fn another_pipeline_is_an_error_that_names_its_source() {
        let error = read(&[("CI_PIPELINE_SOURCE", "push")]).unwrap_err();
        assert!(error.to_string().contains("CI_PIPELINE_SOURCE is `push`"), "{error}");
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.contains("`rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}]`"), "{help}");
    }
}
