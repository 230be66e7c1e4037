//! What the variables of a job say about its pipeline: which merge request, and which commits.

/// What a merge request pipeline has checked out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Event {
    /// The source branch.
    #[default]
    Detached,
    /// The source branch merged into its target.
    MergedResult,
    /// The same, behind other merge requests of a train.
    MergeTrain,
}

/// The merge request of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The project it is in, which is the target's: `group/project`.
    pub project: String,
    /// Its number there.
    pub iid: u64,
    /// What the pipeline has checked out.
    pub event: Event,
    /// Where the source left the target.
    pub diff_base: Option<String>,
    /// The head of the target branch; only with merged results.
    pub target_sha: Option<String>,
    /// The head of the source branch.
    pub source_sha: Option<String>,
    /// The name of the target branch.
    pub target_branch: Option<String>,
    /// The project of a fork that the change comes from.
    pub fork: Option<String>,
}

/// What is known of the pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// The merge request, in a pipeline of one.
    pub request: Option<Request>,
    /// `CI_PIPELINE_SOURCE`.
    pub source: Option<String>,
    /// The project whose files are checked; for a merge request its target's.
    pub project: Option<String>,
    /// The branch, in a pipeline of a branch.
    pub branch: Option<String>,
}

impl Pipeline {
    /// The pipeline as its variables tell.
    pub fn from_env(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let request = Request::from_env(&set);
        let project = request.as_ref().map(|request| request.project.clone());
        Self {
            project: project.or_else(|| set("CI_PROJECT_PATH")),
            request,
            source: set("CI_PIPELINE_SOURCE"),
            branch: set("CI_COMMIT_BRANCH"),
        }
    }
}

impl Request {
    fn from_env(set: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let variable = |name: &str| set(&format!("CI_MERGE_REQUEST_{name}"));
        let hash = |name: &str| variable(name).filter(|value| is_hash(value));
        let project = variable("PROJECT_PATH").or_else(|| set("CI_PROJECT_PATH"))?;
        Some(Self {
            iid: variable("IID")?.parse().ok()?,
            event: match variable("EVENT_TYPE").as_deref() {
                Some("merged_result") => Event::MergedResult,
                Some("merge_train") => Event::MergeTrain,
                _ => Event::Detached,
            },
            diff_base: hash("DIFF_BASE_SHA"),
            target_sha: hash("TARGET_BRANCH_SHA"),
            source_sha: hash("SOURCE_BRANCH_SHA").or_else(|| set("CI_COMMIT_SHA").filter(|sha| is_hash(sha))),
            target_branch: variable("TARGET_BRANCH_NAME"),
            fork: variable("SOURCE_PROJECT_PATH").filter(|source| *source != project),
            project,
        })
    }
}

/// Whether `text` is a commit's name, and so no option of git and no branch.
fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Pipeline {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Pipeline::from_env(&find)
    }

    #[test]
    fn a_fork_is_judged_in_the_project_of_its_target() {
        let (base, head) = ("b".repeat(40), "c".repeat(40));
        let pipeline = read(&[
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_PROJECT_PATH", "group/project"),
            ("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "anna/project"),
            ("CI_PROJECT_PATH", "anna/project"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
            ("CI_COMMIT_SHA", &head),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "detached"),
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
        ]);
        assert_eq!(pipeline.project.as_deref(), Some("group/project"));
        let request = pipeline.request.expect("a merge request");
        assert_eq!(
            (request.project.as_str(), request.fork.as_deref()),
            ("group/project", Some("anna/project"))
        );
        assert_eq!((request.diff_base, request.source_sha), (Some(base), Some(head)));
    }

    #[test]
    fn what_is_no_hash_never_reaches_git() {
        let pipeline = read(&[
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_PROJECT_PATH", "g/p"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "--help"),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"),
        ]);
        let request = pipeline.request.expect("a merge request");
        assert_eq!((request.diff_base, request.event), (None, Event::MergeTrain));
    }

    #[test]
    fn the_pipeline_of_a_branch_has_no_merge_request() {
        let pipeline = read(&[("CI_PROJECT_PATH", "g/p"), ("CI_COMMIT_BRANCH", "main")]);
        assert_eq!((pipeline.request, pipeline.branch.as_deref()), (None, Some("main")));
    }
}
