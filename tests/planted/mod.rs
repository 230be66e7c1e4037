//! Secrets as a machine has them in its environment, and the search for them in whatever a run leaves behind.
#![allow(dead_code, reason = "each test uses some of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// An access token; its characters are written otherwise in an address.
pub const ACCESS: &str = "glpat-k7Qz/R4vX+w2Lm=9TnB~5sYd";
/// The token of a job.
pub const JOB: &str = "glcbt-64_Hq8ZpW3cVj1RxTk6NyUe";
/// The password of a proxy.
pub const PROXY: &str = "Jw5bXf2QmZt8KdVr3HsL";
/// What a registry, a deployment or another program of the job is given.
pub const OTHER: &str = "gldt-Gy4PnCx9WzBv7FqSk2TjMu";

/// The variables that hold them, as jobs and shells have them.
pub const VARIABLES: [(&str, &str); 13] = [
    ("PROCLINT_TOKEN", ACCESS),
    ("CI_JOB_TOKEN", JOB),
    (
        "CI_REPOSITORY_URL",
        "https://gitlab-ci-token:glcbt-64_Hq8ZpW3cVj1RxTk6NyUe@127.0.0.1/group/project.git",
    ),
    ("CI_REGISTRY_PASSWORD", OTHER),
    ("CI_DEPLOY_PASSWORD", OTHER),
    ("GITLAB_TOKEN", OTHER),
    ("GITLAB_PAT", OTHER),
    ("HTTP_PROXY", "http://anna:Jw5bXf2QmZt8KdVr3HsL@127.0.0.1:9"),
    ("HTTPS_PROXY", "http://anna:Jw5bXf2QmZt8KdVr3HsL@127.0.0.1:9"),
    ("ALL_PROXY", "http://anna:Jw5bXf2QmZt8KdVr3HsL@127.0.0.1:9"),
    ("NO_PROXY", "127.0.0.1"),
    // Whatever has a log shows all of it.
    ("RUST_LOG", "trace"),
    ("RUST_BACKTRACE", "full"),
];

/// How much of a secret may be seen before it counts as shown, in bytes.
const PART: usize = 8;

/// Every part of every secret, as it is, backwards, in addresses, in hexadecimal and in Base64.
static PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let mut parts = BTreeSet::new();
    for secret in [ACCESS, JOB, PROXY, OTHER] {
        let mut forms = vec![
            secret.to_owned(),
            secret.chars().rev().collect(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ];
        // What stands before it shifts the bits; the characters at the ends depend on their neighbours.
        for before in 0..3 {
            let encoded = STANDARD.encode(["x".repeat(before).as_str(), secret].concat());
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
        let of = |form: &String| form.as_bytes().windows(PART).map(<[u8]>::to_vec).collect::<Vec<_>>();
        parts.extend(forms.iter().flat_map(of));
    }
    AhoCorasick::new(parts).expect("words")
});

/// The part of a secret that `bytes` show, with what stands around it.
pub fn seen(bytes: &[u8]) -> Option<String> {
    let found = PARTS.find(bytes)?;
    let around = found.start().saturating_sub(80)..(found.end() + 80).min(bytes.len());
    Some(String::from_utf8_lossy(&bytes[around]).into_owned())
}

/// Nothing in `bytes`, which `what` names, shows a secret.
pub fn assert_unseen(what: &str, bytes: &[u8]) {
    if let Some(around) = seen(bytes) {
        panic!("{what} shows a secret: …{around}…");
    }
}

/// No file below `folder` shows a secret, nor does its name; git's own configuration is where one was put.
pub fn assert_unseen_below(what: &str, folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let named = format!("{what}: {}", path.display());
        assert_unseen(&named, path.as_os_str().as_encoded_bytes());
        if path.is_dir() && !path.is_symlink() {
            files += assert_unseen_below(what, &path);
        } else if path.is_file() && !path.ends_with(".git/config") {
            assert_unseen(&named, &fs::read(&path).expect("a file"));
            files += 1;
        }
    }
    files
}

#[test]
fn a_secret_is_seen_in_every_form() {
    let hex: String = ACCESS.bytes().map(|byte| format!("{byte:02x}")).collect();
    let basic = STANDARD.encode(format!("anna:{PROXY}"));
    let escaped = utf8_percent_encode(ACCESS, NON_ALPHANUMERIC).to_string();
    for shown in [ACCESS, &ACCESS[..12], &JOB[9..], &hex, &basic, &escaped, "uMjT2kSqF7"] {
        assert!(seen(format!("a {shown} b").as_bytes()).is_some(), "{shown}");
    }
    assert_eq!(seen(b"glpat-, [token], PROCLINT_TOKEN"), None);
}
