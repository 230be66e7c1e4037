//! Reads a file of policies; what cannot be read becomes a mistake with its place, and the rest is read all the same.

mod action;
mod value;

use super::braces;
use super::condition::Effect;
use super::{Limit, Mistake, Policies, Policy, Resource};
use crate::finding::Place;
use crate::text::{LineIndex, Span};
use crate::yaml::{self, Entry, Limits, Node, Value, suggestion};

/// The keys of a rule.
const RULE: [&str; 4] = ["name", "conditions", "limits", "actions"];

/// The keys of the file.
const TOP: [&str; 2] = ["host_url", "resource_rules"];

/// The conditions of a rule.
pub(super) const CONDITIONS: [&str; 22] = [
    "date",
    "milestone",
    "iteration",
    "state",
    "votes",
    "labels",
    "forbidden_labels",
    "no_additional_labels",
    "author_username",
    "author_member",
    "assignee_member",
    "draft",
    "source_branch",
    "target_branch",
    "reviewer_id",
    "health_status",
    "weight",
    "issue_type",
    "discussions",
    "protected",
    "name",
    "ruby",
];

/// The file's text with what is found wrong in it.
pub(super) struct Reader<'t> {
    path: &'t str,
    text: &'t str,
    lines: LineIndex,
    mistakes: Vec<Mistake>,
}

/// The policies in `text`, the content of the file at `path`.
pub(super) fn read(path: &str, text: &str) -> Policies {
    let mut reader = Reader { path, text, lines: LineIndex::new(text), mistakes: Vec::new() };
    let mut policies = Vec::new();
    match yaml::parse(text, &Limits::subject()) {
        Ok(Some(root)) => reader.file(&root, &mut policies),
        Ok(None) => reader.mistake(Span::at(0), "there are no rules in it", "add `resource_rules`"),
        Err(error) => {
            let help = error.help.clone().unwrap_or_default();
            reader.mistake(error.span, &format!("this is not YAML: {error}"), &help);
        }
    }
    Policies { path: path.to_owned(), policies, mistakes: reader.mistakes }
}

impl Reader<'_> {
    /// Where `span` is.
    pub(super) fn place(&self, span: Span) -> Place {
        Place::of(self.path, &self.lines, self.text, span)
    }

    pub(super) fn text(&self) -> &str {
        self.text
    }

    pub(super) fn mistake(&mut self, span: Span, message: &str, help: &str) {
        let place = self.place(span);
        self.mistakes.push(Mistake { place, message: message.to_owned(), help: help.to_owned() });
    }

    pub(super) fn unknown(&mut self, entry: &Entry, what: &str, known: &[&str]) {
        let message = format!("unknown {what} `{}`", entry.key);
        self.mistake(entry.key_span, &message, &suggestion(&entry.key, known));
    }

    fn file(&mut self, root: &Node, policies: &mut Vec<Policy>) {
        let resources = root.get("resource_rules");
        for entry in root.entries().iter().filter(|entry| !TOP.contains(&entry.key.as_str())) {
            // Other keys may hold what anchors name; one that is nearly a key is a slip.
            let help = suggestion(&entry.key, &TOP);
            if help.starts_with("did you mean") {
                self.mistake(entry.key_span, &format!("unknown key `{}`", entry.key), &help);
            }
        }
        let Some(resources) = resources else {
            let help = "gitlab-triage looks for rules under `resource_rules`";
            return self.mistake(Span::at(0), "there are no `resource_rules`", help);
        };
        for entry in merged(resources) {
            let Some(resource) = Resource::from_name(&entry.key) else {
                self.unknown(entry, "resource", &Resource::NAMES);
                continue;
            };
            for entry in merged(&entry.value) {
                match entry.key.as_str() {
                    "rules" => self.rules(resource, &entry.value, false, policies),
                    "summaries" => {
                        for summary in entry.value.items() {
                            if let Some(rules) = summary.get("rules") {
                                self.rules(resource, rules, true, policies);
                            }
                        }
                    }
                    _ => self.unknown(entry, "key", &["rules", "summaries"]),
                }
            }
        }
    }

    fn rules(&mut self, resource: Resource, list: &Node, summed: bool, policies: &mut Vec<Policy>) {
        if !matches!(list.value, Value::List(_)) && !list.is_null() {
            self.mistake(list.span, "the rules are no list", "start each rule with `- name:`");
        }
        for rule in list.items() {
            if matches!(rule.value, Value::Map(_)) {
                let policy = self.rule(resource, rule, summed);
                policies.push(policy);
            } else {
                self.mistake(rule.span, "a rule is no map", "give it a `name`, `conditions` and `actions`");
            }
        }
    }

    fn rule(&mut self, resource: Resource, rule: &Node, summed: bool) -> Policy {
        let entries = merged(rule);
        let first = entries.first().map_or(rule.span, |entry| entry.key_span);
        let find = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
        for entry in entries.iter().filter(|entry| !RULE.contains(&entry.key.as_str())) {
            self.unknown(entry, "key of a rule", &RULE);
        }
        let named = find("name").filter(|name| name.as_str().is_some());
        if named.is_none() {
            self.mistake(
                first,
                "a rule has no `name`",
                "the bot shows it in its log: say what the rule is for",
            );
        }
        let mut conditions = Vec::new();
        for entry in find("conditions").map(merged).unwrap_or_default() {
            let condition = self.condition(resource, entry);
            conditions.extend(condition.into_iter().map(|condition| (condition, entry.key_span)));
        }
        let actions = find("actions").map(merged).unwrap_or_default();
        if actions.is_empty() && !summed {
            self.mistake(first, "a rule has no `actions`", "add what the bot shall do, or remove the rule");
        }
        let mut effect = Effect::default();
        let mut does = Vec::new();
        for entry in actions {
            does.push(entry.key.to_string());
            self.action(resource, entry, &mut effect);
        }
        let span = named.map_or(first, |name| name.span);
        let name = named.and_then(Node::as_str).unwrap_or("(without a name)").to_owned();
        let limit = find("limits").and_then(|limits| self.limit(limits));
        let place = self.place(span);
        Policy { name, place, resource, conditions, limit, effect, does, summed }
    }

    fn limit(&mut self, limits: &Node) -> Option<Limit> {
        let mut limit = None;
        for entry in merged(limits) {
            let number = entry.value.as_str().and_then(|text| text.parse::<usize>().ok());
            match (entry.key.as_str(), number) {
                ("most_recent" | "oldest", Some(number)) => {
                    limit = Some(Limit { most_recent: entry.key == "most_recent", number });
                }
                ("most_recent" | "oldest", None) => {
                    self.mistake(
                        entry.value.span,
                        "a limit is no number",
                        "write how many items, as in `50`",
                    );
                }
                _ => self.unknown(entry, "limit", &["most_recent", "oldest"]),
            }
        }
        limit
    }

    /// The labels that an entry of a list stands for, each with its place.
    pub(super) fn labels(&mut self, node: &Node) -> Vec<(Vec<String>, Span)> {
        let own = std::slice::from_ref(node);
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => own,
        };
        let mut found = Vec::new();
        for item in items {
            // YAML reads `None` and `null` alike where nobody looks at the letters.
            let text = item.as_str().filter(|text| !text.is_empty());
            match text.map(braces::expand) {
                Some(Some(labels)) => found.push((labels, item.span)),
                Some(None) => self.mistake(item.span, "the braces stand for too many labels", "list fewer"),
                None => self.mistake(
                    item.span,
                    "a label is no text",
                    "write its name, in quotes where it has braces",
                ),
            }
        }
        found
    }
}

/// The entries of a map, those that `<<` merges into it included.
pub(super) fn merged(node: &Node) -> Vec<&Entry> {
    let mut found: Vec<&Entry> = node.entries().iter().filter(|entry| entry.key != "<<").collect();
    let merges = node.entries().iter().filter(|entry| entry.key == "<<");
    for source in merges.flat_map(|entry| std::iter::once(&entry.value).chain(entry.value.items())) {
        for entry in merged(source) {
            if found.iter().all(|known| known.key != entry.key) {
                found.push(entry);
            }
        }
    }
    found
}
