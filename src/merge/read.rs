//! Reads the JSON report of a shard back into what it was written from.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::origin::Origin;
use super::{Content, MergeError, ShardReport};
use crate::audit::{Digest, Frame, Seen, Table};
use crate::diagnostic::{Fix, RuleHeader, Severity};
use crate::finding::{
    Checked, Excerpt, Finding, NotChecked, Part, RelatedPlace, Report, Shard, Suppressed, Suppression,
};
use crate::subject::Kind;
use crate::text::Position;

/// As much as every version writes.
#[derive(Deserialize)]
struct Head {
    tool: ToolName,
    shard: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ToolName {
    name: String,
    version: String,
    /// What wrote it, where that was no check.
    command: Option<String>,
}

/// The part of an audit's document that is about the shard.
#[derive(Deserialize)]
struct Audit {
    shard: AuditShare,
}

#[derive(Deserialize)]
struct AuditShare {
    index: usize,
    total: usize,
    input: String,
    complete: bool,
    deferred: Vec<Seen>,
    frame: Frame,
    table: Table,
}

#[derive(Deserialize)]
struct Document {
    tool: Tool,
    checked: Scope,
    not_checked: Vec<NotChecked>,
    diagnostics: Vec<Diagnostic>,
    suppressed: Vec<Apart>,
    shard: Share,
}

#[derive(Deserialize)]
struct Tool {
    rules: usize,
}

#[derive(Deserialize)]
struct Scope {
    subjects: u32,
    bytes: u64,
    today: String,
}

#[derive(Deserialize)]
struct Share {
    index: usize,
    total: usize,
    input: String,
    complete: bool,
    idle: Option<String>,
    rules: Vec<RuleHeader>,
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    kind: Kind,
    name: String,
    bytes: u32,
    unchanged: u32,
    canonical: Option<String>,
    diagnostics: usize,
    suppressed: usize,
    not_checked: usize,
}

#[derive(Deserialize)]
struct Apart {
    #[serde(flatten)]
    diagnostic: Diagnostic,
    suppression: Suppression,
}

#[derive(Deserialize)]
struct Diagnostic {
    rule: String,
    severity: Severity,
    message: String,
    help: String,
    path: Option<String>,
    field: Option<String>,
    text: String,
    start: Position,
    end: Position,
    related: Vec<RelatedPlace>,
    fix: Option<Fix>,
    #[serde(default)]
    grace: bool,
    fingerprint: String,
    excerpt: Excerpt,
    shared: Option<String>,
}

/// The rules' headers by id.
type Headers = HashMap<String, Arc<RuleHeader>>;

impl ShardReport {
    /// Reads `text`, the content of the file called `name`.
    ///
    /// # Errors
    /// Where it is cut off, no report of a shard, or written by another version.
    pub fn read(name: &str, text: &str) -> Result<Self, MergeError> {
        let path = || name.to_owned();
        let no_report = |reason: String| MergeError::NoReport { path: path(), reason };
        let broken = |error: serde_json::Error| match error.is_eof() {
            true => MergeError::CutOff { path: path() },
            false => no_report(error.to_string()),
        };
        let head: Head = serde_json::from_str(text).map_err(broken)?;
        if head.tool.name != env!("CARGO_PKG_NAME") {
            return Err(no_report(format!("`{}` wrote it", head.tool.name)));
        }
        if head.tool.version != env!("CARGO_PKG_VERSION") {
            return Err(MergeError::Version { path: path(), found: head.tool.version });
        }
        let is_audit = match head.tool.command.as_deref() {
            None => false,
            Some(AUDIT) => true,
            Some(other) => return Err(no_report(format!("`proclint {other}` has no shards"))),
        };
        if head.shard.is_none() {
            let how = if is_audit {
                "proclint audit SOURCE --shard I/N --format json"
            } else {
                "proclint check --shard I/N --report json=FILE"
            };
            return Err(MergeError::Whole { path: path(), how });
        }
        if is_audit {
            let digest: Digest = serde_json::from_str(text).map_err(broken)?;
            let Audit { shard: share } = serde_json::from_str(text).map_err(broken)?;
            let shard = Shard::new(share.index, share.total).ok_or_else(|| no_report(NO_SHARD.to_owned()))?;
            let (input, complete) = (share.input, share.complete);
            let part = Part { shard, input, complete, idle: None };
            let (today, rules) = (digest.today.clone(), digest.rules);
            let origin = Origin { path: path(), command: AUDIT, part, today, rules };
            let mut digest = digest.with_deferred(share.deferred).with_table(share.table);
            digest.frame = share.frame;
            return Ok(Self { origin, content: Content::Audit(Box::new(digest)) });
        }
        let document: Document = serde_json::from_str(text).map_err(broken)?;
        let (report, part) = document.report().map_err(|reason| no_report(reason.to_owned()))?;
        let (today, rules) = (report.today.clone(), report.rules);
        let origin = Origin { path: path(), command: "check", part, today, rules };
        Ok(Self { origin, content: Content::Check(Box::new(report)) })
    }
}

/// The command that writes digests.
const AUDIT: &str = "audit";

const NO_SHARD: &str = "there is no such shard";

impl Document {
    fn report(self) -> Result<(Report, Part), &'static str> {
        let Share { index, total, input, complete, idle, rules, subjects } = self.shard;
        let shard = Shard::new(index, total).ok_or(NO_SHARD)?;
        let headers: Headers = rules.into_iter().map(|rule| (rule.id.clone(), Arc::new(rule))).collect();
        let mut diagnostics = self.diagnostics.into_iter();
        let mut suppressed = self.suppressed.into_iter();
        // The gaps of the run stand before those of its subjects.
        let mut not_checked = self.not_checked;
        let gaps = subjects.iter().try_fold(0_usize, |sum, subject| sum.checked_add(subject.not_checked));
        let first = gaps.and_then(|gaps| not_checked.len().checked_sub(gaps)).ok_or(MISCOUNTED)?;
        let mut gaps = not_checked.split_off(first).into_iter();
        let mut all = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let findings = take(&mut diagnostics, subject.diagnostics)?;
            let apart = take(&mut suppressed, subject.suppressed)?;
            let apart = apart.into_iter().map(|Apart { diagnostic, suppression }| {
                Ok::<_, &str>(Suppressed { finding: diagnostic.finding(&headers)?, suppression })
            });
            all.push(Checked {
                kind: subject.kind,
                name: subject.name,
                bytes: subject.bytes as usize,
                findings: findings.into_iter().map(|of| of.finding(&headers)).collect::<Result<_, _>>()?,
                suppressed: apart.collect::<Result<_, _>>()?,
                unchanged: subject.unchanged as usize,
                not_checked: take(&mut gaps, subject.not_checked)?,
                canonical: subject.canonical,
                source: None,
                repair: None,
            });
        }
        if diagnostics.next().is_some() || suppressed.next().is_some() {
            return Err(MISCOUNTED);
        }
        let report = Report {
            subjects: all,
            checked: self.checked.subjects as usize,
            bytes: usize::try_from(self.checked.bytes).unwrap_or(usize::MAX),
            rules: self.tool.rules,
            today: self.checked.today,
            not_checked,
            ..Report::default()
        };
        Ok((report, Part { shard, input, complete, idle }))
    }
}

const MISCOUNTED: &str = "its subjects and its findings do not add up";

fn take<T>(items: &mut impl Iterator<Item = T>, count: usize) -> Result<Vec<T>, &'static str> {
    let taken: Vec<_> = items.take(count).collect();
    if taken.len() == count { Ok(taken) } else { Err(MISCOUNTED) }
}

impl Diagnostic {
    fn finding(self, headers: &Headers) -> Result<Finding, &'static str> {
        let rule = headers.get(&self.rule).cloned().ok_or("a finding is of a rule it does not name")?;
        if self.rule.is_empty() || self.fingerprint.is_empty() {
            return Err("a finding has no rule or no fingerprint");
        }
        let (start, end) = self.excerpt.span;
        let is_sound = self.excerpt.first_line.max(self.excerpt.cut) <= u32::MAX as usize;
        if !is_sound || self.excerpt.text.get(start..end).is_none() {
            return Err("an excerpt does not hold what was found");
        }
        Ok(Finding {
            rule,
            severity: self.severity,
            message: self.message,
            help: self.help,
            path: self.path,
            field: self.field,
            text: self.text,
            start: self.start,
            end: self.end,
            related: self.related,
            fix: self.fix,
            shared: self.shared,
            grace: self.grace,
            fingerprint: self.fingerprint,
            excerpt: self.excerpt,
        })
    }
}
