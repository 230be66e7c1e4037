//! Another value than the one at fault, which messages and fixes may name.

use serde::Deserialize;

use super::place::Place;
use crate::check::View;

/// Where the value comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Named {
    /// A place in the text.
    At(Box<Place>),
    /// The section that a group or category label belongs to, by the data files of the working directory. A subject
    /// that has a label of the scope needs none.
    Section(Section),
}

/// The labels that say it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// How the label of a section starts.
    scope: String,
    /// How the label of a group starts.
    group: String,
    /// How the label of a category starts.
    category: String,
}

impl Named {
    /// The place in the record that it comes from.
    pub(super) fn place(&self) -> Option<&Place> {
        match self {
            Self::At(place) => Some(place),
            Self::Section(_) => None,
        }
    }

    /// The value; empty where there is none.
    pub(super) fn of(&self, view: View<'_>) -> String {
        match self {
            Self::At(place) => place.find(view.doc).map(|spot| spot.value).unwrap_or_default(),
            Self::Section(section) => section.of(view).unwrap_or_default(),
        }
    }
}

impl Section {
    fn of(&self, view: View<'_>) -> Option<String> {
        let labels = view.doc.field("labels").values;
        let behind = |scope: &str| {
            let name = labels.iter().find_map(|label| label.text.strip_prefix(scope));
            name.map(str::trim).filter(|name| !name.is_empty())
        };
        if behind(&self.scope).is_some() {
            return None;
        }
        let of_group = || view.world.section_of_group(behind(&self.group)?);
        let of_category = || view.world.section_of_category(behind(&self.category)?);
        of_group().or_else(of_category).map(str::to_owned)
    }
}
