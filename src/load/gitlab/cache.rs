//! Answers kept on disk with their `ETag`, so that what did not change is not sent again.
//!
//! A kept answer is used only after the server, asked with the present token, said that it is still the answer.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::load::read_found;

/// A kept answer.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Known {
    address: String,
    pub(super) etag: String,
    pub(super) link: Option<String>,
    #[serde(with = "text")]
    pub(super) body: Vec<u8>,
}

/// A folder of kept answers. Whatever goes wrong with it costs a transfer, never a result.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn find(&self, address: &str) -> Option<Known> {
        let known: Known = serde_json::from_slice(&read_found(&self.file(address)).ok()?).ok()?;
        (known.address == address).then_some(known)
    }

    pub(super) fn keep(&self, address: &str, etag: &str, link: Option<&str>, body: &[u8]) {
        let known = Known {
            address: address.to_owned(),
            etag: etag.to_owned(),
            link: link.map(str::to_owned),
            body: body.to_vec(),
        };
        // A run that is stopped half-way must not leave half an answer.
        let partial = self.file(address).with_extension(std::process::id().to_string());
        let written = serde_json::to_vec(&known).ok().is_some_and(|text| {
            private_folder(&self.folder).is_ok() && write_private(&partial, &text).is_ok()
        });
        if !written || fs::rename(&partial, self.file(address)).is_err() {
            let _ = fs::remove_file(&partial);
        }
    }

    fn file(&self, address: &str) -> PathBuf {
        let digest = Sha256::digest(address.as_bytes());
        let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(name + ".json")
    }
}

/// Confidential issues are kept, too: nobody else may read the folder.
fn private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &std::path::Path, text: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text)
}

/// A body as text: only JSON is kept, which is UTF-8.
mod text {
    use serde::{Deserialize, Deserializer, Serializer, ser::Error};

    pub(super) fn serialize<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(body).map_err(S::Error::custom)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(deserializer).map(String::into_bytes)
    }
}
