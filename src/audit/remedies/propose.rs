//! The entry of one record: the quick actions that its findings ask for, and why others are not planned.

use super::{Action, Entry, Reason, State, hash, undo};
use crate::finding::{Checked, Finding};
use crate::fix::Reach;
use crate::fix::block::Pasted;
use crate::subject::{Kind, Subject};
use crate::yaml::Node;

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Planning {
    /// With [`Reach::Safe`] only what adds something that is missing.
    pub reach: Reach,
    /// When the plan is made, as its header says; `None` where nobody writes one.
    pub made_at: Option<String>,
}

/// What became of the remedies of one subject.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// Whether anything would be posted.
    pub mendable: bool,
    /// What would be posted, where a plan is made.
    pub entry: Option<Entry>,
    /// Why something is not planned, once for each finding.
    pub not_planned: Vec<String>,
}

/// Why what takes away or replaces is left to a person.
const REPLACES: &str = "it takes away or replaces what somebody chose (--unsafe-fixes plans it)";

impl Proposal {
    /// The remedies of `checked`, which is what was found in `subject` before anything was redacted.
    pub fn of(subject: &Subject, checked: &Checked, planning: &Planning) -> Self {
        let mut proposal = Self::default();
        let Some(header) = subject.header.as_ref().filter(|_| subject.kind.is_record()) else {
            return proposal;
        };
        // Most findings are about words, which are a person's to change.
        let posted: Vec<&Finding> = checked.findings.iter().filter(|finding| Pasted::says(finding)).collect();
        if posted.is_empty() {
            return proposal;
        }
        let state = State::of(subject);
        let mut chosen: Vec<&Finding> = Vec::new();
        for finding in posted {
            match fits(finding, subject.kind, &state, planning.reach) {
                Ok(true) => chosen.push(finding),
                Ok(false) => {}
                Err(reason) => proposal.not_planned.push(reason),
            }
        }
        let pasted = Pasted::of(subject.kind, chosen.iter().copied());
        proposal.not_planned.extend(pasted.left.into_iter().map(|left| left.reason));
        let lines = pasted.block.lines();
        let actions: Result<Vec<_>, _> = lines.iter().map(|line| Action::read(line, subject.kind)).collect();
        let Ok(actions) = actions.inspect_err(|reason| proposal.not_planned.push(reason.clone())) else {
            return proposal;
        };
        if actions.is_empty() {
            return proposal;
        }
        let text = |key: &str| header.get(key).and_then(Node::as_str);
        let iid = text("iid").and_then(|iid| iid.parse().ok());
        let (Some(project), Some(iid)) = (&subject.project, iid) else {
            proposal.not_planned.push("the record does not say its project or its number (--project)".into());
            return proposal;
        };
        proposal.mendable = true;
        let Some(made_at) = &planning.made_at else { return proposal };
        let confidential = text("confidential") == Some("true");
        let quick_actions: Vec<String> = actions.iter().filter_map(|action| action.line().ok()).collect();
        let number = format!("{iid}");
        let parts = [made_at.as_str(), project, subject.kind.name(), &number];
        let why = pasted.mended.iter().map(|finding| Reason {
            rule: finding.rule.id.clone(),
            title: finding.rule.title.clone(),
            fingerprint: finding.fingerprint.clone(),
        });
        let state = if confidential { state.touched(&actions) } else { state };
        proposal.entry = Some(Entry {
            id: hash(parts.into_iter().chain(quick_actions.iter().map(String::as_str))),
            subject: subject.name.clone(),
            project: project.clone(),
            kind: subject.kind,
            iid,
            url: text("web_url").map(str::to_owned),
            // A hash of few words would give them away.
            why: why
                .map(|why| if confidential { Reason { fingerprint: String::new(), ..why } } else { why })
                .collect(),
            quick_actions,
            state,
            still: Vec::new(),
        });
        proposal
    }
}

/// Whether the remedy of `finding` can be planned; not where it is no quick action or would change nothing.
fn fits(finding: &Finding, kind: Kind, state: &State, reach: Reach) -> Result<bool, String> {
    let pasted = Pasted::of(kind, [finding]);
    if let Some(left) = pasted.left.first() {
        return Err(left.reason.clone());
    }
    if pasted.mended.is_empty() {
        // The text of a description is a person's to change.
        return Ok(false);
    }
    let lines = pasted.block.lines();
    let actions = lines.iter().map(|line| Action::read(line, kind)).collect::<Result<Vec<_>, _>>()?;
    if actions.iter().all(|action| action.holds(state) == Some(true)) {
        return Ok(false);
    }
    actions.iter().try_for_each(|action| action.line().map(drop))?;
    undo(&actions, state)?;
    if reach == Reach::Safe && !actions.iter().all(|action| action.only_adds(state)) {
        return Err(REPLACES.to_owned());
    }
    Ok(true)
}
