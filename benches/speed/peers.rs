//! The tools that are compared, those that are there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::PROCLINT;
use crate::floor;
use crate::inputs::Input;

/// A tool.
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    program: PathBuf,
    before: Vec<String>,
    /// What stands for "everything here"; the others take a folder.
    all: &'static str,
    /// Whether it reads Markdown only, so that a record is nothing for it.
    pages_only: bool,
}

/// The name of the reference.
pub const REFERENCE: &str = "ripgrep (R)";
/// The name of the floor.
pub const FLOOR: &str = "floor";

/// Name, program, arguments before the file or folder, and what stands for the folder.
const PEERS: [(&str, &str, &[&str], &str); 11] = [
    ("typos", "typos", &["--isolated"], "."),
    ("mado", "mado", &["check"], "."),
    ("rumdl", "rumdl", &["check", "--no-cache", "--isolated"], "."),
    ("rumdl, warm cache", "rumdl", &["check", "--isolated"], "."),
    ("vale", "vale", &["--no-exit", "--output=line"], "."),
    ("markdownlint-cli2", "markdownlint-cli2", &[], "**/*.md"),
    ("textlint", "textlint", &["--rule", "no-todo"], "."),
    ("remark", "remark", &["--quiet", "--no-stdout"], "."),
    ("proselint", "proselint", &["check"], "."),
    ("commitlint", "commitlint", &["--edit"], ""),
    ("danger", "danger", &["local"], ""),
];

impl Tool {
    /// The command that runs it on `input`; `None` where that makes no sense.
    pub fn command(&self, input: &Input) -> Option<Vec<String>> {
        let record = input.file.as_deref().filter(|file| file.ends_with(".json"));
        if (record.is_some() && self.pages_only) || (self.all.is_empty() && input.name != "template") {
            return None;
        }
        let mut command = vec![self.program.display().to_string()];
        command.extend(self.before.iter().cloned());
        if record.is_some() && self.name == "proclint" {
            command.push("--merge-request".to_owned());
        }
        command.push(input.file.clone().unwrap_or_else(|| self.all.to_owned()));
        Some(command)
    }

    /// What it calls itself, with its version.
    pub fn version(&self) -> String {
        let output = Command::new(&self.program).arg("--version").output();
        let text =
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim().to_owned()
    }
}

/// proclint, the floor, and what is on PATH or in `extra`; `pattern` is the file with ripgrep's pattern.
pub fn present(extra: &Path, pattern: &Path) -> Vec<Tool> {
    std::fs::write(pattern, floor::pattern()).expect("written");
    let own = std::env::current_exe().expect("this program");
    let style = vale_style(&pattern.with_file_name("vale"));
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let tool = |name, program, before, all, pages_only| Tool { name, program, before, all, pages_only };
    let mut tools = vec![
        tool("proclint", PathBuf::from(PROCLINT), words(&["check", "--jobs", "2"]), ".", false),
        tool(FLOOR, own, words(&["floor"]), ".", true),
    ];
    let Some(rg) = find("rg", extra) else {
        println!("not compared with ripgrep: `rg` is not there; `--install-peers` installs it");
        return with_peers(tools, extra, &style);
    };
    let mut before = words(&["-c", "--no-unicode", "-j", "2", "-f"]);
    before.push(pattern.display().to_string());
    tools.push(tool(REFERENCE, rg, before, ".", false));
    with_peers(tools, extra, &style)
}

fn with_peers(mut tools: Vec<Tool>, extra: &Path, style: &Path) -> Vec<Tool> {
    let mut missing = Vec::new();
    for (name, program, before, all) in PEERS {
        match find(program, extra) {
            Some(program) => {
                let mut before: Vec<_> = before.iter().map(|&word| word.to_owned()).collect();
                match name {
                    "vale" => before.push(format!("--config={}", style.display())),
                    "remark" => {
                        before.extend(remark_preset(&program).map(|preset| format!("--use={preset}")))
                    }
                    _ => {}
                }
                tools.push(Tool { name, program, before, all, pages_only: true });
            }
            None => missing.push(name),
        }
    }
    if !missing.is_empty() {
        println!("not compared, because not there: {}\n", missing.join(", "));
    }
    tools
}

/// Writes a style for Vale that looks for what ripgrep looks for, and returns its configuration.
fn vale_style(folder: &Path) -> PathBuf {
    let rules = folder.join("styles/Process");
    std::fs::create_dir_all(&rules).expect("a folder");
    let rule = format!(
        "extends: existence\nmessage: \"Say what '%s' is about.\"\nlevel: warning\nraw:\n  - '{}'\n",
        floor::pattern()
    );
    std::fs::write(rules.join("Words.yml"), rule).expect("written");
    let config = folder.join("vale.ini");
    let text = "StylesPath = styles\nMinAlertLevel = suggestion\n\n[*.md]\nBasedOnStyles = Process\n";
    std::fs::write(&config, text).expect("written");
    config
}

/// The rules beside remark, by their path: it looks for a name in the folder that it checks, and there they are not.
fn remark_preset(program: &Path) -> Option<String> {
    let program = program.canonicalize().ok()?;
    let modules = program.ancestors().find(|folder| folder.ends_with("node_modules"))?;
    let preset = modules.join("remark-preset-lint-recommended/index.js");
    preset.is_file().then(|| preset.display().to_string())
}

fn find(program: &str, extra: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(extra.to_owned()).chain(std::env::split_paths(&path).collect::<Vec<_>>());
    folders.map(|folder| folder.join(program)).find(|program| program.is_file())
}
