//! How the source is laid out: imports go one way, files stay small and say what they are, and only the edges touch
//! the system.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the library; each imports only from those before it.
const ORDER: [&str; 38] = [
    "text",
    "yaml",
    "words",
    "subject",
    "diagnostic",
    "finding",
    "load",
    "save",
    "pattern",
    "globs",
    "message",
    "scan",
    "document",
    "remedy",
    "voice",
    "policy",
    "world",
    "hygiene",
    "cond",
    "check",
    "config",
    "rule",
    "engine",
    "split",
    "fix",
    "audit",
    "apply",
    "merge",
    "example",
    "drift",
    "coverage",
    "report",
    "publish",
    "baseline",
    "only_new",
    "args",
    "command",
    "main",
];

/// What the loader reads becomes subjects and gaps; it knows nothing of rules.
const LOADER: [&str; 5] = ["text", "yaml", "subject", "diagnostic", "finding"];

/// Modules that may read files, the environment and the clock.
const EDGES: [&str; 6] = ["load", "save", "args", "command", "main", "build"];

/// What touches the system.
const SYSTEM: [&str; 9] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "fs::read",
    "env::var",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).expect("below src");
                let first = below.iter().next().expect("a name").to_string_lossy();
                let module = first.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).expect("UTF-8");
                found.push(Source { path: below.to_owned(), module, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The part of a file before its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The modules a file names after `crate::` or, in the binary, `proclint::`.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let paths = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    paths
        .flat_map(|line| ["crate::", "proclint::"].into_iter().flat_map(|root| line.split(root).skip(1)))
        .map(|rest| rest.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).next().unwrap_or_default())
}

fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs")
}

#[test]
fn imports_go_one_way() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    for Source { path, module, text } in &sources() {
        if matches!(module.as_str(), "lib" | "build") {
            continue;
        }
        let here = place(module).unwrap_or_else(|| unreachable!("{module} has no place in the order"));
        for import in imports(code(text)) {
            let Some(there) = place(import) else { continue };
            assert!(there <= here, "{}: {module} imports {import}, which comes later", path.display());
            if module == "load" && import != "load" {
                assert!(LOADER.contains(&import), "{}: the loader imports {import}", path.display());
            }
        }
    }
}

#[test]
fn every_module_has_its_place() {
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("UTF-8");
    let modules: Vec<_> =
        root.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    for module in &modules {
        assert!(ORDER.contains(module), "{module} has no place in the order");
    }
    assert_eq!(modules.len() + ["args", "command", "main"].len(), ORDER.len());
}

#[test]
fn only_the_edges_touch_the_system() {
    for Source { path, module, text } in &sources() {
        if EDGES.contains(&module.as_str()) || is_test(path) {
            continue;
        }
        for system in SYSTEM {
            assert!(!code(text).contains(system), "{} uses {system}", path.display());
        }
    }
}

/// A token must not find its way out elsewhere.
#[test]
fn only_the_client_of_gitlab_uses_the_network() {
    for Source { path, text, .. } in &sources() {
        if path.starts_with("load/gitlab") || path.ends_with("load/gitlab.rs") {
            continue;
        }
        for network in ["ureq", "rustls", "std::net", "TcpStream"] {
            assert!(!code(text).contains(network), "{} uses {network}", path.display());
        }
    }
}

#[test]
fn every_file_is_small_and_says_what_it_is() {
    for Source { path, text, .. } in &sources() {
        assert!(text.starts_with("//! ") || is_test(path), "{} does not say what it is", path.display());
        let lines = text.lines().count();
        assert!(lines <= 400 || is_test(path), "{} has {lines} lines", path.display());
    }
}
