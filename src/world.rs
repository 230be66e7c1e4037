//! What is shared by all subjects: today, the project, and the facts of the working directory.

pub mod titles;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;

use crate::document::boilerplate::Form;
use crate::load::{is_below, names_below, read_below};
use crate::policy::{FILE, Policies};
use crate::subject::Kind;
use crate::yaml::{self, Limits, Node};
pub use titles::Titles;

/// The shared facts; built once before the check, the same for every thread.
#[derive(Debug, Default)]
pub struct World {
    /// The day that counts as today.
    pub today: Date,
    /// The project the working directory belongs to, `group/project`, if known.
    pub project: Option<String>,
    /// Files that rules look things up in, by repository-relative path.
    pub files: BTreeMap<String, String>,
    /// The issue templates there are, by repository-relative path, sorted.
    pub templates: Vec<String>,
    /// The root of the working directory, where pages that a merge request changes are looked up.
    pub root: Option<PathBuf>,
    /// The labels that exist, where the configuration lists them.
    pub labels: BTreeSet<String>,
    /// The users that exist, where the configuration lists them.
    pub users: BTreeSet<String>,
    /// What issues are called, where somebody told.
    pub titles: Titles,
    /// Hosts that serve GitLab, besides every URL with `/-/`.
    pub hosts: Vec<String>,
    issue_forms: OnceLock<Vec<Form>>,
    request_forms: OnceLock<Vec<Form>>,
    categories: OnceLock<Option<Node>>,
    stages: OnceLock<Option<Node>>,
    policies: OnceLock<Policies>,
    trees: Mutex<BTreeMap<String, Option<Arc<Node>>>>,
}

/// Where the facts of a checkout may stand.
pub const FACT_PATHS: [&str; 4] = [
    ".gitlab/issue_templates/Product-Walk-Through.md",
    "data/categories.yml",
    "data/stages.yml",
    "doc/security/rate_limits.md",
];

/// Where GitLab looks for the templates of a project's issues.
pub const TEMPLATE_FOLDER: &str = ".gitlab/issue_templates";

/// Where GitLab looks for the templates of a project's merge requests.
pub const REQUEST_TEMPLATE_FOLDER: &str = ".gitlab/merge_request_templates";

impl World {
    /// A world with nothing in it but the day.
    pub fn on(today: Date) -> Self {
        Self { today, hosts: vec!["gitlab.com".to_owned()], ..Self::default() }
    }

    /// The text of the page at `path`, repository-relative, of the working directory.
    pub fn page(&self, path: &str) -> Option<Cow<'_, str>> {
        if let Some(text) = self.files.get(path) {
            return Some(Cow::Borrowed(text));
        }
        read_below(self.root.as_ref()?, path).map(Cow::Owned)
    }

    /// Whether there is a file at `path`, repository-relative.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.root.as_ref().is_some_and(|root| is_below(root, path))
    }

    /// The names of the files and folders in `folder`, repository-relative, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let below = |path: &String| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?;
            Some(name.to_owned())
        };
        let mut names: BTreeSet<_> = self.files.keys().filter_map(below).collect();
        names.extend(self.root.iter().flat_map(|root| names_below(root, folder)));
        names.into_iter().collect()
    }

    /// The YAML file at `path`, repository-relative, read on first use; `None` where there is none or it is broken.
    pub fn tree(&self, path: &str) -> Option<Arc<Node>> {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || yaml::parse(&self.page(path)?, &Limits::subject()).ok().flatten().map(Arc::new);
        trees.entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// The policies of gitlab-triage of the working directory, read on first use; none where there is no such file.
    pub fn policies(&self) -> &Policies {
        self.policies
            .get_or_init(|| self.page(FILE).map(|text| Policies::read(FILE, &text)).unwrap_or_default())
    }

    /// The description templates for records of `kind`, read on first use; none for epics.
    pub fn forms(&self, kind: Kind) -> &[Form] {
        let (forms, folder) = match kind {
            Kind::Issue => (&self.issue_forms, TEMPLATE_FOLDER),
            Kind::MergeRequest => (&self.request_forms, REQUEST_TEMPLATE_FOLDER),
            _ => return &[],
        };
        forms.get_or_init(|| {
            let names = self.names(folder).into_iter().filter(|name| name.ends_with(".md"));
            let paths = names.map(|name| format!("{folder}/{name}"));
            paths.filter_map(|path| Some(Form::new(&path, &self.page(&path)?))).collect()
        })
    }

    /// Takes `templates`, paths and texts, for the description templates of merge requests, whatever the working directory
    /// holds.
    pub fn set_request_forms(&mut self, templates: &[(String, String)]) {
        self.request_forms =
            templates.iter().map(|(path, text)| Form::new(path, text)).collect::<Vec<_>>().into();
    }

    /// `data/categories.yml` of the working directory, read on first use.
    pub fn categories(&self) -> Option<&Node> {
        let read = || yaml::parse(self.files.get("data/categories.yml")?, &Limits::subject()).ok().flatten();
        self.categories.get_or_init(read).as_ref()
    }

    /// `data/stages.yml` of the working directory, read on first use.
    pub fn stages(&self) -> Option<&Node> {
        let read = || yaml::parse(self.files.get("data/stages.yml")?, &Limits::subject()).ok().flatten();
        self.stages.get_or_init(read).as_ref()
    }

    /// The section of the stage that has the group called `name`, as `data/stages.yml` has it.
    pub fn section_of_group(&self, name: &str) -> Option<&str> {
        let has = |stage: &Node| {
            let groups = stage.get("groups").map(Node::entries).unwrap_or_default();
            groups.iter().any(|group| is_called(&group.key, &group.value, name))
        };
        let stages = self.stages()?.get("stages")?.entries();
        stages.iter().find(|stage| has(&stage.value))?.value.get("section")?.as_str()
    }

    /// The section of the stage of the category called `name`, as the data files have it.
    pub fn section_of_category(&self, name: &str) -> Option<&str> {
        let categories = self.categories()?.entries();
        let category = categories.iter().find(|entry| is_called(&entry.key, &entry.value, name))?;
        let stage = category.value.get("stage")?.as_str()?;
        self.stages()?.get("stages")?.get(stage)?.get("section")?.as_str()
    }
}

/// Whether an entry of a data file is called `name`, in its key or its `name`, in any letter case.
fn is_called(key: &str, entry: &Node, name: &str) -> bool {
    let own = entry.get("name").and_then(Node::as_str);
    own.is_some_and(|own| own.eq_ignore_ascii_case(name)) || key.replace('_', " ").eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_below_the_root_only() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("repo/doc")).unwrap();
        std::fs::write(folder.path().join("repo/doc/a.md"), "a").unwrap();
        std::fs::write(folder.path().join("b.md"), "b").unwrap();
        let root = Some(folder.path().join("repo"));
        let world = World { root, ..World::on(Date::default()) };
        assert_eq!(world.page("doc/a.md").as_deref(), Some("a"));
        for path in ["../b.md", "doc/../../b.md", "doc/none.md", ""] {
            assert_eq!(world.page(path), None, "{path}");
        }
        let outside = folder.path().join("b.md");
        assert_eq!(world.page(&outside.to_string_lossy()), None);
    }
}
