//! The values that options take, and how they are read.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use proclint::finding::Shard;
use proclint::report::Format;

/// Output formats for the sentences of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CoverageFormat {
    /// For people
    Human,
    /// JSON
    Json,
    /// One page that needs no network
    Html,
}

/// Which part of the input is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardArg {
    /// As the variables of a pipeline's job say.
    Env,
    /// This one.
    Given(Shard),
}

/// One of the report's formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatArg(pub Format);

impl ValueEnum for FormatArg {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<FormatArg>> =
            LazyLock::new(|| Format::ALL.into_iter().map(FormatArg).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.about()))
    }
}

/// Output formats for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// JSON
    Json,
}

/// The lowest severity that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Info,
    /// Nothing
    Never,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The URL becomes a word of a shell command in a YAML file. One that holds a secret is not refused here, where it would
/// be shown.
pub(super) fn parse_source(argument: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@%+".contains(c);
    let is_word = argument.starts_with(|c: char| c.is_ascii_alphanumeric()) && argument.chars().all(plain);
    (is_word || holds_secret(argument))
        .then(|| argument.to_owned())
        .ok_or_else(|| "expected a URL of letters, digits and -._~:/@%+".to_owned())
}

/// Whether the user of a URL is more than the name that SSH wants.
pub fn holds_secret(source: &str) -> bool {
    let Some((scheme, rest)) = source.split_once("://") else { return false };
    rest.rsplit_once('@').is_some_and(|(user, _)| scheme.starts_with("http") || user.contains(':'))
}

/// An address loses its query and what stands behind it: they choose nothing, and may hold a token.
pub(super) fn parse_place(argument: &str) -> Result<String, Infallible> {
    let is_address = argument.starts_with("https://") || argument.starts_with("http://");
    let plain = argument.split(['?', '#']).next().filter(|_| is_address);
    Ok(plain.unwrap_or(argument).to_owned())
}

/// `I/N`, or `env`.
pub(super) fn parse_shard(argument: &str) -> Result<ShardArg, String> {
    if argument == "env" {
        return Ok(ShardArg::Env);
    }
    let most = Shard::MOST;
    let shard = Shard::parse(argument).map(ShardArg::Given);
    shard.ok_or_else(|| format!("expected I/N with I from 1 to N and N up to {most}, as in 2/4, or env"))
}

/// A format and the file it is written to.
pub(super) fn parse_report<F: ValueEnum>(argument: &str) -> Result<(F, PathBuf), String> {
    let (format, path) = argument.split_once('=').ok_or("expected FORMAT=PATH, as in json=report.json")?;
    let format = F::from_str(format, false).map_err(|_| {
        let names: Vec<_> = F::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
        let names: Vec<_> = names.iter().map(|name| name.get_name()).collect();
        format!("`{format}` is no format; there are {}", names.join(", "))
    })?;
    if path.is_empty() {
        return Err("the path after `=` is empty".to_owned());
    }
    Ok((format, PathBuf::from(path)))
}
