//! The examples of a rule file: texts and records with `«…»` around every expected finding.

mod fixed;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::config::{Config, Setting};
use crate::document::Document;
use crate::engine::{Diagnosis, check, diagnose};
use crate::finding::{Checked, Left};
use crate::fix::Reach;
use crate::load::{commit_subject, file_subject, format_of, kind_of, record_subject};
use crate::rule::RuleSet;
use crate::rule::set::{ConfigText, OwnFile, Selection};
use crate::subject::{Kind, Subject};
use crate::text::Span;
use crate::world::{TEMPLATE_FOLDER, World};
use crate::yaml::{DecodeError, Limits, Node, Spanned, from_node, parse};
use fixed::Claims;

/// What an example claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The rule finds exactly what is marked.
    Bad,
    /// The rule finds nothing.
    Good,
    /// The rule finds nothing, although it looks like it.
    NearMiss,
}

/// One example of a rule file.
#[derive(Debug)]
pub struct Example {
    /// What it claims.
    pub claim: Claim,
    /// Where it stands in the rule file.
    pub span: Span,
    subject: Subject,
    expected: Vec<Span>,
    today: Date,
    files: BTreeMap<String, String>,
    /// The project the example's tree or record belongs to.
    project: Option<String>,
    /// Findings of severity info are no contradiction to `good` and `near-miss`.
    hints: bool,
    claims: Claims,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    bad: Option<Node>,
    good: Option<Node>,
    near_miss: Option<Node>,
    r#as: Option<Kind>,
    path: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    today: Option<String>,
    project: Option<String>,
    /// What a project sets for the rule; read where the rule is compiled with it.
    #[serde(rename = "parameters")]
    _parameters: Option<Node>,
    /// Variants that a project switches on or off; read there as well.
    #[serde(rename = "variants")]
    _variants: Option<Node>,
    /// Paths of values of a record that are findings as a whole, such as an event.
    #[serde(default)]
    at: Vec<String>,
    #[serde(default)]
    hints: bool,
    /// The text, or a record's description, after the safe fixes of the rule.
    fixed: Option<String>,
    /// The same after all its fixes.
    suggested: Option<String>,
    /// The rules by which its fixes are refused: they would find something in the new text.
    #[serde(default)]
    refused_for: Vec<String>,
    /// For a record the quick actions that are proposed, one a line.
    quick_actions: Option<Vec<String>>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

/// An example that does not hold.
#[derive(Debug)]
pub struct Failure {
    /// Where the example stands in the rule file.
    pub span: Span,
    /// What was found and expected, over several lines.
    pub message: String,
}

/// Runs every example of the rule file `text` against its own rule in `rules`.
///
/// # Errors
/// Where the file's examples cannot be read.
pub fn run(text: &str, rules: &RuleSet) -> Result<(usize, Vec<Failure>), DecodeError> {
    let Some(node) = tree(text)? else { return Ok((0, Vec::new())) };
    let (id, kinds) = head(&node)?;
    let mut failures = Vec::new();
    let items = node.get("examples").map(Node::items).unwrap_or_default();
    for item in items {
        let example = Example::read(item, &kinds)?;
        let own = own_rules(id, text, item)?;
        let rules = own.as_ref().unwrap_or(rules);
        let spoken = example.contradiction(id, rules);
        if let Some(message) = spoken.or_else(|| example.claims.contradiction(&example, id, rules)) {
            failures.push(Failure { span: item.span, message });
        }
    }
    Ok((items.len(), failures))
}

fn tree(text: &str) -> Result<Option<Node>, DecodeError> {
    parse(text, &Limits::config())
        .map_err(|error| DecodeError::new(error.span, error.message).with_help(error.help))
}

/// The id of a rule file, and the kinds it reads.
fn head(node: &Node) -> Result<(&str, Vec<Kind>), DecodeError> {
    let kinds = node.get("on").map(from_node).transpose()?.unwrap_or_default();
    Ok((node.get("id").and_then(Node::as_str).unwrap_or_default(), kinds))
}

/// The rule of the file `text` with the settings of the example `item`, where it has some.
fn own_rules(id: &str, text: &str, item: &Node) -> Result<Option<RuleSet>, DecodeError> {
    match (item.get("parameters"), item.get("variants")) {
        (None, None) => Ok(None),
        (parameters, variants) => with_setting(id, text, parameters, variants).map(Some),
    }
}

/// The rule of the file `text` as a project with these `parameters` and levels of `variants` has it.
fn with_setting(
    id: &str,
    text: &str,
    parameters: Option<&Node>,
    variants: Option<&Node>,
) -> Result<RuleSet, DecodeError> {
    let span = parameters.or(variants).map_or(Span::default(), |node| node.span);
    let mut config = Config::default();
    let variants = variants.map(from_node).transpose()?.unwrap_or_default();
    let setting = Setting { parameters: parameters.cloned(), variants, ..Setting::default() };
    config.rules.push((Spanned { value: id.to_owned(), span }, setting));
    let own = OwnFile { path: format!("{id}.yml"), text: text.to_owned() };
    let selection = Selection { select: vec![id.to_owned()], ignore: Vec::new() };
    RuleSet::new(&[own], config, &ConfigText::default(), &selection)
        .map_err(|error| DecodeError::new(span, error.to_string()))
}

/// The fixes of the rule of `text` that are offered in its bad examples and cannot be made there: those `reach` asks
/// for, checked again with all of `rules`. Each comes with the place of its example in the rule file.
///
/// # Errors
/// Where the file's examples cannot be read.
pub fn unfixable(text: &str, rules: &RuleSet, reach: Reach) -> Result<Vec<(Span, Left)>, DecodeError> {
    let Some(node) = tree(text)? else { return Ok(Vec::new()) };
    let (id, kinds) = head(&node)?;
    let mut unfixable = Vec::new();
    for item in node.get("examples").map(Node::items).unwrap_or_default() {
        if item.get("bad").is_some() && item.get("parameters").is_none() {
            let example = Example::read(item, &kinds)?;
            let left = example.mend(Some(id), rules, reach).repair.left;
            let told = |left: &Left| {
                let rules = &example.claims.refused_for;
                rules.iter().any(|rule| left.reason.contains(&format!("to a finding of {rule}:")))
            };
            unfixable.extend(left.into_iter().filter(|left| !told(left)).map(|left| (item.span, left)));
        }
    }
    Ok(unfixable)
}

/// What the rule of `text` finds in each of its bad examples, as a run would report it.
///
/// # Errors
/// Where the examples cannot be read.
pub fn showcases(text: &str, rules: &RuleSet) -> Result<Vec<Checked>, DecodeError> {
    let Some(node) = tree(text)? else { return Ok(Vec::new()) };
    let (id, kinds) = head(&node)?;
    let items = node.get("examples").map(Node::items).unwrap_or_default().iter();
    let shown = items.filter(|item| item.get("bad").is_some()).map(|item| {
        let own = own_rules(id, text, item)?;
        let example = Example::read(item, &kinds)?;
        let mut checked = check(&example.subject, own.as_ref().unwrap_or(rules), &example.world(), false);
        checked.findings.retain(|finding| finding.rule.id == id);
        checked.not_checked.clear();
        Ok(checked)
    });
    shown.collect()
}

impl Example {
    fn read(node: &Node, kinds: &[Kind]) -> Result<Self, DecodeError> {
        let raw: Spanned<Raw> = from_node(node)?;
        let span = raw.span;
        let Raw { bad, good, near_miss, r#as: kind, path, files, today, project, at, hints, .. } = raw.value;
        let claims = Claims {
            refused_for: raw.value.refused_for,
            fixed: raw.value.fixed,
            suggested: raw.value.suggested,
            quick_actions: raw.value.quick_actions,
        };
        let (claim, content) = match (bad, good, near_miss) {
            (Some(node), None, None) => (Claim::Bad, node),
            (None, Some(node), None) => (Claim::Good, node),
            (None, None, Some(node)) => (Claim::NearMiss, node),
            _ => return Err(DecodeError::new(span, "an example has one of `bad`, `good` and `near-miss`")),
        };
        let today = today.as_deref().unwrap_or("2025-06-16").get(..10).unwrap_or_default().parse();
        let today = today.map_err(|_| DecodeError::new(span, "`today` is no day, `YYYY-MM-DD`"))?;
        let by_path = path.as_deref().and_then(kind_of).map(|(kind, _)| kind);
        let first = |record: bool| kinds.iter().copied().find(|kind| kind.is_record() == record);
        let is_record = !content.entries().is_empty();
        let kind =
            kind.or(by_path).or_else(|| first(is_record)).or_else(|| first(!is_record)).unwrap_or(Kind::Page);
        let (subject, mut expected) = if kind.is_record() {
            record(&content, kind).map_err(|message| DecodeError::new(span, message))?
        } else {
            let (text, marks) = unmarked(content.as_str().unwrap_or_default());
            (file(kind, path.as_deref(), text), marks)
        };
        for path in &at {
            let found = subject.header.as_ref().and_then(|header| header.at(path));
            let missing = || DecodeError::new(span, format!("the record has no `{path}`"));
            expected.push(found.ok_or_else(missing)?.node.span);
        }
        if (claim == Claim::Bad) == expected.is_empty() {
            return Err(DecodeError::new(
                span,
                "`bad` marks its findings with «…», `good` and `near-miss` mark nothing",
            ));
        }
        Ok(Self { claim, span, subject, expected, today, files, project, hints, claims })
    }

    fn world(&self) -> World {
        let mut world = World::on(self.today);
        world.files.clone_from(&self.files);
        world.project.clone_from(&self.project);
        let paths = self.files.keys().chain(&self.subject.path);
        world.templates = paths.filter(|path| path.starts_with(TEMPLATE_FOLDER)).cloned().collect();
        world.templates.sort();
        world
    }

    /// What speaks against the example, if anything.
    fn contradiction(&self, rule: &str, rules: &RuleSet) -> Option<String> {
        let document = Document::new(&self.subject);
        let Diagnosis { found, suppressions, .. } = diagnose(&document, rules, &self.world());
        let counting = found.iter().zip(&suppressions).filter(|(_, why)| why.is_none());
        let mut spans: Vec<Span> = counting
            .map(|(found, _)| found)
            .filter(|found| found.rule.id == rule)
            .filter(|found| !(self.hints && found.severity == crate::diagnostic::Severity::Info))
            .map(|found| found.span)
            .collect();
        spans.dedup();
        let mut expected = self.expected.clone();
        expected.sort();
        (spans != expected).then(|| {
            let show = |spans: &[Span]| {
                let quoted = |span: &Span| {
                    format!("{:?} at {}..{}", span.of(&self.subject.text), span.start, span.end)
                };
                if spans.is_empty() {
                    "nothing".to_owned()
                } else {
                    spans.iter().map(quoted).collect::<Vec<_>>().join(", ")
                }
            };
            format!("expected {}\n   found {}\nin:\n{}", show(&expected), show(&spans), self.subject.text)
        })
    }
}

fn file(kind: Kind, path: Option<&str>, text: String) -> Subject {
    let path = path.unwrap_or(match kind {
        Kind::IssueTemplate => ".gitlab/issue_templates/Example.md",
        Kind::MrTemplate => ".gitlab/merge_request_templates/Example.md",
        Kind::ReleasePost => "doc/releases/18/gitlab-18-0-released/example.md",
        Kind::DataFile => "data/example.yml",
        Kind::Commit => "COMMIT_EDITMSG",
        _ => "content/handbook/example.md",
    });
    if kind == Kind::Commit {
        return commit_subject(path, text);
    }
    let format = kind_of(path).map_or_else(|| format_of(path, kind), |(_, format)| format);
    file_subject(path, text, kind, format)
}

/// The text without its marks, and what they enclosed.
fn unmarked(text: &str) -> (String, Vec<Span>) {
    let mut plain = String::with_capacity(text.len());
    let (mut open, mut marks) = (0, Vec::new());
    for c in text.chars() {
        match c {
            '«' => open = plain.len(),
            '»' => marks.push(Span::new(open, plain.len())),
            c => plain.push(c),
        }
    }
    (plain, marks)
}

/// A record is made twice, with and without marks; both texts differ by the marks alone, which gives their places.
fn record(content: &Node, kind: Kind) -> Result<(Subject, Vec<Span>), String> {
    let mut value = serde_json::to_value(content).map_err(|error| error.to_string())?;
    if !value.is_object() {
        value = serde_json::json!({ "description": value });
    }
    let mut keys = Vec::new();
    unmark_keys(&mut value, "", &mut keys);
    let marked = record_subject(&value, kind, None);
    unmark_values(&mut value);
    let subject = record_subject(&value, kind, None);
    let (text, mut marks) = unmarked(&marked.text);
    if text != subject.text {
        return Err("the marks of the example change how its record is written".to_owned());
    }
    for key in keys {
        let found = subject.header.as_ref().and_then(|header| header.at(&key));
        let found = found.map(|found| found.key.unwrap_or(found.node.span));
        marks.push(found.ok_or_else(|| format!("the record's text has no key `{key}`"))?);
    }
    Ok((subject, marks))
}

fn unmark_keys(value: &mut serde_json::Value, path: &str, marked: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            let old = std::mem::take(map);
            for (key, mut value) in old {
                let bare = key.replace(['«', '»'], "");
                let below = if path.is_empty() { bare.clone() } else { format!("{path}.{bare}") };
                // `"«»": null` marks the map it stands in.
                if bare.is_empty() {
                    marked.push(path.to_owned());
                    continue;
                }
                if bare != key {
                    marked.push(below.clone());
                }
                unmark_keys(&mut value, &below, marked);
                map.insert(bare, value);
            }
        }
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                unmark_keys(item, &format!("{path}[{index}]"), marked);
            }
        }
        _ => {}
    }
}

fn unmark_values(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = text.replace(['«', '»'], ""),
        serde_json::Value::Array(items) => items.iter_mut().for_each(unmark_values),
        serde_json::Value::Object(map) => map.values_mut().for_each(unmark_values),
        _ => {}
    }
}
