//! Numbers in words: counts, sizes, durations and the sentence that sums a run up.

use std::time::Duration;

use crate::diagnostic::Severity;
use crate::finding::{Fixes, Report, Suppression};

/// `count` with `noun`, in the plural unless it is one.
pub fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A size in bytes, with the decimal units of file managers.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..999_500 => format!("{} KB", (bytes + 500) / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A duration, as exact as anybody wants to know it.
pub(super) fn duration(elapsed: Duration) -> String {
    let ms = elapsed.as_secs_f64() * 1e3;
    match ms {
        ms if ms < 0.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

/// The noun for findings of `severity`.
pub(super) fn noun(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "hint",
    }
}

/// How many findings, by severity, in how much text, in what time.
pub fn summary(report: &Report, elapsed: Option<Duration>) -> String {
    let counts: Vec<_> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (report.count(severity), noun(severity)))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    if report.checked == 0 {
        return "Nothing was checked".to_owned();
    }
    let found = if counts.is_empty() { "No findings".to_owned() } else { counts.join(", ") };
    let subjects = count(report.checked, "subject");
    let mut sentence = format!("{found} in {subjects} ({})", size(report.bytes));
    let apart = [
        (report.waived(), "waived"),
        (report.in_baseline(), "in the baseline"),
        (report.unchanged(), "on lines that did not change"),
        (report.fixed(), if report.fixes == Some(Fixes::Shown) { "would be fixed" } else { "fixed" }),
        (report.proposed(), "with a remedy to paste"),
        (report.left(), "left"),
        (report.withheld(), "more with --unsafe-fixes"),
    ];
    for (number, how) in apart.into_iter().filter(|(number, _)| *number > 0) {
        sentence.push_str(&format!(", {number} {how}"));
    }
    if let Some(elapsed) = elapsed {
        sentence.push_str(" in ");
        sentence.push_str(&duration(elapsed));
    }
    sentence
}

/// Why a finding does not count: who allowed it and until when, or that the baseline lists it.
pub fn why(suppression: &Suppression) -> String {
    match suppression {
        Suppression::Baseline => "in the baseline".to_owned(),
        Suppression::Waiver { reason, owner, until, .. } => {
            let owner = owner.as_ref().map(|owner| format!(" (owner: {owner})")).unwrap_or_default();
            let until = until.as_ref().map(|until| format!(" (until {until})")).unwrap_or_default();
            format!("waived: {reason}{owner}{until}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations_round_to_what_matters() {
        let sizes = [0, 1, 999, 1_000, 48_211, 999_499, 999_500, 20_480_000].map(size);
        let expected = ["0 bytes", "1 byte", "999 bytes", "1 KB", "48 KB", "999 KB", "1.0 MB", "20.5 MB"];
        assert_eq!(sizes, expected);
        let durations = [400, 960, 12_345, 999_400, 999_600, 75_000_000]
            .map(|micros| duration(Duration::from_micros(micros)));
        assert_eq!(durations, ["0.4 ms", "1 ms", "12 ms", "999 ms", "1.0 s", "75.0 s"]);
    }
}
