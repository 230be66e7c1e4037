//! What belongs to a record beside its own fields, and is fetched by calls of its own.

use super::Kind;

/// A list that belongs to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// Its comments, those of GitLab itself included.
    Notes,
    /// When labels were added and removed.
    LabelEvents,
    /// When milestones were set and removed.
    MilestoneEvents,
    /// When it was closed and reopened.
    StateEvents,
    /// The issues or epics linked to it.
    Links,
    /// The issues and epics below an epic.
    Children,
    /// The commits of a merge request.
    Commits,
    /// The changed files of a merge request.
    Diffs,
}

impl Detail {
    /// All of them, in the order in which they are fetched.
    pub const ALL: [Self; 8] = [
        Self::Notes,
        Self::LabelEvents,
        Self::MilestoneEvents,
        Self::StateEvents,
        Self::Links,
        Self::Children,
        Self::Commits,
        Self::Diffs,
    ];

    /// The key of a record that holds it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::LabelEvents => "resource_label_events",
            Self::MilestoneEvents => "resource_milestone_events",
            Self::StateEvents => "resource_state_events",
            Self::Links => "links",
            Self::Children => "children",
            Self::Commits => "commits",
            Self::Diffs => "diffs",
        }
    }

    /// The other keys under which a record may hold it.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::LabelEvents => &["label_events", "events"],
            Self::MilestoneEvents => &["milestone_events"],
            Self::StateEvents => &["state_events"],
            Self::Diffs => &["changes", "diff"],
            Self::Notes | Self::Links | Self::Children | Self::Commits => &[],
        }
    }

    /// The detail that the field at `path` lies in, such as `links[0].state`.
    pub fn of_field(path: &str) -> Option<Self> {
        let root = path.split(['.', '[']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|detail| detail.key() == root || detail.aliases().contains(&root))
    }

    /// Whether records of `kind` have it.
    pub fn is_of(self, kind: Kind) -> bool {
        match self {
            Self::Notes | Self::LabelEvents | Self::StateEvents => kind.is_record(),
            Self::MilestoneEvents => matches!(kind, Kind::Issue | Kind::MergeRequest),
            Self::Links => matches!(kind, Kind::Issue | Kind::Epic),
            Self::Children => kind == Kind::Epic,
            Self::Commits | Self::Diffs => kind == Kind::MergeRequest,
        }
    }
}

/// A set of details, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details(u8);

impl Details {
    /// No detail.
    pub const NONE: Self = Self(0);

    /// The set with `detail` added.
    #[must_use]
    pub const fn with(self, detail: Detail) -> Self {
        Self(self.0 | 1 << detail as u8)
    }

    /// What is in one of the sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What of it records of `kind` have.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Self {
        self.iter().filter(|detail| detail.is_of(kind)).collect()
    }

    /// Whether `detail` is in the set.
    pub fn has(self, detail: Detail) -> bool {
        self.0 & 1 << detail as u8 != 0
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The details in the set, in the order in which they are fetched.
    pub fn iter(self) -> impl Iterator<Item = Detail> {
        Detail::ALL.into_iter().filter(move |detail| self.has(*detail))
    }
}

impl From<Detail> for Details {
    fn from(detail: Detail) -> Self {
        Self::NONE.with(detail)
    }
}

impl FromIterator<Detail> for Details {
    fn from_iter<I: IntoIterator<Item = Detail>>(details: I) -> Self {
        details.into_iter().fold(Self::NONE, Self::with)
    }
}

impl FromIterator<Details> for Details {
    fn from_iter<I: IntoIterator<Item = Details>>(sets: I) -> Self {
        sets.into_iter().fold(Self::NONE, Self::and)
    }
}
