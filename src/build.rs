//! Embeds the rules: every file under `rules/` is parsed, checked and written out as Rust.
#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use text::{LineIndex, Span};
use yaml::{Limits, Node, Value, YamlError};

#[allow(dead_code, reason = "the library uses the rest")]
mod text;
#[allow(dead_code, unused_imports, reason = "the library uses the rest")]
mod yaml;

/// The kinds a rule can read, in the order of their bits.
const KINDS: [&str; 9] = [
    "issue-template",
    "mr-template",
    "merge-request",
    "issue",
    "epic",
    "page",
    "release-post",
    "commit",
    "data-file",
];

/// The folder below `rules/` that holds no rules but judgements about sentences.
const JUDGED: &str = "judged";

fn main() {
    let broken = embed().unwrap_or_else(|error| vec![format!("the rules cannot be embedded: {error}")]);
    // Cargo shows each of them and fails the build.
    broken.iter().for_each(|message| println!("cargo::error={message}"));
}

/// Writes `OUT_DIR/rules.rs`, and returns one message per broken rule file.
fn embed() -> io::Result<Vec<String>> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.retain(|path| !path.starts_with(root.join(JUDGED)));
    paths.sort();

    let mut code =
        String::from("/// The rules, in the order of their paths.\npub static BUILT_IN: &[BuiltIn] = &[\n");
    let (mut texts, mut trees) = (String::new(), String::new());
    let mut broken = Vec::new();
    let mut ids = HashMap::new();
    for path in &paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = relative(&root, path);
        let text = fs::read_to_string(path)?;
        let rule = Rule::read(path, &text).and_then(|rule| match ids.insert(rule.id.clone(), name.clone()) {
            Some(first) => Err(Broken::new(rule.id_span, format!("rules/{first} has the same id"))),
            None => Ok(rule),
        });
        match rule {
            Ok(rule) => {
                rule.write(&name, (texts.len(), text.len()), &mut trees, &mut code)?;
                texts.push_str(&text);
            }
            Err(error) => {
                let at = LineIndex::new(&text).position(error.span.start, &text);
                broken.push(format!("rules/{name}:{}:{}: {}", at.line, at.column, error.message));
            }
        }
    }
    code.push_str("];\n\n/// What is known about the sentences of pages: the page's name, and its file.\n");
    code.push_str("pub static JUDGED: &[(&str, &str)] = &[\n");
    let mut judged = Vec::new();
    collect(&root.join(JUDGED), &mut judged)?;
    judged.sort();
    for path in &judged {
        println!("cargo::rerun-if-changed={}", path.display());
        let (name, page) = (relative(&root, path), path.file_stem().unwrap_or_default().to_string_lossy());
        writeln!(
            code,
            "    ({page:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/\", {name:?}))),"
        )
        .map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("rules.rs"), code)?;
    // Each in one piece: a run that checks something needs the trees only, and should not have the texts in memory.
    fs::write(out.join("rules.yml"), texts)?;
    fs::write(out.join("rules.packed"), trees)?;
    Ok(broken)
}

/// Adds the rule files under `directory`, which may be missing.
fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            paths.push(path);
        }
    }
    Ok(())
}

/// The path below `rules/`, with `/` on every system.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let steps: Vec<_> = below.iter().map(|step| step.to_string_lossy()).collect();
    steps.join("/")
}

/// Why a rule file cannot be embedded.
struct Broken {
    span: Span,
    message: String,
}

impl Broken {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

impl From<YamlError> for Broken {
    fn from(error: YamlError) -> Self {
        let help = error.help.map(|help| format!(" ({help})")).unwrap_or_default();
        Self::new(error.span, format!("{}{help}", error.message))
    }
}

/// What the index says about a rule, so that one that does not apply is never decoded.
struct Rule {
    id: String,
    id_span: Span,
    on: u16,
    default: bool,
    node: Node,
}

impl Rule {
    fn read(path: &Path, text: &str) -> Result<Self, Broken> {
        let node = yaml::parse(text, &Limits::config())?;
        let mut node = node.ok_or_else(|| Broken::new(Span::default(), "the file holds no rule"))?;
        let id = node.get("id").ok_or_else(|| Broken::new(node.span, "missing key `id`"))?;
        let id_span = id.span;
        let id = id.as_str().unwrap_or_default().to_owned();
        if path.file_stem().is_none_or(|stem| stem.to_string_lossy() != id) {
            return Err(Broken::new(id_span, format!("the id `{id}` is not the file's name")));
        }
        let on = kinds(&node)?;
        let default = switch(&node)?;
        if let Value::Map(entries) = &mut node.value {
            entries.retain(|entry| entry.key != "examples");
        }
        Ok(Self { id, id_span, on, default, node })
    }

    /// Adds the tree to `trees`, and the rule to `code`; `at` is where its text stands, and its length.
    fn write(&self, name: &str, at: (usize, usize), trees: &mut String, code: &mut String) -> io::Result<()> {
        let Self { id, on, default, node, .. } = self;
        let (start, length) = at;
        let tree = trees.len();
        yaml::pack(node, trees);
        let packed = trees.len() - tree;
        writeln!(
            code,
            "    BuiltIn {{ path: {name:?}, id: {id:?}, on: {on:#b}, default: {default}, \
             yaml: part(TEXTS, {start}, {length}), packed: part(TREES, {tree}, {packed}) }},"
        )
        .map_err(io::Error::other)
    }
}

/// The bits of the kinds under `on`: one name, or a list of them.
fn kinds(rule: &Node) -> Result<u16, Broken> {
    let on = rule.get("on").ok_or_else(|| Broken::new(rule.span, "missing key `on`"))?;
    let names = if on.items().is_empty() { std::slice::from_ref(on) } else { on.items() };
    names.iter().try_fold(0, |bits, name| {
        let kind = name.as_str().unwrap_or_default();
        match KINDS.iter().position(|known| *known == kind) {
            Some(bit) => Ok(bits | 1 << bit),
            None => {
                Err(Broken::new(name.span, format!("unknown kind `{kind}` (allowed: {})", KINDS.join(", "))))
            }
        }
    })
}

/// Whether the rule is on unless a configuration says otherwise.
fn switch(rule: &Node) -> Result<bool, Broken> {
    match rule.get("default").map(|node| (node.span, node.as_str())) {
        None | Some((_, Some("on"))) => Ok(true),
        Some((_, Some("off"))) => Ok(false),
        Some((span, _)) => Err(Broken::new(span, "`default` is `on` or `off`")),
    }
}
