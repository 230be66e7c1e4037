//! proclint checks merge requests, templates, issues and handbook pages against the process a handbook describes.
//!
//! The data goes one way: `load` reads subjects, `document` parses them, `check` finds, `engine` collects,
//! `report` renders. No layer asks an earlier one again.

pub mod apply;
pub mod audit;
pub mod baseline;
pub mod check;
pub mod cond;
pub mod config;
pub mod coverage;
pub mod diagnostic;
pub mod document;
pub mod drift;
pub mod engine;
pub mod example;
pub mod finding;
pub mod fix;
pub mod globs;
pub mod hygiene;
pub mod load;
pub mod merge;
pub mod message;
pub mod only_new;
pub mod pattern;
pub mod policy;
pub mod publish;
pub mod remedy;
pub mod report;
pub mod rule;
pub mod save;
pub mod scan;
pub mod split;
pub mod subject;
pub mod text;
pub mod voice;
pub mod words;
pub mod world;
pub mod yaml;
