//! The entries of a data file, or of a release-post item.

mod change;
mod dates;
mod docs_link;
mod feedback;
mod lacking;
mod offer;
mod pages;
mod piece;
mod product;
mod route;
mod status;

use serde::Deserialize;

use self::change::Changed;
use self::dates::Dates;
use self::docs_link::DocsLink;
use self::feedback::Feedback;
use self::lacking::Lacking;
use self::offer::Offer;
use self::pages::Pages;
use self::piece::Piece;
use self::product::Product;
use self::route::{Entry, Route};
use self::status::Status;
use super::{Sink, View};
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::Kind;
use crate::yaml::Node;

/// One question asked of every entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// Where the entries stand.
    each: Route,
    /// Entries below one of these keys are left out.
    #[serde(default)]
    except: Vec<String>,
    /// The files that are read of a merge request.
    changed: Option<Globs>,
    /// Only entries that it changes count, not all that its hunks show.
    #[serde(default = "yes")]
    changed_only: bool,
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
    /// A key with one of a few values.
    Status(Status),
    /// Product categories that are known.
    Product(Product),
    /// Something that is not there yet, with the link to its issue.
    Lacking(Lacking),
    /// Pages that are named and exist.
    Pages(Pages),
    /// A feedback issue that the text links.
    Feedback(Feedback),
}

fn yes() -> bool {
    true
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
            Find::Status(_) => status::VARIANTS.to_vec(),
            Find::Product(_) => product::VARIANTS.to_vec(),
            Find::Lacking(_) => lacking::VARIANTS.to_vec(),
            Find::Pages(_) => pages::VARIANTS.to_vec(),
            Find::Feedback(_) => feedback::VARIANTS.to_vec(),
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
            // A merge request without diffs has to say so.
            _ if self.changed.is_some() => Need::Nothing,
            Find::Status(status) => status.keys().map_or(Need::Nothing, Need::Any),
            Find::Lacking(lacking) => Need::Any(lacking.keys()),
            Find::Feedback(feedback) => Need::Any(feedback.keys()),
            Find::Product(_) | Find::Pages(_) => Need::Nothing,
        }
    }

    /// Asks every entry of a file, or those that a merge request changes.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if view.doc.subject.kind == Kind::MergeRequest {
            return self.changes(view, sink);
        }
        let Some(root) = view.doc.node() else { return };
        let text = view.doc.text();
        for entry in self.entries(root, false) {
            self.ask(&Piece { text, entry, changed: None }, view, sink);
        }
    }

    fn changes(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(globs) = &self.changed else { return };
        let mut added = Vec::new();
        for file in view.changed_files(globs, sink) {
            for changed in &Changed::of(view.doc.text(), file, view.world) {
                for entry in self.entries(&changed.node, true) {
                    let piece = Piece { text: &changed.text, entry, changed: Some(changed) };
                    if !self.changed_only || changed.touches(piece.span()) {
                        self.ask(&piece, view, sink);
                    }
                    if let Find::Lacking(lacking) = &self.find
                        && piece.is_added()
                    {
                        added.push(lacking.lacks(piece.entry.node));
                    }
                }
            }
        }
        if let Find::Lacking(lacking) = &self.find
            && !added.is_empty()
            && added.iter().all(|lacks| *lacks)
        {
            lacking.check_description(view, sink);
        }
    }

    /// The entries below `root`, which may be a piece of a file.
    fn entries<'n>(&self, root: &'n Node, piece: bool) -> Vec<Entry<'n>> {
        // Some files are the list that others have under a key.
        let mut entries = match (piece, &self.find) {
            (true, _) | (_, Find::Lacking(_)) => self.each.entries_of_piece(root),
            _ => self.each.entries(root),
        };
        entries.retain(|entry| !entry.keys.iter().any(|key| self.except.iter().any(|except| except == key)));
        entries
    }

    fn ask(&self, piece: &Piece<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        match &self.find {
            Find::Dates(dates) => dates.check(&piece.entry, view, sink),
            Find::DocsLink(link) => link.check(&piece.entry, view, sink),
            Find::Offer(offer) => offer.check(&piece.entry, view, sink),
            Find::Status(status) => status.check(piece, sink),
            Find::Product(product) => product.check(piece, view, sink),
            Find::Lacking(lacking) => lacking.check(piece, sink),
            Find::Pages(pages) => pages.check(piece, view, sink),
            Find::Feedback(feedback) => feedback.check(&piece.entry, view, sink),
        }
    }
}
