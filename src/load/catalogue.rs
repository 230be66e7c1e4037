//! The labels and milestones that a project or group has, as the API lists them or an export holds them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use serde_json::{Deserializer, Value};

use super::export::relation;
use super::gitlab::{Gitlab, List, Place};
use super::packed::{self, is_packed};

/// The objects of a list, or why it is not known.
///
/// The API gives a label its `name`, an export its `title`.
pub type Listed = Result<Vec<Value>, String>;

/// What records can be labelled with and planned for; a list that is not known is not an empty one.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The labels, those of the groups above included where the source has them.
    pub labels: Listed,
    /// The milestones, likewise.
    pub milestones: Listed,
}

impl Catalogue {
    /// Neither list is known, for one reason.
    pub fn unknown(reason: &str) -> Self {
        Self { labels: Err(reason.to_owned()), milestones: Err(reason.to_owned()) }
    }

    /// The lists of the export at `path`, packed or not, or of a folder of saved records: `labels.ndjson` and
    /// `milestones.ndjson`.
    pub fn of_export(path: &Path) -> Self {
        if is_packed(path) {
            return packed::catalogue(path);
        }
        let read = |name: &str| {
            let file = relation(path, name).ok_or_else(|| format!("there is no {name}"))?;
            let file = File::open(file).map_err(|error| format!("{name} cannot be read: {error}"))?;
            listed(BufReader::new(file), name)
        };
        Self { labels: read("labels.ndjson"), milestones: read("milestones.ndjson") }
    }

    /// The lists of `place`, a call for every hundred objects.
    pub fn of_place(gitlab: &Gitlab, place: &Place) -> Self {
        let read = |list: List| {
            let items: Result<Vec<Value>, _> = gitlab.list(place, list, &[]).collect();
            items.map_err(|error| error.to_string())
        };
        Self { labels: read(List::Labels), milestones: read(List::Milestones) }
    }
}

/// The objects of `reader`, one after the other; half a list is none.
pub(super) fn listed(reader: impl Read, name: &str) -> Listed {
    let items: Result<Vec<Value>, _> = Deserializer::from_reader(reader).into_iter().collect();
    match items {
        Ok(items) if items.iter().all(Value::is_object) => Ok(items),
        Ok(_) => Err(format!("{name} holds something else than objects")),
        Err(error) if error.classify() == serde_json::error::Category::Io => {
            Err(format!("{name} cannot be read: {}", io::Error::from(error)))
        }
        Err(error) => Err(format!("{name} is broken in line {}", error.line())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_missing_or_broken_is_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("issues.ndjson"), "{\"iid\": 1}\n").unwrap();
        std::fs::write(folder.path().join("labels.ndjson"), "{\"title\": \"bug\"}\n{\"title\": \"a b\"}\n")
            .unwrap();
        let catalogue = Catalogue::of_export(folder.path());
        let titles: Vec<_> = catalogue.labels.unwrap().iter().map(|label| label["title"].clone()).collect();
        assert_eq!(titles, ["bug", "a b"]);
        assert_eq!(catalogue.milestones, Err("there is no milestones.ndjson".to_owned()));
        for (text, reason) in [
            ("{\"title\": \"19.1\"}\n{\"title\"", "milestones.ndjson is broken in line 2"),
            ("{}\n[1]\n", "milestones.ndjson holds something else than objects"),
        ] {
            std::fs::write(folder.path().join("milestones.ndjson"), text).unwrap();
            assert_eq!(Catalogue::of_export(folder.path()).milestones, Err(reason.to_owned()));
        }
        std::fs::write(folder.path().join("milestones.ndjson"), "").unwrap();
        assert_eq!(Catalogue::of_export(folder.path()).milestones, Ok(Vec::new()));
    }
}
