//! proclint checks merge requests, templates, issues and handbook pages against the process a handbook describes.
//!
//! The data goes one way: `load` reads subjects, `document` parses them, `check` finds, `engine` collects,
//! `report` renders. No layer asks an earlier one again.

pub mod diagnostic;
pub mod finding;
pub mod load;
pub mod subject;
pub mod text;
pub mod yaml;
