//! `--plan FILE`: the quick actions that an audit proposes, in a file that is there whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use proclint::audit::Digest;
use proclint::audit::remedies::{Header, PlanWriter, Planning, Proposal, SCHEMA, rules_hash};
use proclint::fix::Reach;
use proclint::report::{count, plain_line};
use proclint::rule::RuleSet;

use super::Fault;
use super::setup::Setup;
use crate::args::{AuditArgs, AuditFormat};

/// The remedies that an audit proposes: counted, and written where a plan is asked for.
pub struct Remedies {
    mendable: usize,
    plan: Option<Plan>,
}

/// A plan that is being made.
struct Plan {
    writer: PlanWriter<File>,
    about: Header,
    path: PathBuf,
}

/// What proposals are made for, whether they are written or only counted.
pub fn planning(args: &AuditArgs) -> Planning {
    let reach = if args.remedies.unsafe_fixes { Reach::All } else { Reach::Safe };
    let made_at = args.remedies.plan.as_ref().map(|_| jiff::Timestamp::now().to_string());
    Planning { reach, made_at }
}

impl Remedies {
    /// Begins the plan, where one is asked for.
    ///
    /// # Errors
    /// Where the system has no place for its entries to wait.
    pub fn begin(args: &AuditArgs, setup: &Setup, planning: &Planning, today: String) -> Result<Self, Fault> {
        let Some(path) = args.remedies.plan.clone() else { return Ok(Self { mendable: 0, plan: None }) };
        let spool = tempfile::tempfile().map_err(|source| unwritten(&path, source))?;
        let about = Header {
            schema: SCHEMA,
            proclint: env!("CARGO_PKG_VERSION").to_owned(),
            source: args.source.clone(),
            undo: false,
            made_at: planning.made_at.clone().unwrap_or_default(),
            today,
            rules_hash: rules_hash(&setup.own, &setup.text),
            subjects: 0,
            entries: 0,
            rules: Default::default(),
            not_planned: Default::default(),
        };
        let plan = Plan { writer: PlanWriter::new(spool), about, path };
        Ok(Self { mendable: 0, plan: Some(plan) })
    }

    /// Takes what is proposed for one subject.
    ///
    /// # Errors
    /// Those of the file the entries wait in.
    pub fn add(&mut self, proposal: &Proposal) -> io::Result<()> {
        self.mendable += usize::from(proposal.mendable);
        self.plan.as_mut().map_or(Ok(()), |plan| plan.writer.add(proposal))
    }

    /// Puts the plan in its place, and says on standard error what is in it, or that there could be one.
    ///
    /// # Errors
    /// Where it cannot be written; what was there before stays.
    pub fn finish(self, digest: &Digest, rules: &RuleSet, format: AuditFormat) -> Result<(), Fault> {
        match self.plan {
            Some(plan) => plan.finish(digest, rules)?.iter().for_each(|line| tell(line)),
            None if format == AuditFormat::Human && self.mendable > 0 => {
                let subjects = count(self.mendable, "subject");
                tell(&format!("{subjects} can be mended with quick actions: `--plan FILE` writes them"));
            }
            None => {}
        }
        Ok(())
    }
}

impl Plan {
    /// Puts the plan in its place, and says in lines what is in it.
    fn finish(self, digest: &Digest, rules: &RuleSet) -> Result<Vec<String>, Fault> {
        let Self { writer, about, path } = self;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let written = || -> io::Result<Header> {
            // Only its owner reads it: it may name confidential projects.
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            let header = writer.finish(about, digest, rules, &mut BufWriter::new(&mut file))?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(header)
        };
        let header = written().map_err(|source| unwritten(&path, source))?;
        let shown = path.display().to_string();
        let shown = plain_line(&shown);
        let mut lines =
            vec![format!("plan: {} with quick actions in {shown}", count(header.entries, "record"))];
        for (reason, number) in &header.not_planned {
            lines.push(format!("not planned: {number}: {}", plain_line(reason)));
        }
        if header.entries > 0 {
            lines.push(format!(
                "read it, delete what should stay as it is; `proclint audit --apply {shown}` shows what it would post"
            ));
        }
        Ok(lines)
    }
}

/// Says `line` on standard error, where nobody need listen.
fn tell(line: &str) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

fn unwritten(path: &Path, source: io::Error) -> Fault {
    Fault::Write { path: path.display().to_string(), source }
}
