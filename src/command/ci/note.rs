//! The last step of `proclint ci`: what was found is posted to the merge request. It never changes the verdict.

use std::io::{self, Write};

use proclint::finding::Report;
use proclint::fix::block::Pasted;
use proclint::load::gitlab::{Gitlab, Item};
use proclint::publish::{Limits, Publication, Stamp, publish};
use proclint::report::{plain_line, preview_lines};
use proclint::subject::Subject;

/// A merge request on the server, as it was judged.
pub struct Note {
    /// The server.
    pub gitlab: Gitlab,
    /// Which merge request.
    pub item: Item,
    /// What was linted.
    pub subject: Subject,
    /// What of it was judged.
    pub stamp: Stamp,
}

impl Note {
    /// Posts `report`, and says on standard error what could not be posted.
    pub fn post(&self, report: &Report, failed: bool) {
        let records = report.subjects.iter().filter(|subject| subject.kind.is_record());
        let quick_actions: Vec<String> =
            records.flat_map(|of| Pasted::of(of.kind, &of.findings).block.lines()).collect();
        let publication = Publication {
            report,
            record: Some(&self.subject),
            stamp: &self.stamp,
            failed,
            quick_actions: &quick_actions,
            preview: &preview_lines(report),
            limits: Limits::default(),
        };
        let published = publish(&self.gitlab, &self.item, &publication);
        let mut err = io::stderr().lock();
        for problem in published.problems {
            // Nobody is left to tell where standard error is closed.
            let _ = writeln!(err, "note: {}", plain_line(&problem.reason));
            if !problem.remedy.is_empty() {
                let _ = writeln!(err, "  help: {}", plain_line(&problem.remedy));
            }
        }
    }
}
