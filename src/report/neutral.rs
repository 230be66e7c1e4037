//! Makes text from outside harmless in Markdown that GitLab or GitHub renders: it mentions, links, closes, runs and
//! hides nothing.
//!
//! Escapes do not do: GitLab looks for references in what is rendered, where an entity is the character again. What
//! could mean anything is therefore shown as code, which no renderer looks into.

use std::fmt::Write;

use super::plain;

/// The verbs with which GitLab and GitHub close issues, in lower case.
const CLOSING: [&str; 16] = [
    "close",
    "closes",
    "closed",
    "closing",
    "fix",
    "fixes",
    "fixed",
    "fixing",
    "resolve",
    "resolves",
    "resolved",
    "resolving",
    "implement",
    "implements",
    "implemented",
    "implementing",
];

/// `text` as a code span on one line. Not for cells of a table, where a `|` would end the cell.
pub fn code(text: &str) -> String {
    let text = verbatim(text);
    if text.is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A space at both ends is taken off again by the renderer.
    let is_edge = |c: char| text.starts_with(c) || text.ends_with(c);
    let pad = if !text.trim().is_empty() && (is_edge('`') || is_edge(' ')) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// `text` as words on one line: what stands between back-ticks and every word that could mean something is code.
pub fn words(text: &str) -> String {
    let mut line = Line::default();
    for (part, is_code) in parts(text) {
        if is_code {
            line.flush();
            line.push(&code(part));
            line.is_open = false;
            continue;
        }
        for (number, word) in part.split_whitespace().enumerate() {
            // Punctuation right behind code belongs to it.
            line.is_open |= number == 0 && !line.out.is_empty() && part.starts_with(word) && is_closing(word);
            line.word(word);
        }
        line.flush();
        line.is_open =
            part.split_whitespace().next_back().is_some_and(|word| part.ends_with(word) && is_opening(word));
    }
    line.out
}

/// A line that grows word by word; words that are to be code and follow each other share one span.
#[derive(Default)]
struct Line {
    out: String,
    code: String,
    /// The next piece follows without a space.
    is_open: bool,
}

impl Line {
    fn word(&mut self, word: &str) {
        let in_quotes = self.code.matches('"').count() % 2 == 1;
        if !in_quotes && (is_closing(word) || is_opening(word) || is_tame(word)) {
            self.flush();
            self.push(word);
            return;
        }
        if !self.code.is_empty() {
            self.code.push(' ');
        }
        self.code.push_str(word);
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.code);
        // Punctuation behind the last word is not part of it, nor is a bracket that opened before.
        let is_end = |c: char| matches!(c, '.' | ',' | ';' | ':' | '?') || c == ')' && !run.contains('(');
        let shown = run.trim_end_matches(is_end);
        if run.is_empty() {
            return;
        }
        if shown.is_empty() {
            return self.push(&code(&run));
        }
        self.push(&code(shown));
        self.out.push_str(run.get(shown.len()..).unwrap_or_default());
    }

    fn push(&mut self, piece: &str) {
        if !self.out.is_empty() && !std::mem::take(&mut self.is_open) {
            self.out.push(' ');
        }
        self.out.push_str(piece);
    }
}

/// `lines` as a block of code, each line behind its number, the first of which is `first`.
pub fn numbered<'a>(lines: impl Iterator<Item = &'a str> + Clone, first: usize) -> String {
    let last = first + lines.clone().count().saturating_sub(1);
    let width = last.to_string().len();
    let shown = |line: &str| verbatim(&line.replace('\t', "    "));
    let lines = lines
        .enumerate()
        .map(|(at, line)| format!("{:>width$} | {}", first + at, shown(line)).trim_end().to_owned());
    block(&lines.collect::<Vec<_>>())
}

/// `text` as a block of code. A line that starts with a slash is set in by a space, so that it is no quick action even
/// for who takes the block apart.
pub fn fenced(text: &str) -> String {
    let set_in = |line: &str| {
        let line = verbatim(line);
        if line.starts_with('/') { format!(" {line}") } else { line }
    };
    block(&text.lines().map(set_in).collect::<Vec<_>>())
}

fn block(lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let mut out = format!("{fence}text\n");
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    out.push_str(&fence);
    out
}

/// `text` on one line, without controls, and without a phrase that closes an issue: GitLab looks for those in code too.
fn verbatim(text: &str) -> String {
    let text = plain::line(text);
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    // Whether a closing verb, and perhaps its colon, stands right before.
    let mut is_after_verb = false;
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
            is_after_verb = false;
            out.push(c);
            continue;
        }
        is_after_verb |= CLOSING.contains(&word.as_str());
        word.clear();
        match c {
            // A space that is no blank to the pattern keeps verb and reference apart.
            ' ' if is_after_verb => out.push('\u{a0}'),
            ':' => out.push(c),
            _ => {
                is_after_verb = false;
                out.push(c);
            }
        }
    }
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// The text between back-ticks, and the text around it.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let ticks = text.matches('`').count();
    let pieces = text.split('`').enumerate().map(move |(at, part)| (part, at % 2 == 1 && at < ticks));
    pieces.filter(|(part, is_code)| *is_code || !part.trim().is_empty())
}

/// Whether `word` is nothing but punctuation that ends a clause.
fn is_closing(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '.' | ',' | ';' | ':' | ')' | '?' | '\'' | '’' | '”'))
}

/// Whether `word` is nothing but what opens a clause.
fn is_opening(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '(' | '“' | '‘'))
}

/// Whether no renderer sees more in `word` than a word.
fn is_tame(word: &str) -> bool {
    if word != plain::line(word) {
        return false;
    }
    let inner = word.trim_start_matches(['(', '"', '\'', '“', '‘', '«']);
    let inner = inner.trim_end_matches(['.', ',', ';', ':', ')', '?', '!', '"', '\'', '”', '’', '»', '…']);
    // What GitLab and Markdown read as syntax is ASCII.
    let is_letter = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    let is_inner = |c: char| is_letter(c) || matches!(c, '.' | ',' | '-' | '\'' | '/');
    inner.chars().next().is_some_and(is_letter)
        && inner.chars().all(is_inner)
        && !is_list_mark(word)
        && !inner.contains("//")
        && !inner.contains("..")
        && !inner.to_ascii_lowercase().contains("www.")
        && !inner.split(|c: char| !c.is_ascii_alphanumeric()).any(is_commit)
        && !is_key(inner)
}

/// `1.` or `1)`, which starts a list.
fn is_list_mark(word: &str) -> bool {
    word.strip_suffix(['.', ')']).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Seven or more hexadecimal digits, which become the link to a commit.
fn is_commit(word: &str) -> bool {
    word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `GL-12` or `JIRA-12`, which names an issue.
fn is_key(word: &str) -> bool {
    let mut parts = word.split('-').peekable();
    while let Some(part) = parts.next() {
        let is_number = parts.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        if is_number && part.ends_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            let is_date = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            return !is_date;
        }
    }
    false
}

#[cfg(test)]
mod tests;
