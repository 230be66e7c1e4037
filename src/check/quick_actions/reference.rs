//! Labels and milestones that GitLab does not find as they are written.

mod labels;

use serde::Deserialize;

use super::code;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::quick_action::Place;
use crate::document::quick_action::arguments::own;
use crate::subject::Kind;
use crate::text::Span;

/// The commands whose arguments are read, aliases included.
pub const COMMANDS: [&str; 6] = ["label", "labels", "unlabel", "remove_label", "relabel", "milestone"];

/// The first version of GitLab that reads `~a::b` without quotes.
const BARE_SCOPES: u32 = 15;

/// How strictly references are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct References {
    /// Whether a scoped label needs quotes.
    quote_scoped: bool,
    /// The server's version, `latest` or a number.
    gitlab_version: String,
}

impl References {
    pub const VARIANTS: &'static [&'static str] =
        &["quote", "characters", "glue", "mixed", "comma", "scoped", "milestone", "milestone-sigil"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        let page = doc.subject.kind == Kind::Page;
        let shown = if page { code::lines(doc) } else { Vec::new() };
        let running = doc.quick_lines().iter().filter(|line| !page && line.place == Place::Runs);
        for line in shown.iter().chain(running) {
            let Some(command) = line.command(text) else { continue };
            let (argument, _) = own(text, line.argument);
            match command.canonical {
                "label" | "unlabel" | "relabel" => {
                    labels::Labels { text, scoped: self.scopes_need_quotes() }.check(argument, sink);
                }
                "milestone" => milestone(text, argument, sink),
                _ => {}
            }
        }
    }

    fn scopes_need_quotes(&self) -> bool {
        let major = self.gitlab_version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        self.quote_scoped || major.is_some_and(|major| major < BARE_SCOPES)
    }
}

/// `%` and words end at the first space; a bare title is looked up as a whole, quotes included.
fn milestone(text: &str, argument: Span, sink: &mut Sink<'_>) {
    let source = argument.of(text);
    let hit = |name: &str, variant: &str, sink: &mut Sink<'_>| {
        let best = format!("%\"{}\"", name.trim_matches('"'));
        let fix = replacement(argument, &best, true);
        sink.report(Hit::at(argument, &[("hit", source), ("best", &best)]).variant(variant).fix(fix));
    };
    match source.strip_prefix('%') {
        Some(name) if name.starts_with(['<', '{', '[']) => {}
        Some(name) if name.starts_with('"') && name.get(1..).is_some_and(|name| name.contains('"')) => {}
        Some(name) if name.contains(char::is_whitespace) => hit(name, "milestone", sink),
        Some(_) => {}
        None if source.starts_with('"') => hit(source, "milestone-sigil", sink),
        None => {}
    }
}

fn replacement(span: Span, best: &str, safe: bool) -> Option<Fix> {
    let edits = vec![Edit { span, text: best.to_owned() }];
    Some(Fix { title: format!("Write `{best}`"), safe, edits })
}
