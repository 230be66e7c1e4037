//! Writes a plan while an audit runs: entries wait in a file, since the first line needs the numbers of all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::{Header, Proposal, SCHEMA, Share, line_of};
use crate::audit::Digest;
use crate::rule::RuleSet;

/// Collects the entries of a plan; its memory does not grow with their number.
#[derive(Debug)]
pub struct PlanWriter<S: Write> {
    spool: BufWriter<S>,
    entries: usize,
    hits: BTreeMap<String, usize>,
    not_planned: BTreeMap<String, usize>,
}

impl<S: Read + Write + Seek> PlanWriter<S> {
    /// A plan whose entries wait in `spool`, an empty file.
    pub fn new(spool: S) -> Self {
        Self { spool: BufWriter::new(spool), entries: 0, hits: BTreeMap::new(), not_planned: BTreeMap::new() }
    }

    /// Takes what is proposed for one subject.
    ///
    /// # Errors
    /// Those of the file.
    pub fn add(&mut self, proposal: &Proposal) -> io::Result<()> {
        for reason in &proposal.not_planned {
            *self.not_planned.entry(reason.clone()).or_default() += 1;
        }
        let Some(entry) = &proposal.entry else { return Ok(()) };
        let rules: BTreeSet<&String> = entry.why.iter().map(|why| &why.rule).collect();
        for rule in rules {
            *self.hits.entry(rule.clone()).or_default() += 1;
        }
        self.entries += 1;
        writeln!(self.spool, "{}", line_of("entry", entry)?)
    }

    /// Writes the whole plan, with the numbers of `digest`; `about` says what is known without them.
    ///
    /// # Errors
    /// Those of the files.
    pub fn finish(
        self,
        about: Header,
        digest: &Digest,
        rules: &RuleSet,
        out: &mut dyn Write,
    ) -> io::Result<Header> {
        let share = |id: &String, planned: usize| {
            let reads = |kind: &str| {
                let kind = crate::subject::Kind::from_name(kind);
                kind.zip(rules.get(id)).is_some_and(|(kind, rule)| rule.on.has(kind))
            };
            let asked = digest.kinds.iter().filter(|(kind, _)| reads(kind)).map(|(_, number)| number).sum();
            let found = digest.found.get(id).map_or(0, |tally| tally.subjects);
            Share { asked, hit: found.max(planned) }
        };
        let header = Header {
            schema: SCHEMA,
            subjects: digest.subjects,
            entries: self.entries,
            rules: self.hits.iter().map(|(id, planned)| (id.clone(), share(id, *planned))).collect(),
            not_planned: self.not_planned,
            ..about
        };
        writeln!(out, "{}", line_of("plan", &header)?)?;
        let mut spool = self.spool.into_inner().map_err(io::IntoInnerError::into_error)?;
        spool.seek(SeekFrom::Start(0))?;
        io::copy(&mut spool, out)?;
        out.flush()?;
        Ok(header)
    }
}
