//! What a record says to the conditions of policies.

use std::borrow::Cow;

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::condition::{Asked, Condition, Counted, Effect, Unit};
use super::truth::{Reason, Truth};
use crate::subject::{Kind, Subject};
use crate::yaml::Node;

/// A record as policies see it, before or after another policy changed it.
#[derive(Clone, Debug)]
pub struct Facts<'s> {
    subject: &'s Subject,
    header: &'s Node,
    today: Date,
    labels: Option<Cow<'s, [String]>>,
    state: Option<Cow<'s, str>>,
}

impl<'s> Facts<'s> {
    /// What the record `subject` says on the day `today`; `None` for what is no record.
    pub fn of(subject: &'s Subject, today: Date) -> Option<Self> {
        let header = subject.header.as_ref().filter(|_| subject.kind.is_record())?;
        let name = |label: &Node| {
            let name = label.as_str().or_else(|| label.get("name").or_else(|| label.get("title"))?.as_str());
            name.map(str::to_owned)
        };
        let labels = header.get("labels").map(|labels| labels.items().iter().filter_map(name).collect());
        let state = header.get("state").and_then(Node::as_str).map(Cow::Borrowed);
        Some(Self { subject, header, today, labels: labels.map(Cow::Owned), state })
    }

    /// The kind of the record.
    pub fn kind(&self) -> Kind {
        self.subject.kind
    }

    /// Its labels, where it says.
    pub fn labels(&self) -> Option<&[String]> {
        self.labels.as_deref()
    }

    /// Its state, where it says.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// When it was created, as it is written.
    pub fn created(&self) -> &'s str {
        self.header.get("created_at").and_then(Node::as_str).unwrap_or_default()
    }

    /// The record after a policy with `effect` acted on it.
    #[must_use]
    pub fn after(&self, effect: &Effect) -> Self {
        let labels = self.labels.as_deref().map(|labels| Cow::Owned(effect.labels(labels)));
        let state = effect.state.as_ref().map(|(state, _)| Cow::Borrowed(*state));
        Self { labels, state: state.or_else(|| self.state.clone()), ..self.clone() }
    }

    /// Whether all of `conditions` hold.
    pub fn hold(&self, conditions: &[(Condition, crate::text::Span)]) -> Truth {
        let all = conditions.iter().map(|(condition, _)| self.holds(condition, conditions));
        all.fold(Truth::Yes, Truth::and)
    }

    fn holds(&self, condition: &Condition, all: &[(Condition, crate::text::Span)]) -> Truth {
        let labels = |test: &dyn Fn(&[String]) -> bool| match &self.labels {
            Some(labels) => Truth::from(test(labels)),
            None => Truth::Unknown(Reason::Lacks("labels")),
        };
        match condition {
            Condition::Date { attribute, older, unit, interval } => {
                self.date(attribute, *older, *unit, *interval)
            }
            Condition::Milestone(asked) => self.milestone(asked),
            Condition::Iteration(asked) => self.titled("iteration", asked),
            Condition::State(state) => match &self.state {
                Some(own) => (*own == *state).into(),
                None => Truth::Unknown(Reason::Lacks("state")),
            },
            Condition::Count { of, less, threshold } => self.count(*of, *less, *threshold),
            Condition::Labels(wanted) => {
                labels(&|own| wanted.iter().all(|any| any.iter().any(|label| own.contains(label))))
            }
            Condition::NoLabels => labels(&<[String]>::is_empty),
            Condition::AnyLabel => labels(&|own| !own.is_empty()),
            Condition::Forbidden(forbidden) => {
                labels(&|own| !forbidden.iter().any(|label| own.contains(label)))
            }
            Condition::NoAdditional => {
                let asked = all.iter().filter_map(|(other, _)| match other {
                    Condition::Labels(wanted) => Some(wanted.iter().flatten()),
                    _ => None,
                });
                let asked: Vec<_> = asked.flatten().collect();
                labels(&|own| own.iter().all(|label| asked.contains(&label)))
            }
            Condition::Author(name) => self.text("author", &Asked::Is(name.clone())),
            Condition::Draft(draft) => self.text("draft", &Asked::Is(draft.to_string())),
            Condition::SourceBranch(name) => self.text("source_branch", &Asked::Is(name.clone())),
            Condition::TargetBranch(name) => self.text("target_branch", &Asked::Is(name.clone())),
            Condition::Health(asked) => self.text("health_status", asked),
            Condition::Weight(asked) => self.text("weight", asked),
            Condition::IssueType(kind) => self.text("issue_type", &Asked::Is(kind.clone())),
            Condition::Reviewer(asked) => self.reviewer(asked),
            Condition::Member { .. } => Truth::Unknown(Reason::Members),
            Condition::Ruby => Truth::Unknown(Reason::Ruby),
            Condition::Branch => Truth::No,
            Condition::Unreadable => Truth::Unknown(Reason::Unreadable),
        }
    }

    /// The value at `key`: `Err` where the record has no such key, `None` where nothing stands there.
    fn get(&self, key: &'static str) -> Result<Option<&'s Node>, Truth> {
        match self.header.get(key) {
            None => Err(Truth::Unknown(Reason::Lacks(key))),
            Some(node) if node.is_null() => Ok(None),
            Some(node) => Ok(Some(node)),
        }
    }

    fn text(&self, key: &'static str, asked: &Asked) -> Truth {
        match self.get(key) {
            Err(unknown) => unknown,
            Ok(value) => is_asked(value.and_then(Node::as_str), asked),
        }
    }

    /// A milestone or iteration by its title.
    fn titled(&self, key: &'static str, asked: &Asked) -> Truth {
        match self.get(key) {
            Err(unknown) => unknown,
            Ok(Some(node)) => {
                let title = node.as_str().or_else(|| node.get("title")?.as_str());
                match title {
                    Some(title) => is_asked(Some(title), asked),
                    None if *asked == Asked::Anything => Truth::Yes,
                    None if *asked == Asked::Nothing => Truth::No,
                    None => Truth::Unknown(Reason::Lacks("title of the milestone or iteration")),
                }
            }
            Ok(None) => is_asked(None, asked),
        }
    }

    fn milestone(&self, asked: &Asked) -> Truth {
        if !matches!(asked, Asked::Upcoming | Asked::Started) {
            return self.titled("milestone", asked);
        }
        let node = match self.get("milestone") {
            Err(unknown) => return unknown,
            Ok(None) => return Truth::No,
            Ok(Some(node)) => node,
        };
        if node.get("state").and_then(Node::as_str) == Some("closed") {
            return Truth::No;
        }
        let day = |key: &'static str| match node.get(key) {
            None => Err(Truth::Unknown(Reason::Lacks(key))),
            Some(node) => Ok(node.as_str().and_then(|day| day.get(..10)?.parse::<Date>().ok())),
        };
        let start = match day("start_date") {
            Err(unknown) => return unknown,
            Ok(start) => start,
        };
        let has_started = start.is_some_and(|start| start <= self.today);
        match asked {
            Asked::Started => has_started.into(),
            // Which of those that have not started is the next one, a single record cannot tell.
            _ if has_started => Truth::No,
            _ => Truth::Unknown(Reason::Lacks("other milestones")),
        }
    }

    fn reviewer(&self, asked: &Asked) -> Truth {
        let count = match self.get("reviewers") {
            Err(unknown) => return unknown,
            Ok(node) => node.map_or(0, |node| node.items().len()),
        };
        match asked {
            Asked::Nothing => (count == 0).into(),
            Asked::Anything => (count > 0).into(),
            _ if count == 0 => Truth::No,
            _ => Truth::Unknown(Reason::UserId),
        }
    }

    fn count(&self, of: Counted, less: bool, threshold: u64) -> Truth {
        let counts = &self.subject.counts;
        let (number, key) = match of {
            Counted::Upvotes => (counts.upvotes, "upvotes"),
            Counted::Downvotes => (counts.downvotes, "downvotes"),
            Counted::Notes => (counts.notes, "user_notes_count"),
            Counted::Threads => (None, "discussions"),
        };
        match number {
            Some(number) if less => (number < threshold).into(),
            Some(number) => (number > threshold).into(),
            None => Truth::Unknown(Reason::Lacks(key)),
        }
    }

    fn date(&self, attribute: &'static str, older: bool, unit: Unit, interval: i64) -> Truth {
        let moment = match self.get(attribute) {
            Err(unknown) => return unknown,
            Ok(None) => return Truth::No,
            Ok(Some(node)) => node.as_str().and_then(moment),
        };
        let Some(moment) = moment else { return Truth::Unknown(Reason::Unreadable) };
        match threshold(self.today, unit, interval) {
            Some(threshold) if older => (moment < threshold).into(),
            Some(threshold) => (moment > threshold).into(),
            // So long ago that nothing is older.
            None => (!older).into(),
        }
    }
}

fn is_asked(value: Option<&str>, asked: &Asked) -> Truth {
    match (value, asked) {
        (value, Asked::Nothing) => value.is_none().into(),
        (value, Asked::Anything) => value.is_some().into(),
        (Some(value), Asked::Is(asked)) => (value == asked).into(),
        _ => Truth::No,
    }
}

/// A moment as the API writes it, or the start of a day.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let day: Date = text.get(..10)?.parse().ok()?;
        day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}

/// The moment `interval` units before now. The bot asks the API for whole days; now is the end of today.
fn threshold(today: Date, unit: Unit, interval: i64) -> Option<Timestamp> {
    let span = match unit {
        Unit::Minutes => Span::new().try_minutes(interval),
        Unit::Hours => Span::new().try_hours(interval),
        Unit::Days => Span::new().try_days(interval),
        Unit::Weeks => Span::new().try_weeks(interval),
        Unit::Months => Span::new().try_months(interval),
        Unit::Years => Span::new().try_years(interval),
    };
    let from = match unit {
        Unit::Minutes | Unit::Hours => today.to_datetime(time(23, 59, 59, 0)),
        _ => today.to_datetime(time(0, 0, 0, 0)),
    };
    let then = from.checked_sub(span.ok()?).ok()?;
    then.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
