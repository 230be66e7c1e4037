//! Readers that know nothing of proclint: what it writes must be what they take it for.

use std::sync::LazyLock;

use hifijson::token::Lex;
use html5gum::{Token, Tokenizer};
use jsonschema::Validator;
use proclint::report::neutral;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

fn schema(text: &str) -> Validator {
    let schema = serde_json::from_str(text).expect("a schema is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    // One pattern of the standard, for the language of a run, has a bracket too many for a strict engine.
    schema(&include_str!("../reports/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$"))
});

static CODE_QUALITY: LazyLock<Validator> = LazyLock::new(|| schema(include_str!("code-quality.json")));

fn valid(schema: &Validator, text: &[u8]) -> Value {
    let value = json(text);
    let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0], "{}", String::from_utf8_lossy(text));
    value
}

/// One JSON document, to a strict reader that shares no code with the one that wrote it.
pub fn json(text: &[u8]) -> Value {
    let mut lexer = hifijson::SliceLexer::new(text);
    let read = lexer.exactly_one(Lex::ws_peek, hifijson::value::parse_unbounded);
    let read = read.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(text)));
    let value: Value = serde_json::from_slice(text).expect("another reader takes it");
    assert!(is_same(&read, &value), "two readers disagree: {}", String::from_utf8_lossy(text));
    value
}

/// Whether two readers took the same from a document.
fn is_same<N: AsRef<str>, S: AsRef<str>>(read: &hifijson::value::Value<N, S>, value: &Value) -> bool {
    use hifijson::value::Value as Read;
    match (read, value) {
        (Read::Null, Value::Null) => true,
        (Read::Bool(one), Value::Bool(other)) => one == other,
        (Read::Number((one, _)), Value::Number(_)) => {
            serde_json::from_str::<Value>(one.as_ref()).is_ok_and(|one| one == *value)
        }
        (Read::String(one), Value::String(other)) => one.as_ref() == other,
        (Read::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Read::Object(one), Value::Object(other)) => {
            let is_there = |(key, one): &(S, Read<N, S>)| {
                other.get(key.as_ref()).is_some_and(|other| is_same(one, other))
            };
            one.len() == other.len() && one.iter().all(is_there)
        }
        _ => false,
    }
}

/// One JSON document a line.
pub fn lines(text: &[u8]) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with(b"\n"));
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(json).collect()
}

/// SARIF 2.1.0.
pub fn sarif(text: &[u8]) -> Value {
    valid(&SARIF, text)
}

/// The Code Quality report of GitLab.
pub fn code_quality(text: &[u8]) -> Value {
    valid(&CODE_QUALITY, text)
}

/// XML; returns the number of elements called `name`.
pub fn xml(text: &str, name: &str) -> usize {
    let read = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    read.descendants().filter(|node| node.has_tag_name(name)).count()
}

/// Text for a terminal or a log: nothing in it steers one.
pub fn quiet(text: &str) {
    let harmful = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200d}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.find(harmful), None, "{text:?}");
}

/// Where the shipped rules link to.
pub const HANDBOOK: &str = "https://handbook.gitlab.com/";

/// Markdown: no HTML but our own marks, no images, no links but those that start with `home`, no quick actions.
pub fn markdown(text: &str, home: &str) {
    quiet(text);
    assert!(!text.lines().any(|line| line.starts_with('/')), "a quick action in\n{text}");
    for event in Parser::new_ext(text, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        let is_alien = match &event {
            Event::Html(html) => !html.starts_with("<!-- proclint:") || html.matches("-->").count() != 1,
            Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => true,
            Event::Start(Tag::Link { dest_url, .. }) => !dest_url.starts_with(home),
            _ => false,
        };
        assert!(!is_alien, "{event:?} in\n{text}");
    }
}

/// The annotations of GitHub Actions: every line is one.
pub fn annotations(text: &str) -> usize {
    let kinds = ["::notice ", "::warning ", "::error "];
    assert!(text.lines().all(|line| kinds.iter().any(|kind| line.starts_with(kind))), "{text}");
    quiet(text);
    text.lines().filter(|line| !line.contains("title=proclint%3A not checked::")).count()
}

/// HTML: elements that begin and end in each other, without comments, scripts of attributes and links that are none;
/// returns the text without blanks.
pub fn html(text: &str) -> String {
    const VOID: [&str; 4] = ["meta", "link", "input", "br"];
    /// What ends by itself where the next of its like begins, or what holds it ends.
    const CELLS: [&str; 3] = ["td", "th", "tr"];
    let (mut open, mut shown) = (Vec::<String>::new(), String::new());
    for token in Tokenizer::new(text) {
        match token.expect("a string can be read") {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                for (key, value) in &tag.attributes {
                    let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
                    assert!(!key.starts_with("on"), "<{name} {key}={value}>");
                    let is_link = matches!(key.as_ref(), "href" | "src");
                    let is_ours =
                        ["#", "https://", "http://", "data:,"].iter().any(|start| value.starts_with(start));
                    assert!(!is_link || is_ours, "<{name} {key}={value}>");
                }
                let ends = |last: &String| CELLS.contains(&name.as_str()) && CELLS.contains(&last.as_str());
                let is_row = name == "tr";
                while open.pop_if(|last| ends(last) && (is_row || last != "tr")).is_some() {}
                if !VOID.contains(&name.as_str()) && !tag.self_closing {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                while open.pop_if(|last| *last != name && CELLS.contains(&last.as_str())).is_some() {}
                assert_eq!(open.pop(), Some(name), "an element ends that is not the last one open");
            }
            Token::String(string) => shown.push_str(&String::from_utf8_lossy(&string)),
            Token::Comment(comment) => panic!("a comment: {:?}", String::from_utf8_lossy(&comment)),
            Token::Doctype(_) => {}
            // A page quotes NULs and other characters that HTML has no place for.
            Token::Error(error) => {
                let error = error.to_string();
                let is_character = error.contains("character") || error.contains("null");
                assert!(is_character, "{error}");
            }
        }
    }
    assert_eq!(open, [""; 0], "elements that never end");
    squeezed(&shown)
}

/// `text` without blanks and characters that HTML replaces.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\0' && *c != '\u{fffd}').collect()
}

/// A unified diff leads from `old` to `new`.
pub fn patch(old: &str, new: &str, diff: &str) {
    if diff.is_empty() {
        return assert_eq!(old, new);
    }
    let patch = diffy::Patch::from_str(diff).unwrap_or_else(|error| panic!("{error}: {diff:?}"));
    let patched = diffy::apply(old, &patch).unwrap_or_else(|error| panic!("{error}: {diff:?}"));
    assert_eq!(patched, new, "{diff:?}");
}

/// An error is shown with its source, and says something.
pub fn shown(error: impl miette::Diagnostic + Send + Sync + 'static) {
    assert!(!neutral::words(&error.to_string()).is_empty());
    assert!(!format!("{:?}", miette::Report::new(error)).is_empty());
}

/// CSV for spreadsheets, under a line of names: no cell is a formula; returns the number of other lines.
pub fn csv(text: &[u8]) -> usize {
    let mut reader = csv::Reader::from_reader(text);
    let columns = reader.headers().expect("a line of names").len();
    let rows = reader.records().map(|row| row.expect("a line of cells")).map(|row| {
        let formula = row.iter().find(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        assert_eq!((row.len(), formula), (columns, None));
    });
    rows.count()
}
