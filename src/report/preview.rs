//! What the rules that a merge request brings along would change, in lines.

use super::{plain, words};
use crate::finding::{Preview, Previewed, Report};

/// Findings named in each direction; the rest is counted.
const NAMED: usize = 20;

/// The lines of the preview, where there is one.
pub fn lines(report: &Report) -> Vec<String> {
    let Some(preview) = &report.preview else { return Vec::new() };
    let mut lines = vec![headline(preview)];
    for (sign, findings) in [("+", &preview.appearing), ("-", &preview.vanishing)] {
        lines.extend(findings.iter().take(NAMED).map(|finding| format!("{sign} {}", entry(finding))));
        if findings.len() > NAMED {
            lines.push(format!("{sign} {} more", findings.len() - NAMED));
        }
    }
    lines
}

fn headline(preview: &Preview) -> String {
    let files: Vec<_> = preview.files.iter().take(NAMED).map(|file| plain::line(file).into_owned()).collect();
    let files = if files.is_empty() { "what it is judged by".to_owned() } else { files.join(", ") };
    let change = match (&preview.error, preview.appearing.len(), preview.vanishing.len()) {
        (Some(error), ..) => format!("it cannot be used: {}", plain::line(error)),
        (None, 0, 0) => "it would change no finding".to_owned(),
        (None, new, gone) => format!("it would add {} and remove {gone}", words::count(new, "finding")),
    };
    format!(
        "this merge request changes {files}; the verdict is that of the target branch. Once merged, {change}"
    )
}

fn entry(finding: &Previewed) -> String {
    let path = plain::line(finding.path.as_deref().unwrap_or(&finding.subject));
    let (rule, severity) = (plain::line(&finding.rule), finding.severity.name());
    format!("{path}:{}: {severity} {rule}: {}", finding.line, plain::line(&finding.message))
}
