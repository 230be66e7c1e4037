//! The words of a waiver: `proclint: allow RULE[, RULE]: reason, @owner, until YYYY-MM-DD`.

use jiff::civil::Date;

use super::{Flaw, Named, Reason, Scope, TAG};
use crate::text::Span;
use crate::yaml::suggestion;

/// What the words of a comment say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Findings of some rules are allowed.
    Allow {
        /// How far.
        scope: Scope,
        /// The rules.
        rules: Vec<Named>,
        /// Why.
        reason: Reason,
    },
    /// The last block that is open ends here; the words that say so.
    End(Span),
}

/// The verbs and how far each reaches; `None` ends a block.
const VERBS: [(&str, Option<Scope>); 4] = [
    ("allow", Some(Scope::Line)),
    ("allow-block", Some(Scope::Block)),
    ("allow-file", Some(Scope::File)),
    ("end", None),
];

/// What other tools call it; whoever writes one of these means a waiver.
const FOREIGN: [&str; 12] = [
    "allow-line",
    "allow-next-line",
    "disable",
    "disable-file",
    "disable-line",
    "disable-next-line",
    "ignore",
    "ignore-file",
    "ignore-line",
    "ignore-next-line",
    "skip",
    "waive",
];

/// What may follow an owner or a day.
const MARKS: [char; 6] = [',', ';', ':', '.', ')', ']'];

const FORM: &str = "write `proclint: allow RULE: reason`";

/// Reads the words at `span`, a comment without its marks; `None` where they are no waiver and do not look like one.
pub(super) fn read(text: &str, span: Span) -> Option<Result<Directive, Flaw>> {
    let source = span.of(text);
    let rest = source.get(TAG.len()..).filter(|_| source.starts_with(TAG))?;
    let (colon, rest) = match rest.trim_start().strip_prefix(':') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, rest.strip_prefix('-').unwrap_or(rest).trim_start()),
    };
    let length = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(rest.len());
    let (verb, rest) = rest.split_at(length);
    let verb_span = part(text, verb);
    let Some((_, scope)) = VERBS.iter().find(|(known, _)| *known == verb) else {
        let known = VERBS.map(|(known, _)| known);
        let help = suggestion(verb, &known);
        let meant = colon && help.starts_with("did you mean");
        if !meant && !(FOREIGN.contains(&verb) && (colon || names_a_rule(rest))) {
            return None;
        }
        let help = if meant { help } else { FORM.to_owned() };
        return Some(Err(Flaw { span: verb_span, why: format!("`{verb}` is no directive; {help}") }));
    };
    if !colon {
        let flaw = Flaw { span, why: "the colon after `proclint` is missing".to_owned() };
        return names_a_rule(rest).then_some(Err(flaw));
    }
    let Some(scope) = *scope else {
        let extra = rest.trim();
        let why = "an `end` closes the last `allow-block` and takes no words".to_owned();
        return Some(if extra.is_empty() {
            Ok(Directive::End(span))
        } else {
            Err(Flaw { span: part(text, extra), why })
        });
    };
    let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
    Some(allow(text, span, scope, names, reason))
}

/// Whether what follows a verb looks like rules, not like a sentence: `bare-reference` or `word:`.
fn names_a_rule(rest: &str) -> bool {
    let Some(first) = rest.split_whitespace().next() else { return false };
    let name = first.trim_end_matches([',', ':']);
    let is_id = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    is_id && (name.contains('-') || first.ends_with(':'))
}

/// Reads the `names` of rules and the words of a `reason`, both parts of `text`; `span` is the whole waiver.
pub(super) fn allow(
    text: &str,
    span: Span,
    scope: Scope,
    names: &str,
    reason: &str,
) -> Result<Directive, Flaw> {
    let (names, terms) = names.split_at(terms(names).unwrap_or(names.len()));
    let flaw = |at: &str, why: &str| Flaw { span: part(text, at), why: why.to_owned() };
    if names.trim().is_empty() {
        return Err(Flaw { span, why: format!("it names no rule; {FORM}") });
    }
    let mut rules: Vec<Named> = Vec::new();
    let mut before: Option<&str> = None;
    let count = names.split(',').count();
    for (place, name) in names.split(',').enumerate() {
        let id = name.trim();
        if id.is_empty() {
            return Err(flaw(names.trim(), "a rule is missing beside a comma"));
        }
        if id.contains(char::is_whitespace) {
            return Err(flaw(id, "put commas between rules, and a colon before the reason"));
        }
        let id_span = part(text, id);
        // The first name goes with the comma behind it, the others with the one before.
        let removal = match before {
            _ if count == 1 => None,
            None => {
                let next = names.split(',').nth(place + 1).map_or(id, str::trim_start);
                Some(Span { start: id_span.start, end: part(text, next).start })
            }
            Some(before) => Some(Span { start: part(text, before.trim_end()).end, end: id_span.end }),
        };
        before = Some(name);
        rules.push(Named { id: id.to_owned(), span: id_span, removal });
    }
    Ok(Directive::Allow { scope, rules, reason: self::reason(text, [terms, reason])? })
}

/// Where owner or day begin that stand before the colon already.
fn terms(names: &str) -> Option<usize> {
    let starts = |word: &str| {
        let word = word.trim_start_matches(['(', '[']);
        word.starts_with('@') || word.eq_ignore_ascii_case("until")
    };
    let word = names.split_whitespace().find(|word| starts(word))?;
    Some(word.as_ptr() as usize - names.as_ptr() as usize)
}

/// Reads a reason with its owner and its last day; `words` are parts of `text`.
fn reason(text: &str, words: [&str; 2]) -> Result<Reason, Flaw> {
    let mut reason = Reason::default();
    let mut kept: Vec<&str> = Vec::new();
    let mut tokens = words.into_iter().flat_map(str::split_whitespace).peekable();
    while let Some(token) = tokens.next() {
        // The marks that quotes and YAML put at the start of a line.
        if matches!(token, ">" | "#") {
            continue;
        }
        let word = token.trim_start_matches(['(', '[']);
        let bare = word.trim_end_matches(MARKS);
        let is_until = bare.eq_ignore_ascii_case("until") && bare == word;
        if let Some(day) = tokens.peek().filter(|_| is_until).map(|day| day.trim_end_matches(MARKS)) {
            if let Some(date) = date(day) {
                tokens.next();
                let span = Span { start: part(text, bare).start, end: part(text, day).end };
                reason.until = Some((date, span));
                continue;
            }
            if looks_like_a_date(day) {
                let why = format!("`{day}` is no day; write it as YYYY-MM-DD");
                return Err(Flaw { span: part(text, day), why });
            }
        }
        if let Some(name) = bare.strip_prefix('@').filter(|name| is_user(name)) {
            // Inside of a sentence the mention is one of its words.
            let apart = kept.last().is_none_or(|last| last.ends_with([',', ';', '-', '–', '—', '.']))
                || word.len() < token.len()
                || reason.until.is_some();
            reason.owner = Some(name.to_owned());
            if apart {
                continue;
            }
        }
        kept.push(token);
    }
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | '[' | '-' | '–' | '—');
    let joined = kept.join(" ");
    let joined = joined.trim_matches(is_mark);
    let owner_alone = joined.strip_prefix('@').is_some_and(is_user);
    if joined.contains(char::is_alphanumeric) && !owner_alone {
        joined.clone_into(&mut reason.text);
    }
    Ok(reason)
}

fn date(word: &str) -> Option<Date> {
    word.parse().ok().filter(|_| word.len() == 10)
}

/// Three groups of digits, whatever stands between.
fn looks_like_a_date(word: &str) -> bool {
    let groups: Vec<_> = word.split(['-', '.', '/']).collect();
    groups.len() == 3
        && groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()))
}

fn is_user(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    !name.is_empty() && name.chars().all(inner)
}

/// Where `slice`, a part of `text`, lies in it.
fn part(text: &str, slice: &str) -> Span {
    let start = (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Span::new(start, start + slice.len())
}
