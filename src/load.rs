//! Reads what is linted: files, API records, commit messages, the environment of a pipeline.
//!
//! Everything that can be read becomes a [`Subject`](crate::subject::Subject), everything that cannot a
//! [`NotChecked`](crate::finding::NotChecked) or, where the run makes no sense without it, a [`LoadError`].

mod blame;
mod canonical;
mod catalogue;
mod changed;
mod ci;
mod commit;
mod complete;
mod diff;
mod error;
mod export;
mod facts;
mod fields;
mod files;
mod git;
pub mod gitlab;
mod gitpath;
pub mod harvest;
mod header;
mod identity;
mod json;
mod kind;
mod links;
mod name;
mod packed;
mod pipeline;
mod read;
mod record;
mod roots;
mod stock;
mod titles;
mod unified;

pub use blame::Blame;
pub use catalogue::{Catalogue, Listed};
pub use changed::each_changed;
pub use ci::{from_ci, variables};
pub use commit::commit_subject;
pub use complete::complete_diffs;
pub use error::LoadError;
pub use export::{export_files, export_list};
pub use facts::{is_below, list_facts, names_below, project_path, read_below, read_facts};
pub use files::{
    FileInput, MAX_BYTES, Reads, WalkOptions, WalkSummary, each_file, file_subject, repository_root,
};
pub use git::{ChangedFile, Changes, Content, GitError, Stretch, Tree, messages, patch};
pub use kind::{KindMap, format_of, kind_of};
pub use name::name_of;
pub use packed::{each_packed, is_packed};
pub use pipeline::{Event, Pipeline, Request};
pub use read::{open_found, read_found, read_given, read_small, read_text};
pub use record::{Chunk, RecordChunk, RecordKind, each_chunk, each_record, record_subject};
pub use stock::read_items;
pub use titles::{Title, read_titles};
