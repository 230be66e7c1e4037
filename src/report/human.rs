//! The report for people: every finding over the lines it is about, and why the handbook wants it otherwise.

use std::collections::HashMap;
use std::io::{self, Write};

use textwrap::Options;

use super::paint::Paint;
use super::{Style, concise, fits, gaps, plain, preview, repairs, snippet, words};
use crate::finding::{Checked, Finding, Report};

/// Findings of a rule in a subject that are drawn; nobody looks at the drawings of thousands.
const DRAWN: usize = 50;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, paint: Paint::new(style), out };
    for subject in report.subjects.iter().filter(|subject| !subject.findings.is_empty()) {
        page.subject(subject)?;
    }
    if report.fixes.is_some() {
        page.repairs(report)?;
    }
    if !style.quiet {
        page.lines("Not checked", &gaps::lines(report))?;
        page.lines("Preview", &preview::lines(report))?;
        page.paragraph(&page.paint.bold(words::summary(report, style.elapsed)), "", "")?;
    }
    Ok(())
}

struct Page<'a> {
    style: &'a Style,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn subject(&mut self, subject: &Checked) -> io::Result<()> {
        let dot = if self.style.unicode { '·' } else { '-' };
        let about =
            format!("{} {dot} {}", subject.kind.name(), words::count(subject.findings.len(), "finding"));
        let name = self.paint.bold(plain::line(&subject.name));
        writeln!(self.out, "{name} {}\n", self.paint.dim(format_args!("{dot} {about}")))?;
        let (mut shown, mut in_lines, mut behind_line) = (HashMap::new(), 0, false);
        for finding in &subject.findings {
            let number: &mut usize = shown.entry(finding.rule.id.as_str()).or_default();
            *number += 1;
            let is_drawn = *number <= DRAWN;
            if std::mem::replace(&mut behind_line, !is_drawn) && is_drawn {
                writeln!(self.out)?;
            }
            if is_drawn {
                self.finding(subject, finding, *number == 1)?;
            } else {
                write!(self.out, "  ")?;
                concise::write_line(subject, finding, self.paint, self.out)?;
                in_lines += 1;
            }
        }
        if behind_line {
            writeln!(self.out)?;
        }
        if in_lines > 0 {
            let of = words::count(in_lines, "finding");
            let line = format!(
                "{of} in a line each: of a rule {DRAWN} are drawn, and `--format json` tells all of them"
            );
            self.paragraph(&self.paint.dim(line), "  ", "  ")?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finding(&mut self, subject: &Checked, finding: &Finding, is_first: bool) -> io::Result<()> {
        let url = plain::line(&finding.rule.url);
        let rule = self.paint.bold(plain::line(&finding.rule.id));
        let title = format!("{rule}: {}", plain::line(&finding.message));
        let (drawing, outside) =
            snippet::draw(title, subject, finding, self.style).map_err(io::Error::other)?;
        for (number, line) in drawing.lines().enumerate() {
            let line = line.trim_end();
            // Linked only now: wrapping would count the URL, and break it at its hyphens.
            let linked = (number == 0).then(|| line.replacen(&rule, &self.paint.link(&url, rule.clone()), 1));
            writeln!(self.out, "{}", linked.as_deref().unwrap_or(line))?;
        }
        let path = finding.path.as_deref().unwrap_or(&subject.name);
        for place in outside {
            let at = format!("{path}:{}:{}: {}", place.start.line, place.start.column, place.message);
            self.remark("also", &plain::line(&at))?;
        }
        if !finding.help.is_empty() {
            self.remark("help", &plain::line(&finding.help))?;
        }
        if let Some(fix) = &finding.fix {
            let safety = if fix.safe { "safe" } else { "unsafe" };
            self.remark("fix", &format!("{} ({safety})", plain::line(&fix.title)))?;
        }
        // The same words under every finding of a rule would only be skipped.
        if is_first {
            self.handbook(&plain::line(&finding.rule.quote), &url)?;
        }
        writeln!(self.out)
    }

    fn handbook(&mut self, quote: &str, url: &str) -> io::Result<()> {
        let url = if self.style.links { "" } else { url };
        if !quote.is_empty() {
            let (open, close) = if self.style.unicode { ('“', '”') } else { ('"', '"') };
            self.remark("note", &format!("handbook says: {open}{quote}{close}"))?;
        }
        // Never wrapped: a URL in pieces cannot be opened.
        match (quote.is_empty(), url.is_empty()) {
            (_, true) => Ok(()),
            (true, false) => writeln!(self.out, "  {} {}", self.paint.label("note:"), self.paint.dim(url)),
            (false, false) => writeln!(self.out, "        {}", self.paint.dim(url)),
        }
    }

    fn remark(&mut self, label: &str, text: &str) -> io::Result<()> {
        let padding = " ".repeat(5usize.saturating_sub(label.len()));
        let first = format!("  {}{padding}", self.paint.label(format_args!("{label}:")));
        self.paragraph(text, &first, "        ")
    }

    fn repairs(&mut self, report: &Report) -> io::Result<()> {
        let lines = repairs::lines(report);
        for line in &lines {
            writeln!(self.out, "{line}")?;
        }
        if !lines.is_empty() {
            writeln!(self.out)?;
        }
        repairs::write_diffs(report, self.style, self.out)
    }

    fn lines(&mut self, heading: &str, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "{}", self.paint.bold(heading))?;
        for line in lines {
            self.paragraph(line, "  ", "    ")?;
        }
        writeln!(self.out)
    }

    fn paragraph(&mut self, text: &str, first: &str, rest: &str) -> io::Result<()> {
        let width = self.style.width.saturating_sub(2);
        if fits(text, width.saturating_sub(first.len())) {
            return writeln!(self.out, "{first}{}", text.trim_end_matches(' '));
        }
        let options = Options::new(width).initial_indent(first).subsequent_indent(rest);
        writeln!(self.out, "{}", textwrap::fill(text, options))
    }
}
