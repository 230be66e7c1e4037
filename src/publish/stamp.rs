//! What of a merge request was judged, so that anybody can see whether a verdict is about its present text.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A digest of title, description, labels and commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    digest: String,
    head: String,
}

impl Stamp {
    /// The stamp of `record`, a merge request of the REST API, at the commit `head`.
    pub fn of(record: &Value, head: &str) -> Self {
        let text = |key: &str| record[key].as_str().unwrap_or_default();
        let labels = record["labels"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut labels: Vec<&str> =
            labels.iter().filter_map(|label| label.as_str().or_else(|| label["name"].as_str())).collect();
        labels.sort_unstable();
        let mut digest = Sha256::new();
        for part in ["proclint/1", text("title"), text("description"), head].into_iter().chain(labels) {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        let digest = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self { digest, head: head.to_owned() }
    }

    /// Twelve hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The commit.
    pub fn head(&self) -> &str {
        &self.head
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_changes_with_what_is_judged_and_with_nothing_else() {
        let stamp = |record: Value, head: &str| Stamp::of(&record, head).digest().to_owned();
        let first = stamp(json!({"title": "a", "description": "b", "labels": ["x", "y"]}), "c");
        let same =
            json!({"title": "a", "description": "b", "labels": [{"name": "y"}, "x"], "updated_at": "now"});
        assert_eq!(stamp(same, "c"), first);
        for (record, head) in [
            (json!({"title": "ab", "description": "", "labels": ["x", "y"]}), "c"),
            (json!({"title": "a", "description": "b", "labels": ["x"]}), "c"),
            (json!({"title": "a", "description": "b", "labels": ["x", "y"]}), "d"),
        ] {
            assert_ne!(stamp(record, head), first);
        }
    }
}
