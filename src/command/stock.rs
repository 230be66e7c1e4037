//! The labels and milestones of a project, as an audit is told of them, and the files that name them.

use std::path::Path;

use proclint::hygiene::{Hygiene, stock};
use proclint::load::harvest::{saved_gaps, unfinished};
use proclint::load::{Catalogue, Listed, export_files, export_list, is_packed, read_items};
use proclint::world::World;
use serde_json::Value;

use super::Fault;
use super::files::read_files;
use super::setup::Setup;
use crate::args::AuditArgs;

/// What exists, and what the files of the working directory name, before any record is seen.
///
/// # Errors
/// Where a list that was asked for cannot be read.
pub fn stock(
    args: &AuditArgs,
    setup: &Setup,
    world: &World,
    online: Option<&Catalogue>,
) -> Result<Hygiene, Fault> {
    let source = Path::new(&args.source);
    let list = |named: Option<&Path>, name: &str| -> Result<Option<Vec<Value>>, Fault> {
        let file = named.map(Path::to_owned).or_else(|| export_list(source, name));
        Ok(file.map(|file| read_items(&file)).transpose()?)
    };
    let packed = is_packed(source).then(|| Catalogue::of_export(source));
    let online = online.or(packed.as_ref());
    let mut hygiene = Hygiene {
        complete: !export_files(source).is_empty() && is_whole(source),
        shows_confidential: args.show_confidential,
        ..Hygiene::default()
    };
    let configured: Vec<_> = world.labels.iter().cloned().map(Value::String).collect();
    let listed = |list: fn(&Catalogue) -> &Listed| online.and_then(|online| list(online).clone().ok());
    let labels = list(args.labels.as_deref(), "labels.ndjson")?.or_else(|| listed(|online| &online.labels));
    if let Some(items) = labels.or_else(|| Some(configured).filter(|items| !items.is_empty())) {
        hygiene.set_labels(stock::labels(&items));
    }
    let milestones = list(args.milestones.as_deref(), "milestones.ndjson")?;
    if let Some(items) = milestones.or_else(|| listed(|online| &online.milestones)) {
        hygiene.set_milestones(stock::milestones(&items));
    }
    if hygiene.knows() {
        if let Some(items) = list(None, "boards.ndjson")? {
            hygiene.boards(&items);
        }
        files(&mut hygiene, setup)?;
    }
    Ok(hygiene)
}

/// Whether the folder of saved records at `source` holds all that there was.
fn is_whole(source: &Path) -> bool {
    unfinished(source).is_none() && saved_gaps(source).is_ok_and(|gaps| gaps.is_empty())
}

/// Reads what the files of the working directory name, in the order of their names.
fn files(hygiene: &mut Hygiene, setup: &Setup) -> Result<(), Fault> {
    let roots = std::slice::from_ref(&setup.root);
    let (subjects, gaps) = read_files(roots, setup, &Hygiene::may_name)?;
    subjects.iter().for_each(|subject| hygiene.read(subject));
    hygiene.unread.extend(gaps.iter().map(|gap| format!("the names in {}: {}", gap.subject, gap.reason)));
    Ok(())
}
