//! What the server tells about the project, where a token allows: the labels that there are.

use proclint::finding::NotChecked;
use proclint::load::gitlab::{Gitlab, List, Place, TokenKind};
use proclint::world::World;
use serde_json::Value;

use super::record::told;

/// Labels beyond these would take more calls than they are worth.
const MOST: usize = 2000;

/// Adds the labels of `project` to `world`; half a list would make labels look unknown, so it is all or none.
pub fn read(gitlab: &Gitlab, project: &str, world: &mut World) -> Option<NotChecked> {
    if gitlab.token_kind() != TokenKind::Access {
        return None;
    }
    let items = gitlab.list(&Place::Project(project.to_owned()), List::Labels, &[]);
    let gap = |reason| Some(NotChecked { subject: project.to_owned(), rule: None, reason });
    match items.take(MOST + 1).collect::<Result<Vec<Value>, _>>() {
        Ok(labels) if labels.len() > MOST => {
            gap(format!("labels: there are more than {MOST}, so whether one exists was not looked up"))
        }
        Ok(labels) => {
            let names = labels.iter().filter_map(|label| label.get("name")?.as_str());
            world.labels.extend(names.map(str::to_owned));
            None
        }
        Err(error) => gap(format!("labels: {}", told(&error))),
    }
}
