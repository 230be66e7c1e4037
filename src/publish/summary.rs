//! The note: the verdict, the findings by rule, what was not checked and not counted, and what can be pasted.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::mark::NoteMark;
use super::{Publication, prose};
use crate::finding::{Checked, Finding, Report, Suppressed};
use crate::report::{count, gap_lines, reason, summary};

/// The text of the note, and what it needs to know of the threads.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Fingerprints of the findings that have a thread.
    pub in_threads: HashSet<String>,
    /// Fingerprints of the findings whose line GitLab did not take.
    pub refused: Vec<String>,
}

/// A note as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its text.
    pub body: String,
    /// Nothing is held against anybody: such a note is only worth writing over an earlier one.
    pub is_clean: bool,
}

/// The note for `publication`.
pub fn note(publication: &Publication<'_>, shown: &Shown) -> Note {
    let report = publication.report;
    let is_clean = report.findings().next().is_none();
    let mark = NoteMark { stamp: publication.stamp.digest().to_owned(), refused: shown.refused.clone() };
    let verdict = match (is_clean, publication.failed) {
        (true, false) => "Nothing is left to do.",
        (_, true) => "The job fails.",
        (false, false) => "The job does not fail.",
    };
    let head = format!("{}\n\n**proclint:** {}. {verdict}", mark.written(), summary(report, None));
    let foot = foot(publication);
    let room = publication.limits.characters.saturating_sub(length(&head) + length(&foot) + 4);
    let mut page = Page { room, ..Page::default() };
    quick_actions(publication.quick_actions, &mut page);
    by_rule(report, shown, &mut page);
    let sentences = |lines: &[String]| lines.iter().map(|line| prose::words(line)).collect();
    page.list("#### What the rules of this merge request would change", sentences(publication.preview));
    page.list("#### Not checked", sentences(&gap_lines(report)));
    page.list("#### Found, and not counted", suppressed(report));
    Note { body: format!("{head}\n\n{}{foot}", page.out), is_clean }
}

/// What was judged, and what to do when that has changed.
fn foot(publication: &Publication<'_>) -> String {
    let stamp = publication.stamp;
    let head = stamp.head().get(..12).unwrap_or(stamp.head());
    format!(
        "Judged: commit {} with the title, description and labels of stamp {}. When one of them has changed, this note \
         is out of date until the job runs again; only a push starts it by itself.",
        prose::code(head),
        prose::code(stamp.digest())
    )
}

/// Each rule with its findings; those of graver findings first.
fn by_rule(report: &Report, shown: &Shown, page: &mut Page) {
    let mut groups: Vec<Vec<(&Checked, &Finding)>> = Vec::new();
    for subject in &report.subjects {
        for finding in &subject.findings {
            let same = groups.iter_mut().find(|of| of.iter().any(|(_, of)| of.rule.id == finding.rule.id));
            match same {
                Some(group) => group.push((subject, finding)),
                None => groups.push(vec![(subject, finding)]),
            }
        }
    }
    groups.sort_by_key(|group| Reverse(group.iter().map(|(_, finding)| finding.severity).max()));
    let total: usize = groups.iter().map(Vec::len).sum();
    let mut kept = 0;
    'all: for group in &groups {
        for (at, (subject, finding)) in group.iter().enumerate() {
            let entry = entry(subject, finding, shown);
            let block = if at == 0 { format!("{}\n\n{entry}", heading(finding)) } else { entry };
            if !page.add(&block) {
                break 'all;
            }
            kept += 1;
        }
    }
    if kept < total {
        page.force(&format!("… {}.", rest(total - kept, "finding")));
    }
}

/// The rule of `finding`, and what the handbook says.
fn heading(finding: &Finding) -> String {
    let title = Some(&finding.rule.title).filter(|title| !title.is_empty());
    let title = title.map(|title| format!(": {}", prose::words(title))).unwrap_or_default();
    let quote = prose::quote(&finding.rule).map(|quote| format!("\n\n{quote}")).unwrap_or_default();
    format!("#### {}{title}{quote}", prose::rule(&finding.rule))
}

/// A finding; one that has a thread is told in full there.
fn entry(subject: &Checked, finding: &Finding, shown: &Shown) -> String {
    let severity = prose::severity(finding.severity);
    let is_in_thread = shown.in_threads.contains(&finding.fingerprint);
    let at = if is_in_thread { " (see its thread)" } else { "" };
    let place = place(subject, finding);
    let mut entry = format!("- **{severity}** in {place}{at}: {}", prose::message(finding));
    if is_in_thread {
        return entry;
    }
    if !finding.help.is_empty() {
        entry.extend(["\n\n  ", &prose::words(&finding.help)]);
    }
    if let Some(fix) = prose::fix(finding).filter(|_| !finding.rule.discreet) {
        entry.extend(["\n\n  ", &fix]);
    }
    entry
}

/// Where a finding lies: a file and its line, or a field of the record.
fn place(subject: &Checked, finding: &Finding) -> String {
    match (&finding.path, &finding.field) {
        (Some(path), _) => prose::code(&format!("{path}:{}:{}", finding.start.line, finding.start.column)),
        (None, Some(field)) => format!("the {} of {}", prose::code(field), prose::code(&subject.name)),
        (None, None) => prose::code(&subject.name),
    }
}

fn quick_actions(actions: &[String], page: &mut Page) {
    let shown: Vec<&str> = actions.iter().map(String::as_str).filter(|line| prose::is_plain(line)).collect();
    if shown.is_empty() {
        return;
    }
    let text = shown.join("\n");
    let fence = prose::fence(&text);
    page.add(&format!(
        "To set what is missing, paste this into a comment or the description:\n\n{fence}text\n{text}\n{fence}"
    ));
}

/// The findings that do not count, and why.
fn suppressed(report: &Report) -> Vec<String> {
    let all = report.subjects.iter().flat_map(|of| of.suppressed.iter().map(move |found| (of, found)));
    let entry = |(subject, of): (&Checked, &Suppressed)| {
        let why = prose::words(&reason(&of.suppression));
        format!("{} in {}: {why}", prose::rule(&of.finding.rule), place(subject, &of.finding))
    };
    all.map(entry).collect()
}

/// Text that grows block by block until there is no room.
#[derive(Default)]
struct Page {
    out: String,
    /// How many characters may still come.
    room: usize,
}

/// What is kept free for saying what was left out.
const RESERVE: usize = 120;

impl Page {
    /// Adds `block` if it fits.
    fn add(&mut self, block: &str) -> bool {
        let needed = length(block) + 2;
        let fits = needed + RESERVE <= self.room;
        if fits {
            self.force(block);
        }
        fits
    }

    fn force(&mut self, block: &str) {
        self.room = self.room.saturating_sub(length(block) + 2);
        self.out.extend([block, "\n\n"]);
    }

    /// Adds what fits of a list, and the number of the rest.
    fn list(&mut self, heading: &str, entries: Vec<String>) {
        if entries.is_empty() {
            return;
        }
        let mut block = heading.to_owned();
        let mut separator = "\n\n";
        let total = entries.len();
        let mut kept = 0;
        for entry in entries {
            let item = format!("{separator}- {entry}");
            if length(&block) + length(&item) + 2 + 2 * RESERVE > self.room {
                break;
            }
            block.push_str(&item);
            separator = "\n";
            kept += 1;
        }
        if kept < total {
            block.push_str(&format!("{separator}- {}", rest(total - kept, "line")));
        }
        self.add(&block);
    }
}

/// What is said of `left` things that have no room.
fn rest(left: usize, noun: &str) -> String {
    format!("and {}, which the reports of the job hold", count(left, &format!("more {noun}")))
}

fn length(text: &str) -> usize {
    text.chars().count()
}
