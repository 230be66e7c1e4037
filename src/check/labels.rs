//! Labels that contradict each other, or that are none of the documented values of their scope.

mod catalogue;
mod charts;
mod closed_set;
mod derived;
mod exclusive;
mod pending;
mod policy;
mod source;
pub(super) mod url;

use std::collections::BTreeMap;

use serde::Deserialize;

use self::charts::Charts;
use self::closed_set::ClosedSet;
use self::derived::Derived;
use self::exclusive::Exclusive;
use self::policy::Policy;
use super::{Sink, View};
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::{Detail, Details};

/// What is asked of labels.
#[derive(Debug, Deserialize)]
#[serde(from = "Body")]
pub enum Labels {
    /// A record, and an action of a data file, carries one label of a scope.
    Exclusive(Exclusive),
    /// A label of a governed scope is one of its documented values.
    ClosedSet(ClosedSet),
    /// Labels of one scope follow from those of another.
    Derived(Derived),
    /// The rules of gitlab-triage can hold, name labels that exist, and know all values of a scope.
    Policy(Policy),
    /// Charts of insights query labels that exist, and all values of a scope.
    Charts(Charts),
}

/// The keys of the kind as rule files write them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Body {
    find: Find,
    /// Keys of data files that hold labels; `actions.labels` is a key below another one.
    lists: Vec<String>,
    /// Keys of data files that hold texts to be posted, with quick actions.
    comments: Vec<String>,
    separator: String,
    /// Labels that share the first part of a nested scope are of one family.
    nested: bool,
    /// Beginnings of labels that a team treats as scopes although they have one colon.
    pseudo_scopes: Vec<String>,
    ignore_scopes: Vec<String>,
    /// The values of each governed scope.
    sets: BTreeMap<String, Vec<String>>,
    /// Whose labels the sets govern.
    projects: Option<Globs>,
    /// The pages whose code spans and table cells speak of these labels.
    page_globs: Option<Globs>,
    /// Values that stand for any value.
    wildcards: Vec<String>,
    /// Labels that are right although no set has them.
    allow: Vec<String>,
    /// A scope whose labels follow from those of `output_scope`.
    scope: String,
    /// The values of `scope`.
    values: Vec<String>,
    output_scope: String,
    /// The value of `scope` that follows from each value of `output_scope`.
    mapping: BTreeMap<String, String>,
    /// The file that is checked.
    file: String,
    /// An export of the labels that exist.
    labels_file: Option<String>,
    /// Scopes that other projects use too, with other values.
    common_scopes: Vec<String>,
    /// The labels of states in which a policy closes an issue.
    required_coverage: Vec<String>,
    /// Simple policies are asked of records, too.
    import_policies: bool,
    /// So many values of a scope mean all of them.
    coverage_min: usize,
    /// The keys that a rule, its conditions and its actions may have.
    keys: BTreeMap<String, Vec<String>>,
    /// Values that stand for no label, or for any.
    special: Vec<String>,
    /// Old special values with those that replaced them.
    old_values: BTreeMap<String, String>,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            find: Find::Exclusive,
            lists: Vec::new(),
            comments: Vec::new(),
            separator: "::".to_owned(),
            nested: false,
            pseudo_scopes: Vec::new(),
            ignore_scopes: Vec::new(),
            sets: BTreeMap::new(),
            projects: None,
            page_globs: None,
            wildcards: Vec::new(),
            allow: Vec::new(),
            scope: String::new(),
            values: Vec::new(),
            output_scope: String::new(),
            mapping: BTreeMap::new(),
            file: String::new(),
            labels_file: None,
            common_scopes: Vec::new(),
            required_coverage: Vec::new(),
            import_policies: false,
            coverage_min: 3,
            keys: BTreeMap::new(),
            special: Vec::new(),
            old_values: BTreeMap::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    Exclusive,
    ClosedSet,
    Derived,
    Policy,
    Charts,
}

impl From<Body> for Labels {
    fn from(body: Body) -> Self {
        match body.find {
            Find::Exclusive => Self::Exclusive(Exclusive::new(body)),
            Find::ClosedSet => Self::ClosedSet(ClosedSet::new(body)),
            Find::Derived => Self::Derived(Derived::new(body)),
            Find::Policy => Self::Policy(Policy::new(body)),
            Find::Charts => Self::Charts(Charts::new(body)),
        }
    }
}

impl Labels {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "scope", "other", "member", "members"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Exclusive(_) => vec!["duplicate"],
            Self::ClosedSet(_) => vec!["case", "separator", "number", "typo", "unknown"],
            Self::Derived(_) => vec!["scope", "mapping", "policy"],
            Self::Policy(_) => policy::VARIANTS.to_vec(),
            Self::Charts(_) => charts::VARIANTS.to_vec(),
        }
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match self {
            // Labels in the addresses of lists are read wherever these stand.
            Self::ClosedSet(_) => Details::from(Detail::Notes).with(Detail::Commits),
            Self::Exclusive(_) | Self::Derived(_) | Self::Policy(_) | Self::Charts(_) => Details::NONE,
        }
    }

    /// What a text must contain: a scope.
    pub fn need(&self) -> Need {
        match self {
            Self::Exclusive(check) => check.need(),
            Self::ClosedSet(check) => check.need(),
            Self::Derived(check) => check.need(),
            Self::Policy(check) => check.need(),
            Self::Charts(check) => check.need(),
        }
    }

    /// Finds the labels that cannot stay as they are.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self {
            Self::Exclusive(check) => check.run(view, sink),
            Self::ClosedSet(check) => check.run(view, sink),
            Self::Derived(check) => check.run(view, sink),
            Self::Policy(check) => check.run(view, sink),
            Self::Charts(check) => check.run(view, sink),
        }
    }
}

fn has(globs: Option<&Globs>, path: Option<&str>) -> bool {
    globs.zip(path).is_some_and(|(globs, path)| globs.has(path))
}
