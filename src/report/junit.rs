//! JUnit XML, which GitLab shows in the tests of a pipeline: one test a finding or gap, in one suite a subject.

use std::collections::HashMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::words::why;
use super::{plain, words};
use crate::finding::{Checked, Finding, NotChecked, Report, Suppressed};

/// One test.
struct Case {
    class: String,
    name: String,
    file: Option<String>,
    fingerprint: Option<String>,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Failed { kind: String, message: String, text: String },
    Skipped { message: String },
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites = Vec::new();
    let run: Vec<_> = report.not_checked.iter().map(gap).collect();
    if !run.is_empty() {
        suites.push(("proclint".to_owned(), run));
    }
    for subject in &report.subjects {
        let cases = cases(subject);
        if !cases.is_empty() {
            suites.push((text(&subject.name), cases));
        }
    }
    if report.findings().next().is_none() && report.checked > 0 {
        let name = format!("no findings in {}", words::count(report.checked, "subject"));
        let class = "proclint".to_owned();
        let case = Case { class, name, file: None, fingerprint: None, outcome: Outcome::Passed };
        suites.push(("proclint".to_owned(), vec![case]));
    }
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = Counts::of(suites.iter().flat_map(|(_, cases)| cases));
    xml.create_element("testsuites")
        .with_attribute(("name", "proclint"))
        .with_attributes(counts.attributes().iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| suites.iter().try_for_each(|(name, cases)| suite(name, cases, xml)))?;
    writeln!(xml.into_inner())
}

fn cases(subject: &Checked) -> Vec<Case> {
    let found = subject.findings.iter().map(|finding| failure(subject, finding));
    let apart = subject.suppressed.iter().map(|of| suppressed(subject, of));
    let mut cases: Vec<_> = found.chain(apart).chain(subject.not_checked.iter().map(gap)).collect();
    // Of two tests with one name GitLab shows the first. A line in the name would make every moved finding a new one.
    let mut seen = HashMap::new();
    for case in &mut cases {
        let times = seen.entry(case.name.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            case.name = format!("{} ({times})", case.name);
        }
    }
    cases
}

fn failure(subject: &Checked, finding: &Finding) -> Case {
    let place = finding.path.as_deref().unwrap_or(&subject.name);
    let mut lines = vec![
        format!("{}:{}:{}", text(place), finding.start.line, finding.start.column),
        text(&finding.message),
    ];
    lines.extend(
        [&finding.help, &finding.rule.url].into_iter().filter(|line| !line.is_empty()).map(|line| text(line)),
    );
    let outcome = Outcome::Failed {
        kind: finding.severity.name().to_owned(),
        message: text(&finding.message),
        text: lines.join("\n"),
    };
    case(subject, finding, outcome)
}

fn suppressed(subject: &Checked, of: &Suppressed) -> Case {
    case(subject, &of.finding, Outcome::Skipped { message: text(&why(&of.suppression)) })
}

fn case(subject: &Checked, finding: &Finding, outcome: Outcome) -> Case {
    Case {
        class: text(&subject.name),
        name: format!("{}: {}", text(&finding.rule.id), text(&finding.message)),
        file: finding.path.as_deref().map(text),
        fingerprint: Some(text(&finding.fingerprint)),
        outcome,
    }
}

fn gap(gap: &NotChecked) -> Case {
    let rule = gap.rule.as_deref().map(text).unwrap_or_else(|| text(&gap.subject));
    Case {
        class: text(&gap.subject),
        name: format!("{rule}: not checked"),
        file: None,
        fingerprint: None,
        outcome: Outcome::Skipped { message: format!("not checked: {}", text(&gap.reason)) },
    }
}

/// `text` on one line. Of what XML refuses, `plain` leaves only the two characters that are none.
fn text(text: &str) -> String {
    plain::line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Self {
        let mut counts = Self { tests: 0, failures: 0, skipped: 0 };
        for case in cases {
            counts.tests += 1;
            match case.outcome {
                Outcome::Passed => {}
                Outcome::Failed { .. } => counts.failures += 1,
                Outcome::Skipped { .. } => counts.skipped += 1,
            }
        }
        counts
    }

    fn attributes(&self) -> [(&'static str, String); 3] {
        let counts = [("tests", self.tests), ("failures", self.failures), ("skipped", self.skipped)];
        counts.map(|(name, count)| (name, count.to_string()))
    }
}

type Xml<'o, 'w> = Writer<&'o mut (dyn Write + 'w)>;

fn suite(name: &str, cases: &[Case], xml: &mut Xml<'_, '_>) -> io::Result<()> {
    xml.create_element("testsuite")
        .with_attribute(("name", name))
        .with_attributes(Counts::of(cases).attributes().iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| cases.iter().try_for_each(|case| test(case, xml)))?;
    Ok(())
}

fn test(case: &Case, xml: &mut Xml<'_, '_>) -> io::Result<()> {
    let mut element = xml
        .create_element("testcase")
        .with_attribute(("classname", case.class.as_str()))
        .with_attribute(("name", case.name.as_str()));
    if let Some(file) = &case.file {
        element = element.with_attribute(("file", file.as_str()));
    }
    if matches!(case.outcome, Outcome::Passed) && case.fingerprint.is_none() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        if let Some(fingerprint) = &case.fingerprint {
            xml.create_element("properties").write_inner_content(|xml| {
                xml.create_element("property")
                    .with_attribute(("name", "fingerprint"))
                    .with_attribute(("value", fingerprint.as_str()))
                    .write_empty()?;
                Ok(())
            })?;
        }
        match &case.outcome {
            Outcome::Passed => {}
            Outcome::Failed { kind, message, text } => {
                xml.create_element("failure")
                    .with_attribute(("type", kind.as_str()))
                    .with_attribute(("message", message.as_str()))
                    .write_text_content(BytesText::new(text))?;
            }
            Outcome::Skipped { message } => {
                xml.create_element("skipped")
                    .with_attribute(("message", message.as_str()))
                    .write_text_content(BytesText::new(message))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}
