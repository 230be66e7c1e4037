//! SARIF 2.1.0: results with their rules, fixes and suppressions, and what was not checked as notifications.

mod base;
mod result;
mod shape;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::result::{Target, result};
use self::shape::{
    Descriptor, Driver, Invocation, Level, Log, Logical, Message, Notification, Place, RuleReference, Run,
    RunProperties, Tool,
};
use super::canonical::{self, CanonicalFiles};
use super::{plain, uri};
use crate::diagnostic::{RuleHeader, Severity};
use crate::finding::{NotChecked, Report};

pub(super) fn write(report: &Report, files: &CanonicalFiles, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules(report);
    let index: BTreeMap<_, _> = rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), at)).collect();
    let has_baseline = report.in_baseline() > 0;
    let mut results = Vec::new();
    for (subject, file) in report.subjects.iter().zip(canonical::paths(report, &files.dir)) {
        let target = Target { subject, file: file.as_deref(), has_baseline };
        let rule = |id: &str| index.get(id).copied();
        results.extend(subject.findings.iter().map(|found| result(&target, found, None, &rule)));
        results.extend(
            subject.suppressed.iter().map(|of| result(&target, &of.finding, Some(&of.suppression), &rule)),
        );
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_iter().map(descriptor).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: report.checked > 0,
                tool_execution_notifications: report.gaps().map(notification).collect(),
            }],
            original_uri_base_ids: base::all(report),
            column_kind: "unicodeCodePoints",
            results,
            properties: RunProperties { subjects: report.checked, unchanged: report.unchanged() },
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// The rules that found something, sorted by id.
fn rules(report: &Report) -> Vec<&RuleHeader> {
    let found = report.findings().chain(report.suppressed().map(|of| &of.finding));
    let rules: BTreeMap<_, _> = found.map(|finding| (finding.rule.id.as_str(), &*finding.rule)).collect();
    rules.into_values().collect()
}

fn descriptor(rule: &RuleHeader) -> Descriptor<'_> {
    let filled = |text: &str| (!text.is_empty()).then(|| Message::plain(text));
    Descriptor {
        id: &rule.id,
        short_description: filled(&rule.title),
        full_description: filled(&rule.quote),
        help_uri: uri::link(&rule.url),
        help: (!rule.quote.is_empty())
            .then(|| Message::plain(&format!("The handbook says: “{}”", rule.quote))),
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    }
}

fn notification(gap: &NotChecked) -> Notification<'_> {
    let name = plain::line(&gap.subject);
    Notification {
        level: Level::Warning,
        message: Message::plain(&format!("not checked: {}: {}", gap.subject, gap.reason)),
        associated_rule: gap.rule.as_deref().map(|id| RuleReference { id }),
        locations: [Place {
            logical_locations: vec![Logical {
                name: name.clone().into_owned(),
                fully_qualified_name: name.into_owned(),
                kind: "resource",
            }],
            ..Place::default()
        }],
    }
}
