//! What the terminal can show: colour, width, and where errors go.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use proclint::report::Style;

use crate::args::ColorArg;

/// How reports on standard output look.
pub fn style(color: ColorArg, quiet: bool, elapsed: Option<Duration>) -> Style {
    let terminal = io::stdout().is_terminal();
    Style {
        color: uses_color(color, terminal),
        width: width(terminal),
        unicode: unicode(),
        terminal,
        links: terminal && uses_color(color, terminal),
        elapsed,
        quiet,
        ..Style::default()
    }
}

/// Whether output is coloured: as asked, else on a terminal that does not refuse.
fn uses_color(color: ColorArg, terminal: bool) -> bool {
    match color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            !set("NO_COLOR") && (set("CLICOLOR_FORCE") || (terminal && !dumb))
        }
    }
}

fn width(terminal: bool) -> usize {
    let size = terminal.then(terminal_size::terminal_size).flatten();
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    size.map(|(width, _)| usize::from(width.0)).or(columns).unwrap_or(100).clamp(20, 200)
}

/// A locale that names another encoding cannot show box-drawing characters.
fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8") || !matches!(locale.as_str(), "c" | "posix")
    })
}

/// Shows a fault on standard error.
pub fn show_fault(fault: &dyn Diagnostic, color: ColorArg) {
    let terminal = io::stderr().is_terminal();
    let theme = match (uses_color(color, terminal), unicode()) {
        (true, true) => GraphicalTheme::unicode(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (_, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width(terminal)).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, fault).is_err() {
        text = format!("error: {fault}\n");
    }
    // Nobody is left to tell where standard error is closed too.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
