//! The server that a pipeline belongs to.

use std::time::Duration;

use proclint::load::gitlab::{Access, Gitlab, GitlabError, SystemClock};

use super::deadline::Deadline;
use crate::args::ServerArgs;

/// The server that the variables name, where they do; nothing is asked yet, nor after `deadline`.
///
/// # Errors
/// Where the address or the token cannot be one.
pub fn server(
    args: ServerArgs,
    deadline: Deadline,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Gitlab>, GitlabError> {
    let Some(mut access) = Access::from_env(env)? else { return Ok(None) };
    access.until = deadline.moment();
    access.connection.timeout = Duration::from_secs(args.call_timeout);
    Gitlab::new(access, Box::new(SystemClock)).map(Some)
}
