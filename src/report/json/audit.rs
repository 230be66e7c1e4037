//! The JSON document of an audit, or of one of its shards.

use std::io::{self, Write};

use serde::Serialize;

use crate::audit::{Digest, Frame, Seen, Table};
use crate::finding::Part;

#[derive(Serialize)]
struct Document<'a> {
    tool: Tool,
    #[serde(flatten)]
    digest: &'a Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Share<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    command: &'static str,
}

#[derive(Serialize)]
struct Share<'a> {
    index: usize,
    total: usize,
    input: &'a str,
    complete: bool,
    /// Subjects whose findings are not counted yet: another shard may have said one of them before.
    deferred: &'a [Seen],
    /// What the page of the whole audit tells beside its sum.
    frame: &'a Frame,
    table: &'a Table,
}

/// Writes `digest` as JSON; that of a shard, which `part` tells of, also says what `merge` needs.
///
/// # Errors
/// Only those of `out`.
pub fn write_digest_document(digest: &Digest, part: Option<&Part>, out: &mut dyn Write) -> io::Result<()> {
    let none = Table::default();
    let shard = part.map(|part| Share {
        index: part.shard.index(),
        total: part.shard.total(),
        input: &part.input,
        complete: part.complete,
        deferred: digest.deferred(),
        frame: &digest.frame,
        table: digest.table().unwrap_or(&none),
    });
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), command: "audit" };
    serde_json::to_writer_pretty(&mut *out, &Document { tool, digest, shard })?;
    writeln!(out)
}
