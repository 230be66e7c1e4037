//! What has to be done so that the threads say what was found, and no more than that.

use std::collections::HashSet;

use super::mark::ThreadMark;
use super::own::{OwnThread, Resolution};
use super::thread::Wanted;
use crate::finding::{NotChecked, Report};

/// One call that changes a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<'p> {
    /// A new thread.
    Open(&'p Wanted),
    /// Another text for the first note of a thread.
    Edit {
        /// The note's number.
        note: u64,
        /// Its new text.
        body: String,
    },
    /// The finding is gone.
    Resolve {
        /// The thread's id.
        thread: &'p str,
    },
    /// The finding is back.
    Reopen {
        /// The thread's id.
        thread: &'p str,
    },
}

/// What a run found, and what it cannot know.
#[derive(Clone, Debug)]
pub struct Found<'r> {
    fingerprints: HashSet<&'r str>,
    gaps: Vec<&'r NotChecked>,
}

impl<'r> Found<'r> {
    /// What `report` says.
    pub fn of(report: &'r Report) -> Self {
        Self {
            fingerprints: report.findings().map(|finding| finding.fingerprint.as_str()).collect(),
            gaps: report.gaps().collect(),
        }
    }

    fn has(&self, thread: &OwnThread) -> bool {
        self.fingerprints.contains(thread.mark.fingerprint.as_str())
    }

    /// Whether the finding of `thread` is not there any more; what was not checked may still be there.
    fn lacks(&self, thread: &OwnThread) -> bool {
        let is_about = |gap: &&&NotChecked| match &gap.rule {
            Some(rule) => *rule == thread.mark.rule,
            None => thread.path.as_ref() == Some(&gap.subject),
        };
        !self.has(thread) && !self.gaps.iter().any(|gap| is_about(&gap))
    }
}

/// The calls that make `threads` say what is `wanted`; at most `limit` are open when they are made.
pub fn plan<'p>(
    threads: &'p [OwnThread],
    wanted: &'p [Wanted],
    found: &Found<'_>,
    limit: usize,
) -> Vec<Action<'p>> {
    let partners = partners(threads, wanted, found);
    let mut actions = Vec::new();
    let mut open = 0;
    for (wanted, partner) in wanted.iter().zip(&partners) {
        let Some(thread) = partner.and_then(|at| threads.get(at)) else { continue };
        let is_back = thread.resolution == Resolution::Ours || thread.mark.gone;
        if thread.resolution != Resolution::Open && is_back {
            actions.push(Action::Reopen { thread: &thread.id });
        }
        open += usize::from(thread.resolution == Resolution::Open || is_back);
        if !is_same(&thread.body, &wanted.body) {
            actions.push(Action::Edit { note: thread.note, body: wanted.body.clone() });
        }
    }
    let kept: HashSet<usize> = partners.iter().flatten().copied().collect();
    let mut told: HashSet<&str> = wanted.iter().map(|of| of.mark.fingerprint.as_str()).collect();
    for (_, thread) in threads.iter().enumerate().filter(|(at, _)| !kept.contains(at)) {
        let is_double = !told.insert(&thread.mark.fingerprint);
        let is_gone = found.lacks(thread);
        match thread.resolution {
            Resolution::Open if is_gone || is_double => actions.push(Action::Resolve { thread: &thread.id }),
            Resolution::Open => open += 1,
            // Who resolved it cannot tell later whether the finding was gone or merely not minded.
            Resolution::Theirs if is_gone && !thread.mark.gone => {
                let mark = ThreadMark { gone: true, ..thread.mark.clone() };
                actions.push(Action::Edit { note: thread.note, body: mark.replace_in(&thread.body) });
            }
            Resolution::Ours | Resolution::Theirs => {}
        }
    }
    let new = wanted.iter().zip(&partners).filter(|(_, partner)| partner.is_none());
    actions.extend(new.take(limit.saturating_sub(open)).map(|(wanted, _)| Action::Open(wanted)));
    actions
}

/// Whether a thread is taken for the one of a finding.
type Way<'w> = &'w dyn Fn(&OwnThread, &ThreadMark) -> bool;

/// For each wanted thread the one there is, the surest first: fingerprints count equal findings of a file, so that the
/// second becomes the first when that one is mended; and they change with the name of the file.
fn partners(threads: &[OwnThread], wanted: &[Wanted], found: &Found<'_>) -> Vec<Option<usize>> {
    let is_over = |thread: &OwnThread| thread.mark.gone || thread.resolution == Resolution::Ours;
    let same_line = |thread: &OwnThread, mark: &ThreadMark| {
        thread.mark.likeness == mark.likeness && thread.mark.line == mark.line
    };
    let same = |thread: &OwnThread, mark: &ThreadMark| thread.mark.fingerprint == mark.fingerprint;
    let ways: [Way<'_>; 4] = [
        &|thread, mark| same(thread, mark) && same_line(thread, mark),
        &|thread, mark| same_line(thread, mark) && !is_over(thread),
        &same,
        &|thread, mark| thread.mark.likeness == mark.likeness && !is_over(thread) && found.lacks(thread),
    ];
    let mut partners = vec![None; wanted.len()];
    let mut taken = HashSet::new();
    for way in ways {
        for (partner, wanted) in partners.iter_mut().zip(wanted).filter(|(partner, _)| partner.is_none()) {
            let is_it = |at: &usize| threads.get(*at).is_some_and(|thread| way(thread, &wanted.mark));
            *partner = (0..threads.len()).find(|at| !taken.contains(at) && is_it(at));
            taken.extend(*partner);
        }
    }
    partners
}

/// Whether two texts are the same to GitLab, which may cut blanks at the end.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a.trim_end() == b.trim_end()
}
