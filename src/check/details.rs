//! Which details of a record each kind of check looks at, so that only those are fetched.

use super::Check;
use crate::subject::{Detail, Details};

/// Prose is read in commit messages, too.
const COMMITS: Details = Details::NONE.with(Detail::Commits);

const DIFFS: Details = Details::NONE.with(Detail::Diffs);

impl Check {
    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match self {
            Self::Text(_) | Self::Define(_) | Self::Reference(_) => COMMITS,
            Self::Require(check) => check.details(),
            Self::Relatives(check) => check.details(),
            Self::Agree(check) => check.details(),
            Self::Deadline(check) => check.details(),
            Self::History(check) => check.details(),
            Self::States(check) => check.details(),
            Self::Labels(check) => check.details(),
            Self::Diff(_)
            | Self::Freshness(_)
            | Self::Entries(_)
            | Self::Lines(_)
            | Self::Owners(_)
            | Self::Call(_)
            | Self::Caretaker(_) => DIFFS,
            Self::Quarter(_) => Detail::Links.into(),
            Self::Detect(_) => Detail::Notes.into(),
            Self::Launch(check) => check.details(),
            Self::Tree(_) => Detail::Children.into(),
            Self::Window(check) => check.details(),
            Self::Section(check) => check.details(),
            Self::Link(_)
            | Self::Linked(_)
            | Self::Horizon(_)
            | Self::QuickActions(_)
            | Self::Score(_)
            | Self::Checklist(_)
            | Self::Wording(_)
            | Self::Answers(_)
            | Self::Markup(_)
            | Self::Sentence(_)
            | Self::Mention(_)
            | Self::Topics(_)
            | Self::Unique(_)
            | Self::Mirror(_)
            | Self::LeftOver(_)
            | Self::Waivers(_) => Details::NONE,
        }
    }
}
