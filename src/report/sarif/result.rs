//! One finding as a result of SARIF: where it lies, what else belongs to it, how to mend it, why it does not count.

use super::base;
use super::level;
use super::shape::{
    Artifact, Change, Content, Fingerprints, Fix, Logical, Message, Outcome, Physical, Place, Region,
    Replacement, Suppression,
};
use crate::diagnostic::Edit;
use crate::finding::{self, Checked, Finding};
use crate::report::place::{is_in_diff, place};
use crate::report::{plain, uri, words};
use crate::text::Position;

/// What a result points into.
pub(super) struct Target<'a> {
    pub(super) subject: &'a Checked,
    /// The file of a record's canonical text.
    pub(super) file: Option<&'a str>,
    /// The run has a baseline: then every result says how it stands to it.
    pub(super) has_baseline: bool,
}

pub(super) fn result<'a>(
    target: &Target<'_>,
    finding: &'a Finding,
    suppression: Option<&finding::Suppression>,
    index: &dyn Fn(&str) -> Option<usize>,
) -> Outcome<'a> {
    let in_baseline = matches!(suppression, Some(finding::Suppression::Baseline));
    let related = finding.related.iter().map(|related| Place {
        // Other places of a merge request lie in its text, whatever file the finding itself is shown in.
        physical_location: target.physical_of_subject(region(related.start, related.end)),
        logical_locations: Vec::new(),
        message: Some(Message::plain(&related.message)),
    });
    Outcome {
        rule_id: &finding.rule.id,
        rule_index: index(&finding.rule.id),
        level: level(finding.severity),
        message: Message::plain(&finding.message),
        locations: [Place {
            physical_location: target.physical(finding, region(finding.start, finding.end)),
            logical_locations: target.logical(finding).into_iter().collect(),
            message: None,
        }],
        related_locations: related.filter(|place| place.physical_location.is_some()).collect(),
        partial_fingerprints: Fingerprints { proclint: &finding.fingerprint },
        baseline_state: target.has_baseline.then_some(if in_baseline { "unchanged" } else { "new" }),
        suppressions: suppression.map(|why| target.suppression(why)).into_iter().collect(),
        fixes: target.fix(finding).into_iter().collect(),
    }
}

impl Target<'_> {
    /// The file of the subject's own text.
    fn own_file(&self) -> Option<&str> {
        let is_file = !self.subject.kind.is_record() && self.subject.canonical.is_none();
        self.file.or_else(|| is_file.then_some(self.subject.name.as_str()))
    }

    fn physical(&self, finding: &Finding, region: Region) -> Option<Physical> {
        let path = finding.path.as_deref().or_else(|| self.own_file())?;
        Some(Physical { artifact_location: artifact(path), region: Some(region) })
    }

    fn physical_of_subject(&self, region: Region) -> Option<Physical> {
        Some(Physical { artifact_location: artifact(self.own_file()?), region: Some(region) })
    }

    /// The record and its field, or the key of a file's front matter.
    fn logical(&self, finding: &Finding) -> Option<Logical> {
        let is_record = self.subject.kind.is_record();
        let name = plain::line(&self.subject.name);
        match &finding.field {
            Some(field) => {
                let field = plain::line(field).into_owned();
                let whole = if is_record { format!("{name}.{field}") } else { field.clone() };
                Some(Logical { name: field, fully_qualified_name: whole, kind: "property" })
            }
            None if is_record => Some(Logical {
                name: name.clone().into_owned(),
                fully_qualified_name: name.into_owned(),
                kind: "resource",
            }),
            None => None,
        }
    }

    fn suppression(&self, why: &finding::Suppression) -> Suppression {
        let justification = plain::line(&words::why(why)).into_owned();
        match why {
            finding::Suppression::Baseline => {
                Suppression { kind: "external", status: "accepted", justification, location: None }
            }
            finding::Suppression::Waiver { line, .. } => {
                let place = |physical| Place { physical_location: Some(physical), ..Place::default() };
                let location =
                    self.physical_of_subject(Region::Line { start_line: (*line).max(1) }).map(place);
                Suppression { kind: "inSource", status: "accepted", justification, location }
            }
        }
    }

    fn fix<'f>(&self, finding: &'f Finding) -> Option<Fix<'f>> {
        let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
        let path = finding.path.as_deref().or_else(|| self.own_file())?;
        let replacements: Option<_> = fix.edits.iter().map(|edit| self.replacement(finding, edit)).collect();
        Some(Fix {
            description: Message::plain(&fix.title),
            artifact_changes: [Change { artifact_location: artifact(path), replacements: replacements? }],
        })
    }

    fn replacement<'f>(&self, finding: &Finding, edit: &'f Edit) -> Option<Replacement<'f>> {
        let (start, end) = (edit.span.range().start, edit.span.range().end);
        let at = |byte| place(self.subject, finding, byte);
        let deleted_region = match at(start).zip(at(end)) {
            Some((start, end)) => Region::Text {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
            // The bytes of a diff are those of the record, not those of the file.
            None if is_in_diff(self.subject, finding) => return None,
            None => Region::Bytes { byte_offset: start, byte_length: end - start },
        };
        Some(Replacement { deleted_region, inserted_content: Content { text: &edit.text } })
    }
}

fn artifact(path: &str) -> Artifact {
    if path.starts_with('/') {
        return Artifact { uri: format!("file://{}", uri::path(path)), uri_base_id: None };
    }
    let (above, rest) = base::split(path);
    Artifact { uri: uri::path(rest), uri_base_id: Some(base::id(above)) }
}

fn region(start: Position, end: Position) -> Region {
    Region::Text {
        start_line: start.line.max(1),
        start_column: start.column.max(1),
        end_line: end.line.max(1),
        end_column: end.column.max(1),
    }
}
