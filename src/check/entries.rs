//! The entries of a data file, or of a release-post item.

mod dates;
mod docs_link;
mod offer;
mod route;

use serde::Deserialize;

use self::dates::Dates;
use self::docs_link::DocsLink;
use self::offer::Offer;
use self::route::Route;
use super::{Sink, View};
use crate::scan::Need;

/// One question asked of every entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// Where the entries stand.
    each: Route,
    /// Entries below one of these keys are left out.
    #[serde(default)]
    except: Vec<String>,
    /// What is asked.
    find: Find,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Dates of levels that contradict each other, the level reached, or today.
    Dates(Dates),
    /// A link to the documentation that is missing or no link.
    DocsLink(DocsLink),
    /// A platform that an item is not offered on.
    Offer(Offer),
}

impl Entries {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "entry", "key", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self.find {
            Find::Dates(_) => dates::VARIANTS.to_vec(),
            Find::DocsLink(_) => docs_link::VARIANTS.to_vec(),
            Find::Offer(_) => Vec::new(),
        }
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        match &self.find {
            Find::Dates(dates) => Need::Any(dates.keys()),
            Find::Offer(offer) => Need::Any(offer.keys()),
            Find::DocsLink(link) => {
                Need::Any(vec![self.each.first_key().unwrap_or(link.name_key()).to_owned()])
            }
        }
    }

    /// Asks every entry.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(root) = view.doc.node() else { return };
        for entry in self.each.entries(root) {
            if entry.keys.iter().any(|key| self.except.iter().any(|except| except == key)) {
                continue;
            }
            match &self.find {
                Find::Dates(dates) => dates.check(&entry, view, sink),
                Find::DocsLink(link) => link.check(&entry, view, sink),
                Find::Offer(offer) => offer.check(&entry, view, sink),
            }
        }
    }
}
