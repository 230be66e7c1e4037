//! Where a user or group is named: live, so that GitLab notifies them, or in code.

use crate::document::Outline;
use crate::document::outline::Class;
use crate::text::Span;

/// The places of a name.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    /// Where GitLab reads it as a mention.
    pub(super) live: Vec<Span>,
    /// Where it stands in code.
    pub(super) code: Vec<Span>,
}

/// The places of `handle`, in any letter case; a longer name that contains it is another one.
pub(super) fn find(text: &str, outline: &Outline, handle: &str) -> Occurrences {
    let (lower, handle) = (outline.span.of(text).to_ascii_lowercase(), handle.to_ascii_lowercase());
    let base = outline.span.start as usize;
    let mut found = Occurrences::default();
    for (at, _) in lower.match_indices(&handle) {
        let before = lower.get(..at).and_then(|before| before.chars().next_back());
        let mut after = lower.get(at + handle.len()..).unwrap_or_default().chars();
        let next = after.next();
        let goes_on = match next {
            Some('.' | '/') => after.next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'),
            Some(c) => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
            None => false,
        };
        if goes_on || before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '/' | '_')) {
            continue;
        }
        let span = Span::new(base + at, base + at + handle.len());
        match outline.piece_at(span.start as usize) {
            Some(piece) if piece.class == Class::Code => found.code.push(span),
            Some(piece) if piece.class == Class::Text && !piece.link && !outline.is_quoted(span.start) => {
                found.live.push(span);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of live names and of those in code.
    fn count(text: &str) -> (usize, usize) {
        let found = find(text, &Outline::of(text), "@Team/PM");
        (found.live.len(), found.code.len())
    }

    #[test]
    fn a_name_is_live_where_gitlab_would_notify_it() {
        for text in [
            "@team/pm",
            "(@TEAM/pm)",
            "@team/pm.",
            "@team/pm: go",
            "@team/pm's",
            "「@team/pm」",
            "@team/pm/ .",
            "*@team/pm*",
        ] {
            assert_eq!(count(text), (1, 0), "{text}");
        }
        assert_eq!(count("@team/pm and `@team/pm`"), (1, 1));
    }

    #[test]
    fn a_longer_name_an_address_and_the_words_of_others_are_no_mention() {
        for text in [
            "@team/pms",
            "@team/pm2",
            "@team/pm-x",
            "@team/pm_x",
            "@team/pm.x",
            "@team/pm/x",
            "@team/pm/_x",
            "x@team/pm",
            "9@team/pm",
            "@@team/pm",
            "a/@team/pm",
            "_@team/pm x",
            "> @team/pm",
            "[@team/pm](x)",
            "<!-- @team/pm -->",
        ] {
            assert_eq!(count(text), (0, 0), "{text}");
        }
    }
}
