//! What a folder of saved records says of itself beside them: what could not be read, and whether all was.

use std::io::{BufReader, Error, ErrorKind};
use std::path::Path;

use serde_json::Deserializer;

use super::store::{GAPS, STATE};
use crate::finding::NotChecked;
use crate::load::open_found;

/// What could not be read when `folder` was saved, in the order in which it was said; nothing for other folders.
///
/// # Errors
/// Where the list is there and cannot be read.
pub fn saved_gaps(folder: &Path) -> std::io::Result<Vec<NotChecked>> {
    let file = match open_found(&folder.join(GAPS)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::new(error.kind(), format!("{GAPS}: {error}"))),
        Ok(file) => file,
    };
    Ok(Deserializer::from_reader(BufReader::new(file)).into_iter().collect::<Result<_, _>>()?)
}

/// That the reading whose records `folder` keeps did not come to its end.
pub fn unfinished(folder: &Path) -> Option<NotChecked> {
    folder.join(STATE).is_file().then(|| NotChecked {
        subject: folder.display().to_string(),
        rule: None,
        reason: "the reading that saves its records here has not ended: run it again to go on".to_owned(),
    })
}
