//! Reads the conditions of a rule.

use super::{CONDITIONS, Reader, merged};
use crate::policy::Resource;
use crate::policy::condition::{Asked, Condition, Counted, Unit};
use crate::yaml::{Entry, Node, Value, suggestion};

/// The dates that a record has, and those that only branches have.
const DATES: [&str; 5] = ["created_at", "updated_at", "merged_at", "authored_date", "committed_date"];

const UNITS: [(&str, Unit); 6] = [
    ("minutes", Unit::Minutes),
    ("hours", Unit::Hours),
    ("days", Unit::Days),
    ("weeks", Unit::Weeks),
    ("months", Unit::Months),
    ("years", Unit::Years),
];

impl Reader<'_> {
    /// The condition of `entry`; none where it asks for nothing.
    pub(super) fn condition(&mut self, resource: Resource, entry: &Entry) -> Option<Condition> {
        let value = &entry.value;
        let request = resource == Resource::MergeRequests;
        let key = entry.key.as_str();
        let elsewhere = match key {
            "draft" | "source_branch" | "target_branch" | "reviewer_id" => !request,
            "health_status" | "weight" | "issue_type" => resource != Resource::Issues,
            "protected" | "name" => resource != Resource::Branches,
            _ => false,
        };
        if elsewhere {
            let message = format!("`{key}` is no condition on {}", resource.words());
            self.mistake(entry.key_span, &message, "the bot ignores it: remove it, or move the rule");
            return Some(Condition::Unreadable);
        }
        if key == "no_additional_labels" && value.as_str() == Some("false") {
            return None;
        }
        // A condition that cannot be read must not be taken for one that holds.
        Some(self.read(entry).unwrap_or(Condition::Unreadable))
    }

    fn read(&mut self, entry: &Entry) -> Option<Condition> {
        let value = &entry.value;
        let key = entry.key.as_str();
        Some(match key {
            "date" => self.date(value),
            "milestone" => Condition::Milestone(self.asked(value, &["none", "any", "upcoming", "started"])?),
            "iteration" => Condition::Iteration(self.asked(value, &["none", "any"])?),
            "state" => Condition::State(self.one_of(value, &["opened", "closed", "locked", "merged"])?),
            "votes" => self.count(value, &[("upvotes", Counted::Upvotes), ("downvotes", Counted::Downvotes)]),
            "discussions" => self.count(value, &[("threads", Counted::Threads), ("notes", Counted::Notes)]),
            "labels" => self.wanted(value),
            "forbidden_labels" => self.forbidden(value),
            "no_additional_labels" => {
                self.one_of(value, &["true", "false"])?;
                Condition::NoAdditional
            }
            "author_username" => Condition::Author(self.string(value)?),
            "author_member" | "assignee_member" => self.member(key, value),
            "draft" => Condition::Draft(self.one_of(value, &["true", "false"])? == "true"),
            "source_branch" => Condition::SourceBranch(self.string(value)?),
            "target_branch" => Condition::TargetBranch(self.string(value)?),
            "reviewer_id" => Condition::Reviewer(self.asked(value, &["none", "any"])?),
            "health_status" => Condition::Health(self.asked(value, &["none", "any"])?),
            "weight" => Condition::Weight(self.asked(value, &["none", "any"])?),
            "issue_type" => Condition::IssueType(self.one_of(value, &["issue", "incident", "test_case"])?),
            "protected" | "name" => Condition::Branch,
            "ruby" => Condition::Ruby,
            _ => {
                self.unknown(entry, "condition", &CONDITIONS);
                Condition::Unreadable
            }
        })
    }

    fn date(&mut self, value: &Node) -> Condition {
        let known = ["attribute", "condition", "interval_type", "interval", "filter_in_ruby"];
        self.keys(value, &known);
        let attribute = self.choice(value, "attribute", &DATES);
        let condition = self.choice(value, "condition", &["older_than", "newer_than"]);
        let unit = self.choice(value, "interval_type", &UNITS.map(|(name, _)| name));
        let interval = self.number(value, "interval");
        let unit = UNITS.iter().find(|(name, _)| Some(*name) == unit).map(|(_, unit)| *unit);
        match (attribute, condition, unit, interval.and_then(|number| i64::try_from(number).ok())) {
            (Some("authored_date" | "committed_date"), ..) => Condition::Branch,
            (Some(attribute), Some(condition), Some(unit), Some(interval)) => {
                Condition::Date { attribute, older: condition == "older_than", unit, interval }
            }
            _ => Condition::Unreadable,
        }
    }

    fn count(&mut self, value: &Node, known: &[(&'static str, Counted)]) -> Condition {
        self.keys(value, &["attribute", "condition", "threshold"]);
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let attribute = self.choice(value, "attribute", &names);
        let condition = self.choice(value, "condition", &["less_than", "greater_than"]);
        let of = known.iter().find(|(name, _)| Some(*name) == attribute).map(|(_, of)| *of);
        match (of, condition, self.number(value, "threshold")) {
            (Some(of), Some(condition), Some(threshold)) => {
                Condition::Count { of, less: condition == "less_than", threshold }
            }
            _ => Condition::Unreadable,
        }
    }

    fn member(&mut self, whose: &str, value: &Node) -> Condition {
        self.keys(value, &["source", "condition", "source_id"]);
        self.choice(value, "source", &["group", "project"]);
        let condition = self.choice(value, "condition", &["member_of", "not_member_of"]);
        let id = merged(value).into_iter().find(|entry| entry.key == "source_id");
        let id = id.and_then(|entry| entry.value.as_str()).unwrap_or_default();
        Condition::Member { whose: format!("{whose} {id}"), not: condition == Some("not_member_of") }
    }

    fn wanted(&mut self, value: &Node) -> Condition {
        let wanted = self.labels(value);
        let is = |word: &str| {
            wanted.iter().any(|(labels, _)| matches!(&labels[..], [one] if one.eq_ignore_ascii_case(word)))
        };
        if is("none") {
            return Condition::NoLabels;
        }
        if is("any") {
            return Condition::AnyLabel;
        }
        for (labels, span) in &wanted {
            if let [label] = &labels[..]
                && label.eq_ignore_ascii_case("no label")
            {
                self.mistake(*span, &format!("`{label}` is no special value any more"), "write `None`");
            }
        }
        Condition::Labels(wanted.into_iter().map(|(labels, _)| labels).collect())
    }

    fn forbidden(&mut self, value: &Node) -> Condition {
        let mut forbidden = Vec::new();
        for (labels, span) in self.labels(value) {
            if labels.len() > 1 {
                let help = "the bot expands braces under `labels` only: list the labels one by one";
                self.mistake(span, "braces do nothing under `forbidden_labels`", help);
                forbidden.push(span.of(self.text()).to_owned());
            } else {
                forbidden.extend(labels);
            }
        }
        Condition::Forbidden(forbidden)
    }

    /// The value of a field; `special` are the words that mean no value in particular.
    fn asked(&mut self, value: &Node, special: &[&str]) -> Option<Asked> {
        let text = self.string(value)?;
        let word = special.iter().find(|word| text.eq_ignore_ascii_case(word));
        Some(match word.copied() {
            Some("none") => Asked::Nothing,
            Some("any") => Asked::Anything,
            Some("upcoming") => Asked::Upcoming,
            Some("started") => Asked::Started,
            _ => Asked::Is(text),
        })
    }

    fn string(&mut self, value: &Node) -> Option<String> {
        if !matches!(value.value, Value::Scalar(_)) || value.as_str().is_none() {
            self.mistake(value.span, "a text is expected here", "write one value");
            return None;
        }
        value.as_str().map(str::to_owned)
    }

    fn one_of(&mut self, value: &Node, known: &[&str]) -> Option<String> {
        let text = self.string(value)?;
        if !known.contains(&text.as_str()) {
            self.mistake(value.span, &format!("unknown value `{text}`"), &suggestion(&text, known));
            return None;
        }
        Some(text)
    }

    fn keys(&mut self, value: &Node, known: &[&str]) {
        if !matches!(value.value, Value::Map(_)) {
            return self.mistake(value.span, "a map is expected here", &format!("give {}", known.join(", ")));
        }
        for entry in merged(value).into_iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            self.unknown(entry, "key", known);
        }
    }

    /// Which of `known` stands at `key`.
    fn choice(&mut self, map: &Node, key: &str, known: &[&'static str]) -> Option<&'static str> {
        let Some(entry) = merged(map).into_iter().find(|entry| entry.key == key) else {
            if matches!(map.value, Value::Map(_)) {
                self.mistake(
                    map.span,
                    &format!("`{key}` is missing"),
                    &format!("allowed: {}", known.join(", ")),
                );
            }
            return None;
        };
        let text = entry.value.as_str().unwrap_or_default();
        let found = known.iter().find(|word| **word == text).copied();
        if found.is_none() {
            self.mistake(entry.value.span, &format!("unknown value `{text}`"), &suggestion(text, known));
        }
        found
    }

    fn number(&mut self, map: &Node, key: &str) -> Option<u64> {
        let entry = merged(map).into_iter().find(|entry| entry.key == key)?;
        let number = entry.value.as_str().and_then(|text| text.parse().ok());
        if number.is_none() {
            self.mistake(entry.value.span, &format!("`{key}` is no whole number"), "write it in digits");
        }
        number
    }
}
