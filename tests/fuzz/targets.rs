//! What is fuzzed: each target takes bytes, makes of them what proclint reads, and says what must hold.
//!
//! `fuzz/` runs the targets with libFuzzer, `tests/fuzz.rs` with a stable toolchain over the saved corpus.

mod audits;
mod fixes;
mod given;
mod pages;
mod readers;
mod records;
mod reports;
mod saved;
mod settings;
pub mod spans;
mod texts;

pub use audits::audits;
pub use fixes::fixes;
pub use pages::pages;
pub use records::{diffs, records};
pub use reports::reports;
pub use saved::saved;
pub use settings::{config, rules};
pub use texts::{document, owners, waivers};

/// A property of all bytes; it panics where they break it.
pub type Target = fn(&[u8]);

/// Every target with its name.
pub const ALL: [(&str, Target); 12] = [
    ("audits", audits),
    ("config", config),
    ("diffs", diffs),
    ("document", document),
    ("fixes", fixes),
    ("owners", owners),
    ("pages", pages),
    ("records", records),
    ("reports", reports),
    ("rules", rules),
    ("saved", saved),
    ("waivers", waivers),
];
