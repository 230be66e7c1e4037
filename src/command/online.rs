//! Reads the records of a project or group from GitLab.

use std::time::Duration;

use proclint::finding::NotChecked;
use proclint::load::Catalogue;
use proclint::load::gitlab::{Access, Gitlab, GitlabError, List, Place, SystemClock, TokenKind, of_page};
use proclint::load::harvest::{Harvest, Needs, Wanted};
use proclint::subject::{Details, Subject};

use super::Fault;
use super::deadline::Deadline;
use super::origin::Origin;
use super::progress::Bar;
use super::setup::today;
use crate::args::{OnlineArgs, StateArg, WhatArg};

/// A project or group of a server, and what is read of it.
pub struct Online {
    gitlab: Gitlab,
    place: Place,
    wanted: Wanted,
    /// The labels and milestones there.
    pub catalogue: Catalogue,
}

impl Online {
    /// The project or group at `origin`, which `source` names; nothing for what is here.
    ///
    /// # Errors
    /// Where there is no such project or group, or the server cannot be asked.
    pub fn open(
        source: &str,
        args: &OnlineArgs,
        origin: &Origin<'_>,
        deadline: Deadline,
    ) -> Result<Option<Self>, Fault> {
        if let Some(option) = args.given().filter(|_| *origin == Origin::Here) {
            return Err(Fault::OnlineOption { option, source_is: source.to_owned() });
        }
        if *origin == Origin::Here {
            return Ok(None);
        }
        let wanted = wanted(args)?;
        let (access, path) = access(source, origin)?;
        let gitlab = client(Access { until: deadline.moment(), ..access }, args)?;
        let place = place(&gitlab, source, &path)?;
        // What an earlier run kept goes with its records.
        let kept = args.save.as_deref().map(Catalogue::of_export);
        let kept = kept.filter(|kept| kept.labels.is_ok() && kept.milestones.is_ok());
        let catalogue = kept.unwrap_or_else(|| Catalogue::of_place(&gitlab, &place));
        Ok(Some(Self { gitlab, place, wanted, catalogue }))
    }

    /// Hands every record to `visit`, with the details that are asked for, and tells whether all that there is was
    /// read; `prints` says that something is printed meanwhile.
    ///
    /// # Errors
    /// Where reading ends early, after the records before that were visited.
    pub fn each_record(
        &self,
        args: &OnlineArgs,
        asked: &(dyn Fn(&Subject) -> Details + Sync),
        prints: bool,
        visit: &mut dyn FnMut(Result<Subject, NotChecked>),
    ) -> Result<bool, Fault> {
        let harvest = Harvest {
            gitlab: &self.gitlab,
            place: &self.place,
            wanted: &self.wanted,
            catalogue: &self.catalogue,
            needs: &Needs::new(asked),
            threads: usize::from(args.calls_at_once),
            save: args.save.as_deref(),
            progress: &Bar::new(&self.gitlab, &self.place, &self.wanted, prints),
        };
        Ok(harvest.run(visit)?)
    }
}

fn wanted(args: &OnlineArgs) -> Result<Wanted, Fault> {
    let list = |what: &WhatArg| match what {
        WhatArg::Issues => List::Issues,
        WhatArg::Epics => List::Epics,
        WhatArg::MergeRequests => List::MergeRequests,
    };
    let state = match args.state {
        StateArg::Opened => Some("opened"),
        StateArg::Closed => Some("closed"),
        StateArg::All => None,
    };
    let after = args.updated_after.as_deref().map(|day| today(Some(day))).transpose()?;
    Ok(Wanted {
        lists: args.what.iter().map(list).collect(),
        state: state.map(str::to_owned),
        updated_after: after.map(|day| format!("{day}T00:00:00Z")),
    })
}

/// How the server is reached, and the path that is meant there.
fn access(source: &str, origin: &Origin<'_>) -> Result<(Access, String), Fault> {
    let env = |name: &str| std::env::var(name).ok();
    let own = Access::from_env(&env)?;
    let Origin::Page(page) = origin else {
        let access = own.ok_or_else(|| Fault::NoServer { source_is: source.to_owned() })?;
        return Ok((access, source.to_owned()));
    };
    let (api, path) = of_page(page, own.as_ref().map(|own| own.api.as_str()))?;
    if let Some(own) = own {
        return Ok((own, path));
    }
    // The token of a job is for the server that runs it, which its variables would name.
    let named = |name: &str| match name {
        "CI_API_V4_URL" => Some(api.clone()),
        "CI_JOB_TOKEN" => None,
        name => env(name),
    };
    let access = Access::from_env(&named)?;
    Ok((access.ok_or_else(|| Fault::NoServer { source_is: source.to_owned() })?, path))
}

fn client(mut access: Access, args: &OnlineArgs) -> Result<Gitlab, GitlabError> {
    access.connection.timeout = Duration::from_secs(args.server.call_timeout);
    access.budget = usize::try_from(args.budget).unwrap_or(usize::MAX);
    access.cache.clone_from(&args.cache);
    Gitlab::new(access, Box::new(SystemClock))
}

/// The project of that path or number, else the group.
fn place(gitlab: &Gitlab, source: &str, path: &str) -> Result<Place, Fault> {
    let is_group = !path.contains('/') && !path.bytes().all(|byte| byte.is_ascii_digit());
    if !is_group {
        match gitlab.project(path) {
            Err(GitlabError::Missing { .. }) => {}
            project => return project.map(|_| Place::Project(path.to_owned())).map_err(Fault::Gitlab),
        }
    }
    match gitlab.group(path) {
        Err(GitlabError::Missing { .. }) => {}
        group => return group.map(|_| Place::Group(path.to_owned())).map_err(Fault::Gitlab),
    }
    let (holder, remedy) = match gitlab.token_kind() {
        TokenKind::None => (
            "without a token",
            "check the spelling; to read what is not public, set PROCLINT_TOKEN to an access token with the scope `read_api`",
        ),
        TokenKind::Job => (
            "for the job token",
            "check the spelling; the job token reaches few endpoints, so set PROCLINT_TOKEN to an access token with the scope `read_api`",
        ),
        TokenKind::Access => (
            "for the access token",
            "check the spelling; GitLab also says so of what the token may not see: it needs the role Reporter there",
        ),
    };
    let (source_is, host) = (source.to_owned(), gitlab.host());
    Err(Fault::NoSource {
        source_is,
        host,
        tried: if is_group { "group" } else { "project or group" },
        holder,
        remedy,
    })
}
