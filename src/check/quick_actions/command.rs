//! Names that look like quick actions and are none, or have no effect on what the document is about.

use std::collections::BTreeMap;

use serde::Deserialize;
use strsim::damerau_levenshtein;

use super::code;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::quick_action::arguments::own;
use crate::document::quick_action::{Place, QuickLine, command};
use crate::subject::Kind;

/// The longest word that is too short for a second slip of the pen: `/docs` is no `/done`.
const SHORT: usize = 5;

/// What counts as a command, and for which objects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Commands that the project has besides GitLab's.
    extra_commands: Vec<String>,
    /// Commands of chats, which pages show in code too.
    chat_commands: Vec<String>,
    case: Case,
    /// Commands without effect, by the object the document is or becomes.
    without_effect: BTreeMap<Kind, Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Case {
    Any,
    Lower,
}

/// The commands nearest to a word.
struct Nearest<'n> {
    distance: usize,
    names: Vec<&'n str>,
}

impl Names {
    pub const VARIANTS: &'static [&'static str] = &["unlike", "object", "template", "case"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        if doc.subject.kind == Kind::Page {
            for line in code::lines(doc).iter().filter(|line| !self.knows(line.word(text))) {
                self.shown_in_code(text, line, sink);
            }
            return;
        }
        let lines: Vec<_> = doc.quick_lines().iter().filter(|line| line.place == Place::Runs).collect();
        let number = |line: &QuickLine| doc.lines().line_of(line.span.start);
        for (index, line) in lines.iter().enumerate() {
            if self.knows(line.word(text)) {
                self.known(doc.subject.kind, text, line, sink);
                continue;
            }
            let beside = |other: Option<&&QuickLine>| {
                other.is_some_and(|other| {
                    number(other).abs_diff(number(line)) == 1 && self.knows(other.word(text))
                })
            };
            let neighbour = beside(index.checked_sub(1).and_then(|before| lines.get(before)))
                || beside(lines.get(index + 1));
            let nearest = self.nearest(line.word(text));
            if neighbour || names_something(text, line) || nearest.is_slip(line.word(text)) {
                report(text, line, &nearest, sink);
            }
        }
    }

    fn knows(&self, word: &str) -> bool {
        command::find(word).is_some() || self.extra().any(|extra| extra.eq_ignore_ascii_case(word))
    }

    fn extra(&self) -> impl Iterator<Item = &str> {
        self.extra_commands.iter().map(|name| name.trim_start_matches('/'))
    }

    /// A path in code looks like a command without argument, so there a single letter must tell them apart.
    fn shown_in_code(&self, text: &str, line: &QuickLine, sink: &mut Sink<'_>) {
        let word = line.word(text);
        if self.chat_commands.iter().any(|name| name.eq_ignore_ascii_case(word)) {
            return;
        }
        let nearest = self.nearest(word);
        let plural = |name: &&str| {
            name.strip_suffix('s') == Some(word) || word.strip_suffix('s').is_some_and(|word| word == *name)
        };
        let typed = !line.argument.is_empty() && nearest.is_slip(word);
        let alone = nearest.distance == 1 && word.len() >= SHORT && !nearest.names.iter().any(plural);
        if names_something(text, line) || typed || alone {
            report(text, line, &nearest, sink);
        }
    }

    fn known(&self, kind: Kind, text: &str, line: &QuickLine, sink: &mut Sink<'_>) {
        let word = line.word(text);
        let lower = word.to_ascii_lowercase();
        let hit = line.name.of(text);
        if self.case == Case::Lower && lower != word {
            let best = format!("/{lower}");
            let edits = vec![Edit { span: line.name, text: best.clone() }];
            let fix = Fix { title: format!("Write `{best}`"), safe: true, edits };
            sink.report(Hit::at(line.name, &[("hit", hit), ("best", &best)]).variant("case").fix(Some(fix)));
        }
        let (object, name) = match kind {
            Kind::MergeRequest | Kind::MrTemplate => (Kind::MergeRequest, "a merge request"),
            Kind::Epic => (Kind::Epic, "an epic"),
            // A policy of gitlab-triage writes to issues as well as to merge requests.
            Kind::DataFile => return,
            _ => (Kind::Issue, "an issue"),
        };
        let values = [("hit", hit), ("object", name)];
        if self.without_effect.get(&object).is_some_and(|names| names.contains(&lower)) {
            sink.report(Hit::at(line.name, &values).variant("object"));
        } else if kind.is_template() && command::find(word).is_some_and(|command| command.needs_object) {
            sink.report(Hit::at(line.name, &values).variant("template"));
        }
    }

    fn nearest(&self, word: &str) -> Nearest<'_> {
        let word = word.to_ascii_lowercase();
        let mut nearest = Nearest { distance: usize::MAX, names: Vec::new() };
        // Names that differ in length by more than two letters are at least as far away, which is no slip of the pen.
        let near = |name: &&str| name.chars().count().abs_diff(word.len()) <= 2;
        for name in command::all().iter().map(|command| command.name).chain(self.extra()).filter(near) {
            let distance = damerau_levenshtein(&word, name);
            if distance < nearest.distance {
                nearest = Nearest { distance, names: vec![name] };
            } else if distance == nearest.distance {
                nearest.names.push(name);
            }
        }
        if !nearest.is_slip(&word) {
            // `/set_milestone` and `/add_label` hold the command that was meant.
            nearest.names = word.split('_').filter_map(command::find).map(|command| command.name).collect();
        }
        nearest
    }
}

impl Nearest<'_> {
    /// Whether `word` is one of them with a slip of the pen.
    fn is_slip(&self, word: &str) -> bool {
        word.len() >= 4 && self.distance <= if word.len() > SHORT { 2 } else { 1 }
    }
}

/// The argument starts with a reference, which no path or sentence does.
fn names_something(text: &str, line: &QuickLine) -> bool {
    let argument = own(text, line.argument).0.of(text);
    let rest = argument.strip_prefix(['~', '%', '@', '&', '#']);
    rest.is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()))
}

fn report(text: &str, line: &QuickLine, nearest: &Nearest<'_>, sink: &mut Sink<'_>) {
    let hit = line.name.of(text);
    let Some(best) = nearest.names.first().map(|name| format!("/{name}")) else {
        return sink.report(Hit::at(line.name, &[("hit", hit)]).variant("unlike"));
    };
    let edits = vec![Edit { span: line.name, text: best.clone() }];
    let safe = nearest.distance == 1 && nearest.names.len() == 1;
    let fix = Fix { title: format!("Write `{best}`"), safe, edits };
    sink.report(Hit::at(line.name, &[("hit", hit), ("best", &best)]).fix(Some(fix)));
}
