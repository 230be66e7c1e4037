//! What is shared by all subjects: today, the project, and the facts of the working directory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::yaml::{self, Limits, Node};

/// The shared facts; built once before the check, the same for every thread.
#[derive(Debug, Default)]
pub struct World {
    /// The day that counts as today.
    pub today: Date,
    /// The project the working directory belongs to, `group/project`, if known.
    pub project: Option<String>,
    /// Files that rules look things up in, by repository-relative path.
    pub files: BTreeMap<String, String>,
    /// The labels that exist, where the configuration lists them.
    pub labels: BTreeSet<String>,
    /// The users that exist, where the configuration lists them.
    pub users: BTreeSet<String>,
    /// Hosts that serve GitLab, besides every URL with `/-/`.
    pub hosts: Vec<String>,
    categories: OnceLock<Option<Node>>,
}

/// Where the facts of a checkout may stand.
pub const FACT_PATHS: [&str; 3] =
    [".gitlab/issue_templates/Product-Walk-Through.md", "data/categories.yml", "doc/security/rate_limits.md"];

impl World {
    /// A world with nothing in it but the day.
    pub fn on(today: Date) -> Self {
        Self { today, hosts: vec!["gitlab.com".to_owned()], ..Self::default() }
    }

    /// `data/categories.yml` of the working directory, read on first use.
    pub fn categories(&self) -> Option<&Node> {
        let read = || yaml::parse(self.files.get("data/categories.yml")?, &Limits::subject()).ok().flatten();
        self.categories.get_or_init(read).as_ref()
    }
}
