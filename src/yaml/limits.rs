//! How much a YAML text may cost, and how strictly it is read.

/// What happens to a key that a map holds twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// It is an error.
    Refuse,
    /// All entries stay, in the order of the text; look-ups find the first.
    Keep,
}

/// Bounds on one text. They hold for hostile input too: beyond them, reading ends with an error.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Size of the text in bytes.
    pub bytes: usize,
    /// Nesting of lists and maps, after aliases are expanded.
    pub depth: usize,
    /// Number of nodes, after aliases are expanded.
    pub nodes: usize,
    /// Scalar bytes that anchors and aliases may copy.
    pub alias_bytes: usize,
    /// What to do about duplicate keys.
    pub duplicates: Duplicates,
    /// Whether to accept what Ruby's YAML accepts: tags, `<<` as an ordinary key, keys that are lists or maps,
    /// quoted text that continues without indentation, and documents after the first, which are not read.
    pub lenient: bool,
}

impl Limits {
    /// For rules and configuration: strict, because a person is there to mend the file.
    pub fn config() -> Self {
        Self {
            bytes: 1 << 20,
            depth: 64,
            nodes: 200_000,
            alias_bytes: 1 << 20,
            duplicates: Duplicates::Refuse,
            lenient: false,
        }
    }

    /// For the files that are linted: whatever GitLab itself reads, with duplicate keys for a check to report.
    pub fn subject() -> Self {
        Self { bytes: 8 << 20, duplicates: Duplicates::Keep, lenient: true, ..Self::config() }
    }
}
