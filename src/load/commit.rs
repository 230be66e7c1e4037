//! Commit message files: the message without what git will strip from it.

use crate::subject::{Counts, Format, Kind, Part, Role, Subject};
use crate::text::Span;

/// git's scissors; with `commit --verbose` the diff follows them.
const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// The commit message in the file called `name`.
///
/// Lines that start with `#` and everything from git's scissors line on are no part of the message: the parts are
/// the stretches between them.
pub fn commit_subject(name: &str, text: String) -> Subject {
    let parts = stretches(&text)
        .into_iter()
        .map(|span| Part { role: Role::Body, field: String::new(), span })
        .collect();
    Subject {
        kind: Kind::Commit,
        format: Format::Markdown,
        name: name.to_owned(),
        path: Some(name.to_owned()),
        project: None,
        text,
        parts,
        header: None,
        counts: Counts::default(),
        diffs: None,
    }
}

fn stretches(text: &str) -> Vec<Span> {
    let mut stretches: Vec<Span> = Vec::new();
    let mut offset = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == SCISSORS {
            break;
        }
        let span = Span::new(offset, offset + line.len());
        offset += line.len();
        let comment = line.trim_start_matches('\u{feff}').starts_with('#');
        match stretches.last_mut() {
            _ if comment => {}
            Some(last) if open => last.end = span.end,
            _ => stretches.push(span),
        }
        open = !comment;
    }
    stretches.retain(|span| !span.of(text).trim().is_empty());
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_diff_below_the_scissors_are_no_message() {
        let text = format!(
            "Add limits\n\nSee #1\n# On branch x\n  # kept\n# ---\n{SCISSORS}\n# Do not\ndiff --git a/x b/x\n"
        );
        let subject = commit_subject("COMMIT_EDITMSG", text);
        let parts: Vec<_> = subject.parts.iter().map(|part| part.span.of(&subject.text)).collect();
        assert_eq!(parts, ["Add limits\n\nSee #1\n", "  # kept\n"]);
    }

    #[test]
    fn a_message_of_comments_alone_has_no_parts() {
        assert!(commit_subject("COMMIT_EDITMSG", "\n# Please enter\n".to_owned()).parts.is_empty());
    }
}
