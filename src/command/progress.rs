//! How far the reading from GitLab is, for people at a terminal.

use std::cell::Cell;
use std::fmt::Write;
use std::io::{IsTerminal, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use proclint::load::gitlab::{Gitlab, Place};
use proclint::load::harvest::{Progress, Wanted};

/// A line on standard error; none where nobody watches, or where it would run into what is printed.
pub struct Bar<'b> {
    gitlab: &'b Gitlab,
    place: &'b Place,
    wanted: &'b Wanted,
    bar: Option<ProgressBar>,
    list: Cell<&'static str>,
    /// Whether the length of the list is known, or cannot be.
    is_counted: Cell<bool>,
}

/// The line of a list whose length is known.
const COUNTED: &str = "{prefix}: {pos} of {len}, {rate}, {msg}, {eta} left";

/// The line of another list.
const UNCOUNTED: &str = "{prefix}: {pos}, {rate}, {msg}";

impl<'b> Bar<'b> {
    /// A line about the reading of `place`; `prints` says that findings are printed meanwhile.
    pub fn new(gitlab: &'b Gitlab, place: &'b Place, wanted: &'b Wanted, prints: bool) -> Self {
        let is_watched = stderr().is_terminal() && !(prints && stdout().is_terminal());
        let bar = is_watched.then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()));
        Self { gitlab, place, wanted, bar, list: Cell::new(""), is_counted: Cell::new(false) }
    }
}

impl Bar<'_> {
    fn tell(&self, bar: &ProgressBar) {
        let left = self.gitlab.calls_left();
        bar.set_message(if left == 1 { "1 call left".to_owned() } else { format!("{left} calls left") });
    }
}

fn style(bar: &ProgressBar, template: &str) {
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        // A line that cannot be drawn is no loss.
        let _ = write!(out, "{:.0} a second", state.per_sec());
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("rate", rate));
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, list: &'static str) {
        self.list.set(list);
        self.is_counted.set(false);
        let Some(bar) = &self.bar else { return };
        style(bar, UNCOUNTED);
        bar.set_prefix(list.replace('_', " "));
        bar.unset_length();
        bar.reset();
        self.tell(bar);
        bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn total(&self, total: Option<u64>) {
        let Some(bar) = self.bar.as_ref().filter(|_| !self.is_counted.replace(true)) else { return };
        // Pages by key are not counted; that is worth a call to whoever waits.
        let filters = self.wanted.filters();
        let counted =
            || self.gitlab.issue_count(self.place, &filters).ok().filter(|_| self.list.get() == "issues");
        if let Some(total) = total.or_else(counted) {
            bar.set_length(total);
            style(bar, COUNTED);
        }
    }

    fn record(&self) {
        let Some(bar) = &self.bar else { return };
        self.tell(bar);
        bar.inc(1);
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
