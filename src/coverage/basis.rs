//! What sentences are held against: the words that make them normative, the rules, and what people have judged.

use serde::Deserialize;

use crate::drift::Citation;
use crate::rule::RuleError;
use crate::words::words;
use crate::yaml::{DecodeError, Limits, from_node, parse};

/// Words that make a sentence normative.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// As written in the file of judgements.
    pub shown: String,
    /// Folded.
    pub folded: Vec<String>,
}

/// A rule, as far as it concerns a page.
#[derive(Clone, Debug)]
pub struct Enforcer {
    /// What it is about.
    pub title: String,
    /// What it cites.
    pub citation: Citation,
}

impl Enforcer {
    fn cites(&self, page: &str) -> bool {
        self.citation.steps().last() == Some(&page)
    }
}

/// What is known about one sentence of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The heading the sentence stands under.
    pub heading: String,
    /// How it begins.
    pub words: String,
    /// Its [fingerprint](crate::words::fingerprint).
    pub hash: String,
    /// Why people judge it, and no rule.
    #[serde(default)]
    pub reason: Option<String>,
    /// The rule that enforces it.
    #[serde(default)]
    pub rule: Option<String>,
    /// The rules that enforce it.
    #[serde(default)]
    pub rules: Vec<String>,
}

impl Entry {
    /// The rules named.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.rule.iter().chain(&self.rules).map(String::as_str)
    }
}

/// A file of judgements, not read yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judgements {
    /// The name of the page it is about: the file's own name.
    pub page: String,
    /// Its path, for messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What a file of judgements holds; either key may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    normative: Vec<String>,
    #[serde(default)]
    sentences: Vec<Entry>,
}

/// Everything sentences are held against.
#[derive(Debug, Default)]
pub struct Basis {
    /// What makes a sentence normative.
    pub normative: Vec<Phrase>,
    /// All rules.
    pub rules: Vec<Enforcer>,
    /// What is known about its sentences.
    pub entries: Vec<Entry>,
    /// The name of the page, if a rule or a file of judgements mentions it.
    page: Option<String>,
}

impl Basis {
    /// Takes from `rules` and from `files` what concerns the page called `name`;
    /// all of it where nothing mentions such a page, because then only its words can tell.
    ///
    /// # Errors
    /// On the first mistake in a file.
    pub fn new(name: &str, rules: &[Enforcer], files: &[Judgements]) -> Result<Self, RuleError> {
        let is_known =
            rules.iter().any(|rule| rule.cites(name)) || files.iter().any(|file| file.page == name);
        let mut basis =
            Self { rules: rules.to_vec(), page: is_known.then(|| name.to_owned()), ..Self::default() };
        for Judgements { page, path, text } in files {
            let file = read(text).map_err(|error| RuleError::judgements(path, text, error))?;
            let phrases = file.normative.into_iter().map(Phrase::new);
            basis.normative.extend(phrases.filter(|phrase| !phrase.folded.is_empty()));
            if !is_known || page == name {
                basis.entries.extend(file.sentences);
            }
        }
        Ok(basis)
    }

    /// Whether a rule or a file of judgements mentions the page.
    pub fn is_known(&self) -> bool {
        self.page.is_some()
    }

    /// The rules that cite the page; all where nothing mentions it.
    pub fn citing(&self) -> impl Iterator<Item = &Enforcer> {
        self.rules.iter().filter(|rule| self.page.as_ref().is_none_or(|page| rule.cites(page)))
    }

    /// Whether there is a rule called `id`.
    pub fn knows(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.citation.rule == id)
    }
}

impl Phrase {
    fn new(shown: String) -> Self {
        let folded = words(&shown).into_iter().map(|(_, word)| word.to_lowercase()).collect();
        Self { shown, folded }
    }
}

fn read(yaml: &str) -> Result<File, DecodeError> {
    let node =
        parse(yaml, &Limits::config()).map_err(|error| DecodeError::new(error.span, error.to_string()))?;
    let Some(node) = node else { return Ok(File::default()) };
    let file: File = from_node(&node)?;
    let nodes = node.get("sentences").map(|list| list.items()).unwrap_or_default();
    for (entry, node) in file.sentences.iter().zip(nodes) {
        if entry.reason.is_none() && entry.rules().next().is_none() {
            return Err(DecodeError::new(node.span, "say `reason`, `rule` or `rules`"));
        }
    }
    Ok(file)
}
