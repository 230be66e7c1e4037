//! A place where what a page shows can be run: a project in a pipeline's job, with a server, records and a handbook.

use std::fs;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::job::{BOT, Job, git};

const RULE: &str = "id: slides-wait\ntitle: Slides wait\nfrom: https://handbook.example/handbook/words/#slides\nheading: \
                    Slides\nquote: \"Slides wait until the page is written.\"\nsays: should\nseverity: warning\non: \
                    [page, issue]\nmessage: \"Write the page before `{hit}`\"\nhelp: \"Write the page.\"\ntext:\n  \
                    match: \"slides\"\n  literals: [slides]\nexamples:\n  - bad: \"The «slides» come first.\"\n  - good: \
                    \"The page comes first.\"\n";

/// What every page may name.
const FILES: [(&str, &str); 7] = [
    (".proclint.yml", "rule-folders: [.proclint/rules]\n"),
    ("rules/slides-wait.yml", RULE),
    (".gitlab/issue_templates/Bug.md", "## Steps\n\nSay what you did.\n"),
    ("docs/page.md", "# Page\n\nSee #21549.\n"),
    ("archive/page.md", "# Page\n"),
    ("product-processes.md", "# Processes\n\n## Limits\n\nYou must document each limit.\n"),
    ("CODEOWNERS", "* @anna\n"),
];

/// A shell in that project.
pub struct Place {
    job: Job,
    programs: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let own = RULE.replace("slides-wait", "own");
        let files = [&FILES[..], &[(".proclint/rules/own.yml", &own)]].concat();
        let job = Job::new(&files, &[("docs/page.md", "# Page\n\nSee #21549.\n\nSee #1001 too.\n")]);
        job.edit("description", json!("Raises the limit, see #1002."));
        let work = job.work();
        git(&work, &["fetch", "--quiet", "origin", "main:refs/remotes/origin/main"]);
        let record = |iid: u64| {
            let title = if iid < 3 { format!("17.{iid} Planning issue") } else { "Write slides".to_owned() };
            let text = format!("See #{}.", 21_500 + iid);
            json!({"id": 500 + iid, "iid": iid, "project_id": 7, "title": title, "description": text,
                "labels": ["workflow::in dev"], "state": "opened", "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2026-01-02T00:00:00.000Z", "milestone": null, "assignees": [], "confidential": false,
                "web_url": format!("https://gitlab.example.com/group/project/-/issues/{iid}"),
                "references": {"full": format!("group/project#{iid}")}})
        };
        let records: Vec<Value> = (1..=20).map(record).collect();
        let of = |text: &Value| format!("{text}\n");
        let place = Self { programs: work.with_file_name("programs"), job };
        place.write("issues.ndjson", &records.iter().map(of).collect::<String>());
        place.write(
            "mr.json",
            &json!({"iid": 7, "title": "Add it", "description": "See #21549."}).to_string(),
        );
        place.write(".git/COMMIT_EDITMSG", "Add it\n\nSee #21549.\n");
        place.write("../handbook/content/handbook/product/product-processes/_index.md", "# Processes\n");
        let mut state = place.job.fake.state();
        state.projects[0].issues = records.iter().map(crate::fake::Item::of).collect();
        state.projects[0].labels.push(json!({"name": "planning issue"}));
        state.projects[0].milestones = vec![json!({"id": 1, "title": "17.1", "state": "active"})];
        drop(state);
        place.program("proclint", &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_proclint")));
        // Nothing is built or fetched; what is to be run is the program that is there.
        place.program("cargo", &format!(
            "case \"$1\" in install | test) ;;\nrun) while [ \"$1\" != -- ]; do shift; done; shift; cd '{}'; exec \
             proclint \"$@\" ;;\n*) exit 64 ;; esac", env!("CARGO_MANIFEST_DIR")));
        place.program("curl", "exit 22");
        let saved = place.shell("proclint audit group/project --save saved --fail-on never", &[]);
        assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
        place
    }

    fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;

        let path = self.programs.join(name);
        fs::create_dir_all(&self.programs).expect("a folder");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.job.work().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Whether there is what `pattern` of a shell names.
    pub fn has(&self, pattern: &str) -> bool {
        self.shell(&format!("ls -d -- {pattern}"), &[]).status.success()
    }

    /// What a shell answers that stops at the first failure.
    pub fn shell(&self, text: &str, variables: &[(&str, &str)]) -> Output {
        let mut shell = self.job.command("sh");
        let path = std::env::var("PATH").expect("a path");
        shell.env("PATH", format!("{}:{path}", self.programs.display()));
        shell.env("PROCLINT_TOKEN", BOT).envs(variables.iter().copied()).stdin(Stdio::null());
        let named = ["sh", ".git/COMMIT_EDITMSG"];
        shell.args(["-euc", text]).args(named).output().expect("a shell")
    }
}
