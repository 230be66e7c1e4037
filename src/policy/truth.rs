//! Whether a condition holds: yes, no, or unknown where the record does not tell.

use std::fmt;

/// An answer of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// The record does not tell.
    Unknown(Reason),
}

/// Why nobody can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The record lacks a key.
    Lacks(&'static str),
    /// The condition is Ruby, which is never run.
    Ruby,
    /// The condition asks who belongs to a group or project.
    Members,
    /// The condition compares the id of a user; records are kept with usernames.
    UserId,
    /// The value of the condition cannot be read.
    Unreadable,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(key) => write!(f, "the record has no `{key}`"),
            Self::Ruby => f.write_str("the condition is Ruby, which is not run"),
            Self::Members => f.write_str("the members of groups and projects are not known"),
            Self::UserId => f.write_str("the ids of users are not known"),
            Self::Unreadable => f.write_str("the condition cannot be read"),
        }
    }
}

impl Truth {
    /// Both hold. One that does not settles it, whatever is unknown of the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown(one), Self::Unknown(two)) => Self::Unknown(one.min(two)),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            _ => Self::Yes,
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown(one), Self::Unknown(two)) => Self::Unknown(one.min(two)),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            _ => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
