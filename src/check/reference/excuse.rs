//! When a number says enough: a closing list, a description or title beside it, another system's number.

use regex::Regex;

use super::Reference;
use super::context::Context;
use crate::document::flat::{count_words, has_words};
use crate::document::outline::BlockKind;
use crate::subject::Kind;
use crate::text::Span;

/// Words after a rank in which the ranking is named: "#244 on the 2022 Inc 5000 fastest-growing companies list".
const RANKING_REACH: usize = 10;

/// Characters before a reference in which a colour is announced.
const COLOUR_REACH: usize = 20;

impl Reference {
    /// Whether the surroundings of the reference at `span` excuse it.
    pub(super) fn is_excused(&self, context: &Context<'_>, span: Span) -> bool {
        self.closes(context, span)
            || self.is_generated(context, span)
            || self.is_foreign(context, span)
            || self.is_ordinal(context, span)
            || self.is_colour(context, span)
            || self.is_described(context, span)
            || self.is_titled(context, span)
    }

    /// (a) GitLab itself reads closing lists in merge requests and commits.
    fn closes(&self, context: &Context<'_>, span: Span) -> bool {
        if !matches!(context.kind, Kind::MergeRequest | Kind::MrTemplate | Kind::Commit) {
            return false;
        }
        let Some(pattern) = self.compiled.get_or_init(|| self.closing_pattern()) else { return false };
        let closing = context.matches(pattern);
        let next = closing.partition_point(|found| found.start <= span.start);
        next.checked_sub(1).and_then(|at| closing.get(at)).is_some_and(|found| found.contains(span))
    }

    /// GitLab's default closing pattern over the configured verbs.
    fn closing_pattern(&self) -> Option<Regex> {
        let either_case = |verb: &String| {
            let first = verb.chars().next()?;
            let rest = regex::escape(verb.get(first.len_utf8()..)?);
            Some(format!("[{}{}]{rest}", first.to_uppercase(), first.to_lowercase()))
        };
        let verbs: Vec<_> = self.closing_verbs.iter().filter_map(either_case).collect();
        let reference = r"(?:https?://\S+/(?:issues|work_items)/[0-9]+|(?:[\w./-]*)#[0-9]+|GL-[0-9]+)\+?s?";
        // The branches share no prefix: the compiler would factor it out and then prefer the last of them.
        let between = "(?: +and +| *, +and +| *,? *)?";
        let source = format!(r"(?-u:\b)(?:{}):? +(?:(?:issues? +)?{reference}{between})+", verbs.join("|"));
        Regex::new(&source).ok()
    }

    /// (b) Lines that GitLab or git writes.
    fn is_generated(&self, context: &Context<'_>, span: Span) -> bool {
        let line = context.line_start(span).trim_start();
        self.generated_lines.iter().any(|start| line.starts_with(start.as_str()))
    }

    /// (c) A description follows: a relative clause, a colon, a spaced dash or a parenthesis, and enough words.
    fn is_described(&self, context: &Context<'_>, span: Span) -> bool {
        let after = context.after(span);
        let trimmed = after.trim_start();
        let spaced = trimmed.len() < after.len();
        let unpunctuated = trimmed.strip_prefix(',').map_or(trimmed, str::trim_start);
        let clause = ["which", "that", "so that", "because", "where"].into_iter().find_map(|word| {
            let rest = unpunctuated.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
            rest.and(unpunctuated.get(word.len()..)).filter(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        let colon = || after.trim_start().strip_prefix([':', '：']);
        let dash = || {
            trimmed
                .strip_prefix(['-', '–', '—'])
                .filter(|rest| spaced && rest.starts_with(char::is_whitespace))
        };
        let bracket = || trimmed.strip_prefix(['(', '（']);
        let description = clause.or_else(colon).or_else(dash).or_else(bracket);
        description.is_some_and(|words| has_words(words, self.min_description_words))
    }

    /// (d) A title stands before the reference: in the row, before a parenthesis, or before the end of the line.
    fn is_titled(&self, context: &Context<'_>, span: Span) -> bool {
        if self.require_link_on.contains(&context.kind) {
            return false;
        }
        let enough = if context.is_headline(span) { self.min_words_in_title } else { self.min_title_words };
        if context.block.is_some_and(|block| block.kind == BlockKind::Cell)
            && context.cells().iter().any(|cell| has_words_beside_references(cell, enough))
        {
            return true;
        }
        let before = context.before(span);
        let bracketed = before.trim_end().rfind(['(', '（']).filter(|open| {
            let inside = before.get(open + 1..).unwrap_or_default().trim_start_matches('（');
            let rest = context.rest_of_line(span);
            only_references(inside)
                && rest
                    .find([')', '）'])
                    .is_some_and(|close| only_references(rest.get(..close).unwrap_or_default()))
        });
        if let Some(open) = bracketed {
            return has_words_beside_references(before.get(..open).unwrap_or_default(), enough);
        }
        let rest = context.rest_of_line(span).trim();
        let last = rest.chars().all(|c| {
            matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '*' | '_' | '~' | '"' | '|' | '。')
        });
        // In wrapped prose the sentence goes on, and its words are no title.
        let goes_on = !rest.contains(['.', '!', '?', '。'])
            && context.after(span).trim_start().starts_with(char::is_lowercase);
        last && !goes_on && has_words_beside_references(before, enough) && !self.ends_with_pointer(before)
    }

    /// The last word before the reference points at it, so the words before it are no title.
    fn ends_with_pointer(&self, before: &str) -> bool {
        if last_token_is_reference(before) {
            return true;
        }
        let words = before.trim_end_matches(|c: char| !c.is_alphanumeric());
        if words.is_ascii() {
            // Most words are; that needs no copy in small letters.
            return self.pointer_words.iter().any(|pointer| {
                let cut = words.len().checked_sub(pointer.len());
                let end = cut.and_then(|cut| words.get(cut..));
                end.is_some_and(|end| end.eq_ignore_ascii_case(pointer) && ends_with_word(words, end))
            });
        }
        let words = words.to_lowercase();
        self.pointer_words.iter().any(|pointer| ends_with_word(&words, pointer))
    }

    /// (e) Another system's number.
    fn is_foreign(&self, context: &Context<'_>, span: Span) -> bool {
        let before = context.before(span).trim_end();
        let before = before.strip_suffix(':').unwrap_or(before).trim_end();
        let bare = self.foreign_nouns.iter().find_map(|noun| {
            let cut = before.len().checked_sub(noun.len())?;
            let tail = before.get(cut..)?;
            tail.eq_ignore_ascii_case(noun).then(|| before.get(..cut).unwrap_or_default().trim_end())
        });
        [Some(before), bare].into_iter().flatten().any(|before| {
            let before = before.strip_suffix(['.', ':']).unwrap_or(before);
            self.foreign_prefixes.iter().any(|prefix| ends_with_word(before, prefix))
        })
    }

    /// (f) A rank.
    fn is_ordinal(&self, context: &Context<'_>, span: Span) -> bool {
        let after = context.after(span).trim_start();
        let ranked = starts_with_word(after, "on") && {
            let mut words = after.split(|c: char| !c.is_alphanumeric()).take(RANKING_REACH);
            words.any(|word| self.ranking_words.iter().any(|ranking| ranking.eq_ignore_ascii_case(word)))
        };
        ranked || (span.len() <= 3 && self.ordinal_words.iter().any(|word| starts_with_word(after, word)))
    }

    /// (f) A colour made of digits.
    fn is_colour(&self, context: &Context<'_>, span: Span) -> bool {
        if !span.of(context.text).starts_with('#') || !matches!(span.len(), 4 | 5 | 7 | 9) {
            return false;
        }
        let before = context.before(span);
        let start = before.char_indices().rev().nth(COLOUR_REACH - 1).map_or(0, |(at, _)| at);
        let window = before.get(start..).unwrap_or_default().to_lowercase();
        self.colour_words.iter().any(|word| {
            window.match_indices(word.as_str()).any(|(at, _)| {
                let after = window.get(at + word.len()..).and_then(|rest| rest.chars().next());
                !after.is_some_and(char::is_alphabetic) || after == Some('s')
            })
        })
    }
}

/// Whether there is nothing but references, separators and `and` in `text`.
fn only_references(text: &str) -> bool {
    text.split([',', ' ', '/', '&', '、']).all(|word| {
        let number = word.trim_start_matches(['#', '!', '&']).trim_end_matches(['+', '.', ':']);
        word.is_empty()
            || word == "and"
            || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn last_token_is_reference(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default().trim_end_matches([',', ';', '/']);
    last.starts_with(['#', '!', '&']) && last.len() > 1 && only_references(last)
}

/// Whether `text` has `enough` words that are no references.
fn has_words_beside_references(text: &str, enough: usize) -> bool {
    let is_reference = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.contains(['#', '!', '&']) && !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut words = 0;
    enough == 0
        || text.split_whitespace().filter(|word| !is_reference(word)).any(|word| {
            words += count_words(word);
            words >= enough
        })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        && !text.get(word.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}
