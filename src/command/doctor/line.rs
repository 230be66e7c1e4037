//! One thing that was looked at: that it is in order, or what to do.

use proclint::report::plain_line;
use serde::Serialize;
use serde_json::json;

use crate::command::Outcome;

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In order.
    Ok,
    /// Less than the whole can be done.
    Less,
    /// The job cannot do its work.
    Blocked,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    check: &'static str,
    state: State,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Line {
    /// `check` is in order; `found` says how it is.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    /// Less than the whole can be done.
    pub fn less(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Less, found: found.into(), remedy: Some(remedy.into()) }
    }

    /// The job cannot do its work.
    pub fn blocked(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Blocked, found: found.into(), remedy: Some(remedy.into()) }
    }

    /// The error `error` is in the way; `state` says how much.
    pub fn failed(check: &'static str, state: State, error: &dyn miette::Diagnostic) -> Self {
        let remedy =
            error.help().map_or_else(|| "mend it, and run again".to_owned(), |help| help.to_string());
        Self { check, state, found: error.to_string(), remedy: Some(remedy) }
    }
}

/// The lines for people.
pub fn human(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let state = match line.state {
            State::Ok => "ok  ",
            State::Less => "less",
            State::Blocked => "no  ",
        };
        out += &format!("{state}  {:<9} {}\n", line.check, plain_line(&line.found));
        if let Some(remedy) = &line.remedy {
            out += &format!("                do: {}\n", plain_line(remedy));
        }
    }
    out
}

/// The lines for programs.
pub fn json(lines: &[Line]) -> String {
    format!("{:#}\n", json!({ "schema": 1, "lines": lines }))
}

/// How the command ends: 0 where all is in order, 2 where the job could check nothing.
pub fn outcome(lines: &[Line]) -> Outcome {
    match lines.iter().map(|line| line.state).max() {
        Some(State::Blocked) => Outcome::Unchecked,
        Some(State::Less) => Outcome::Findings,
        _ => Outcome::Clean,
    }
}
