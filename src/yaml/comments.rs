//! The comments of a YAML text, as the parser sees them: a `#` in a quoted or block scalar is none.

use granit_parser::{Event, Options, Parser, options};

use super::limits::Limits;
use crate::text::Span;

/// Comments between two values that the parser keeps at most; a header of a licence is shorter.
const IN_A_ROW: usize = 10_000;

/// Where the comments of `text` stand, from `#` to the end of the line; where the text is broken, those before that.
pub fn comments(text: &str, limits: &Limits) -> Vec<Span> {
    if text.len() > limits.bytes {
        return Vec::new();
    }
    let mut options: Options =
        options! { flow_nesting_limit: limits.depth + 1, block_nesting_limit: limits.depth + 1 };
    options.max_buffered_comment_events = IN_A_ROW;
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let comments = events.filter(|(event, _)| matches!(event, Event::Comment(..)));
    comments.filter_map(|(_, place)| place.byte_range()).map(Span::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        comments(text, &Limits::subject()).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn comments_are_found_and_what_looks_like_one_is_not() {
        let text = "# top\r\na: 1 # ä end\nb: 'no # comment'\nc: |\n  # text\nd: x#y\n  # indented\n";
        assert_eq!(found(text), ["# top", "# ä end", "# indented"]);
    }

    #[test]
    fn a_broken_text_keeps_the_comments_before_the_break() {
        assert_eq!(found("# one\na: [1\nb: }\n# two\n"), ["# one"]);
    }
}
