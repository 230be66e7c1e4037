//! Colour and hyperlinks where the style wants them, nothing where it does not.

use std::fmt;

use anstyle::{AnsiColor, Style as Ansi};

use super::Style;
use crate::diagnostic::Severity;

/// Wraps text in the escapes a style allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    color: bool,
    links: bool,
}

impl Paint {
    pub(super) fn new(style: &Style) -> Self {
        Self { color: style.color, links: style.links }
    }

    pub(super) fn bold(self, text: impl fmt::Display) -> String {
        self.with(Ansi::new().bold(), text)
    }

    pub(super) fn dim(self, text: impl fmt::Display) -> String {
        self.with(Ansi::new().dimmed(), text)
    }

    pub(super) fn label(self, text: impl fmt::Display) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    pub(super) fn severity(self, severity: Severity, text: impl fmt::Display) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        self.with(color.on_default(), text)
    }

    /// A line of a unified diff.
    pub(super) fn change(self, line: &str) -> String {
        match line.as_bytes().first() {
            Some(b'+') => self.with(AnsiColor::Green.on_default(), line),
            Some(b'-') => self.with(AnsiColor::Red.on_default(), line),
            Some(b'@') => self.with(AnsiColor::Cyan.on_default(), line),
            _ => line.to_owned(),
        }
    }

    /// `text` as a hyperlink to `url`, which must be harmless to show.
    pub(super) fn link(self, url: &str, text: String) -> String {
        if !self.links || url.is_empty() {
            return text;
        }
        format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
    }

    fn with(self, style: Ansi, text: impl fmt::Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}
