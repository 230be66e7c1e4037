//! Names of a list that does not show them: a file of their digests.

use std::collections::HashSet;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::check::View;
use crate::text::Span;

/// Words of the longest name.
const LONGEST: usize = 6;

/// A list of names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    /// The file of the checkout with one digest a line: SHA-256, hexadecimal, of the name in small letters, everything
    /// between its letters and digits one blank. Without it nothing is looked for.
    file: Option<String>,
    /// The variant that is reported.
    pub(super) variant: String,
}

impl Names {
    /// The digests; `None` where no list is wanted.
    ///
    /// # Errors
    /// Why there is no list, in words, where one is wanted.
    pub(super) fn digests(&self, view: View<'_>) -> Result<Option<HashSet<String>>, String> {
        let Some(path) = &self.file else { return Ok(None) };
        let page = view.world.page(path).ok_or_else(|| format!("there is no list of names in {path}"))?;
        let digest = |line: &str| Some(line.split_whitespace().next()?.to_ascii_lowercase());
        Ok(Some(page.lines().filter_map(digest).collect()))
    }
}

/// The names of `text` that `digests` has, the longest at each place.
pub(super) fn find(text: &str, digests: &HashSet<String>) -> Vec<Span> {
    let words = words(text);
    let mut found = Vec::new();
    for first in 0..words.len() {
        let lengths = (1..=LONGEST.min(words.len() - first)).rev();
        found.extend(lengths.map(|count| &words[first..first + count]).find_map(|name| {
            let joined = name.iter().map(|span| span.of(text).to_lowercase()).collect::<Vec<_>>().join(" ");
            let digest: String =
                Sha256::digest(joined.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            let (start, end) = (name.first()?.start, name.last()?.end);
            digests.contains(&digest).then_some(Span { start, end })
        }));
    }
    found
}

/// Runs of letters and digits.
fn words(text: &str) -> Vec<Span> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Span::new(from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}
