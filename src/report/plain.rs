//! Makes text from outside harmless to show: what would steer a terminal or hide from the eye becomes an escape.

use std::borrow::Cow;

/// `text` on one line, every harmful character as its escape (`\n`, `\u{202e}`).
pub fn line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut previous = ' ';
    for c in text.chars() {
        if is_harmful(c, previous) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        previous = c;
    }
    Cow::Owned(shown)
}

/// Whether `c` must not be shown as it is after `previous`.
pub(super) fn is_harmful(c: char, previous: char) -> bool {
    match c {
        ' '..='~' => false,
        // Persian and the scripts of India write a non-joiner inside words; anywhere else it only hides.
        '\u{200c}' => previous.is_ascii() || is_invisible(previous),
        // Presentation of the emoji before it; a run of them smuggles data.
        '\u{fe00}'..='\u{fe0f}' => previous.is_ascii() && !is_keycap(previous) || is_invisible(previous),
        _ => c.is_control() || is_invisible(c),
    }
}

fn is_keycap(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

/// Characters that draw nothing, reorder their line or break it.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["plain", "日本語 🎉 ❤️ 1️⃣", "می‌خواهم", "«ä» – “ö”"] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn what_steers_or_hides_becomes_an_escape() {
        assert_eq!(line("a\u{1b}[31mb\r\n\tc\0"), r"a\u{1b}[31mb\r\n\tc\u{0}");
        assert_eq!(line("\u{202e}txt\u{2066}"), r"\u{202e}txt\u{2066}");
        assert_eq!(line("a\u{200d}\u{200d}b\u{200c}"), r"a\u{200d}\u{200d}b\u{200c}");
        assert_eq!(line("❤\u{fe0f}\u{fe0f}\u{fe01}"), "❤\u{fe0f}\\u{fe0f}\\u{fe01}");
        assert_eq!(line("\u{9b}31m\u{feff}\u{e0041}"), r"\u{9b}31m\u{feff}\u{e0041}");
    }
}
