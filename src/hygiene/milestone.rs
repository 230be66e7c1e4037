//! What is wrong with milestones.

use super::flaw::FlawKind;
use super::judge::{flaw, gaps, missing, near_duplicates, unused};
use super::stock::Milestone;
use super::{Hygiene, Thing};
use crate::diagnostic::Severity;

/// Words of milestones that wait for nothing, so that no day is missing: the backlog and the far future.
const TIMELESS: [&str; 9] =
    ["backlog", "next", "later", "future", "someday", "icebox", "awaiting", "ongoing", "unscheduled"];

/// Judges the milestones on the day `today`, `YYYY-MM-DD`.
pub(super) fn judge(hygiene: &mut Hygiene, today: &str) {
    let of = Thing::Milestone;
    let Hygiene { milestones: ledger, complete, flaws, not_checked, .. } = hygiene;
    missing(of, ledger, flaws, not_checked);
    near_duplicates(of, ledger, flaws, not_checked);
    // What lies ahead may be planned for.
    let ahead = |of: &Milestone| of.due.as_ref().is_some_and(|due| due.as_str() >= today);
    let idle = |of: &Milestone| of.active && !of.shared && !ahead(of);
    unused(of, ledger, *complete, &idle, flaws, not_checked);
    let exist = ledger.exist.as_deref().unwrap_or_default();
    // Where it is no custom to describe milestones, a missing description means nothing.
    let described = exist.iter().filter(|of| of.described).count() * 2 > exist.len();
    let dated = exist.iter().any(|of| of.due.is_some());
    for milestone in exist.iter().filter(|of| of.active) {
        let title = &milestone.title;
        let mut tell = |kind, severity, message| {
            flaws.push(flaw(of, kind, severity, title, message, None, ledger));
        };
        // Days written in full sort as they follow each other.
        match &milestone.due {
            Some(due) if due.as_str() < today => tell(
                FlawKind::Overdue,
                Severity::Warning,
                format!("Close the milestone `{title}` or move its last day: it was due on {due}"),
            ),
            None if dated && !is_timeless(title) => {
                tell(FlawKind::Undated, Severity::Info, format!("Give the milestone `{title}` a last day"));
            }
            _ => {}
        }
        if described && !milestone.described {
            let message =
                format!("Say in its description what the milestone `{title}` is for, as most others do");
            tell(FlawKind::Undescribed, Severity::Info, message);
        }
    }
    gaps(of, ledger, not_checked);
}

fn is_timeless(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| TIMELESS.contains(&word))
}
