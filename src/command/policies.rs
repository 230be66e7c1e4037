//! The policies of a project, as an audit looks at them.

use proclint::load::{LoadError, read_below, read_given};
use proclint::policy::{FILE, Policies, Survey};

use super::Fault;
use super::setup::Setup;
use crate::args::AuditArgs;

/// The policies that were named, or those of the repository, before any record was seen; `None` where it has none.
///
/// # Errors
/// Where the file that was named cannot be read.
pub fn policies(args: &AuditArgs, setup: &Setup) -> Result<Option<(Policies, Survey)>, Fault> {
    let read = match &args.policies {
        Some(path) => {
            let name = path.display().to_string();
            match read_given(path) {
                Ok(text) => Some((name, text)),
                Err(source) => return Err(LoadError::Unreadable { path: name, source }.into()),
            }
        }
        None => read_below(&setup.root, FILE).map(|text| (FILE.to_owned(), text)),
    };
    Ok(read.map(|(name, text)| {
        let policies = Policies::read(&name, &text);
        let survey = Survey::new(&policies, &text);
        (policies, survey)
    }))
}
