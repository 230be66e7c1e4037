//! Why a run could not check; each variant names whose mistake it is and what to do.

use std::io;

use miette::Diagnostic;
use proclint::apply::ApplyError;
use proclint::baseline::BaselineError;
use proclint::load::LoadError;
use proclint::load::gitlab::GitlabError;
use proclint::load::harvest::HarvestError;
use proclint::merge::MergeError;
use proclint::report::count;
use proclint::rule::RuleError;
use proclint::rule::lock::LockError;
use thiserror::Error;

/// A run that could not check anything, or not say what it found.
#[derive(Debug, Error, Diagnostic)]
pub enum Fault {
    /// The input cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    /// A rule, the configuration or the selection is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rule(#[from] RuleError),
    /// No file of a known kind was found, and no record given.
    #[error("there is nothing to check")]
    #[diagnostic(
        code(proclint::nothing_to_check),
        help(
            "name files or folders that hold Markdown, templates, release posts or data files, or give a record with `--merge-request` or `--issues`"
        )
    )]
    NothingToCheck,
    /// The time of `--timeout` was used up before the source was read to its end.
    #[error("{reason} before the end was reached: what is told is of what was read before")]
    #[diagnostic(
        code(proclint::timeout),
        help("give more seconds with `--timeout`, or check a part of the input")
    )]
    TimeIsUp {
        /// How long it had.
        reason: String,
    },
    /// `--today` is no day.
    #[error("`{value}` is no day")]
    #[diagnostic(code(proclint::today), help("write it as YYYY-MM-DD, as in `--today 2026-03-15`"))]
    Today {
        /// The value given.
        value: String,
    },
    /// Two inputs want standard input.
    #[error("standard input can be read once only")]
    #[diagnostic(code(proclint::stdin), help("give `-` to one option, and a file to the others"))]
    Stdin,
    /// `--stdin-filename` names a file of no kind.
    #[error("`{name}` is not a kind of file proclint knows")]
    #[diagnostic(
        code(proclint::kind),
        help("give a name such as page.md, or map it under `kinds` in .proclint.yml")
    )]
    UnknownKind {
        /// The name given.
        name: String,
    },
    /// Several records are meant.
    #[error("several records are meant: {names}")]
    #[diagnostic(code(proclint::subject), help("name one of them after the rule, as in `#12`"))]
    ManySubjects {
        /// The first of their names.
        names: String,
    },
    /// No record is meant.
    #[error("there is no such record as `{name}`{reason}")]
    #[diagnostic(
        code(proclint::subject),
        help("name a record of the file by its number, as in `#12`, or by all of its name")
    )]
    NoSubject {
        /// The name given.
        name: String,
        /// What else stands there, after a colon.
        reason: String,
    },
    /// A folder of rules cannot be read or is empty.
    #[error("the rules in {path} cannot be read: {reason}")]
    #[diagnostic(code(proclint::rule_folder), help("name a folder that holds rule files, `*.yml`"))]
    RuleFolder {
        /// The folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// A folder of rules holds a link to somewhere else.
    #[error("{path} is a symbolic link that leads out of its folder of rules, or nowhere")]
    #[diagnostic(
        code(proclint::rule_link),
        help("put the rule itself into the folder, or name the folder it lies in with `--rules`")
    )]
    RuleLink {
        /// The link.
        path: String,
    },
    /// The rules are not those that were locked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
    /// There are no rules of one's own.
    #[error("there are no rule files to lock")]
    #[diagnostic(
        code(proclint::lock::nothing),
        help("name their folder under `rule-folders` in .proclint.yml, or with `--rules`")
    )]
    NothingToLock,
    /// No page that a rule cites is among what was given.
    #[error("no rule cites a page of {path}")]
    #[diagnostic(
        code(proclint::no_citation),
        help("name the folder that holds the handbook's pages, or a page that `from` of a rule leads to")
    )]
    NoCitation {
        /// What was given.
        path: String,
    },
    /// The file named with `--config` cannot be read.
    #[error("the configuration {path} cannot be read")]
    #[diagnostic(code(proclint::config_file), help("check the path given with `--config`"))]
    ConfigFile {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is read because of its name cannot be read.
    #[error("{path} cannot be read")]
    #[diagnostic(
        code(proclint::found_file),
        help(
            "it is read because it lies at the root of the repository under this name: put a text file or a link to one there, or remove it"
        )
    )]
    FoundFile {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// `--unsafe-fixes` alone asks for nothing.
    #[error("`--unsafe-fixes` does nothing alone")]
    #[diagnostic(
        code(proclint::unsafe_fixes),
        help("add `--fix` to make the fixes, or `--diff` to see them")
    )]
    UnsafeFixes,
    /// Fixes could not be written; the other files were.
    #[error("{} could not be fixed: {}", count(files.len(), "file"), files.join("; "))]
    #[diagnostic(
        code(proclint::unfixed),
        help("the files are as they were, all others were fixed; mend what stands in the way and run again")
    )]
    Unfixed {
        /// Each file, and why.
        files: Vec<String>,
    },
    /// The baseline cannot be read.
    #[error("the baseline {path} cannot be read")]
    #[diagnostic(
        code(proclint::baseline_file),
        help(
            "check the path given with `--baseline`; `proclint baseline update --baseline {path}` writes a first one"
        )
    )]
    BaselineFile {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The baseline holds something else.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Baseline(#[from] BaselineError),
    /// Somebody else wrote the baseline meanwhile.
    #[error("the baseline {path} was written by somebody else meanwhile")]
    #[diagnostic(code(proclint::baseline_overtaken), help("run `proclint baseline update` again"))]
    Overtaken {
        /// The file.
        path: String,
    },
    /// The variables of a job do not say which shard it is.
    #[error("CI_NODE_INDEX is {index} and CI_NODE_TOTAL is {total}: that is no shard")]
    #[diagnostic(
        code(proclint::shard),
        help("use `--shard env` in a job with `parallel: N`, or write the shard out: `--shard 2/4`")
    )]
    Shard {
        /// `CI_NODE_INDEX`, in words.
        index: String,
        /// `CI_NODE_TOTAL`, in words.
        total: String,
    },
    /// The report of a shard cannot be read.
    #[error("the report {path} cannot be read")]
    #[diagnostic(
        code(proclint::shard_file),
        help(
            "name the files that `proclint check --shard I/N --report json=FILE` or `proclint audit SOURCE --shard I/N --format json` wrote; a job needs them as artifacts of the jobs before it"
        )
    )]
    ShardFile {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The reports of shards do not add up to one run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Merge(#[from] MergeError),
    /// The merged digest of an audit is asked for in a format of findings.
    #[error("these are shards of an audit, which `merge` writes as human, json or markdown only")]
    #[diagnostic(
        code(proclint::audit_format),
        help("every finding is in what `proclint audit SOURCE --shard I/N --format ndjson` writes")
    )]
    AuditFormat,
    /// A plan is asked for of a part of the records.
    #[error("a plan is of all records of a source, and a shard has a part of them")]
    #[diagnostic(
        code(proclint::plan_of_shard),
        help("leave `--shard` out: one run writes the plan, and keeps as little in memory as a shard does")
    )]
    PlanOfShard,
    /// A plan is not posted.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Apply(#[from] ApplyError),
    /// Markdown, a spreadsheet or a page of what was posted is asked for.
    #[error("what `--apply` does is not told as Markdown, CSV or HTML")]
    #[diagnostic(code(proclint::apply::format), help("leave `--format` out, or use `--format json`"))]
    ApplyFormat,
    /// The page of an audit, or its history, is asked for of shards that checked.
    #[error("these are shards of a check, which has no page and no history")]
    #[diagnostic(
        code(proclint::check_page),
        help(
            "leave `--page` and `--history` out, or name what `proclint audit SOURCE --shard I/N --format json` wrote"
        )
    )]
    CheckPage,
    /// The history of audits cannot be read.
    #[error("the history {path} cannot be read")]
    #[diagnostic(
        code(proclint::history_file),
        help("check the path given with `--history`; a file that is not there yet is begun")
    )]
    HistoryFile {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file given as a history holds something else.
    #[error("no line of {path} is an audit")]
    #[diagnostic(
        code(proclint::history_file),
        help("name with `--history` a file that proclint wrote, or one that is not there yet")
    )]
    HistoryForeign {
        /// The file.
        path: String,
    },
    /// The server cannot be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gitlab(#[from] GitlabError),
    /// A reading of GitLab ended early, or cannot be kept.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Harvest(#[from] HarvestError),
    /// What is no file here may be a project, and no server is known that would have it.
    #[error(
        "`{source_is}` is no file here, and no GitLab server is known that may have a project or group called so"
    )]
    #[diagnostic(
        code(proclint::no_server),
        help(
            "check the path; for a project, set CI_API_V4_URL, as in `https://gitlab.example.com/api/v4`, or give the address of its page"
        )
    )]
    NoServer {
        /// What was given.
        source_is: String,
    },
    /// The server has no such project or group.
    #[error("`{source_is}` is no file here, and {host} has no {tried} called so {holder}")]
    #[diagnostic(code(proclint::no_source), help("{remedy}"))]
    NoSource {
        /// What was given.
        source_is: String,
        /// The server.
        host: String,
        /// `project or group`, or `group`.
        tried: &'static str,
        /// With which rights was looked.
        holder: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// An option for a server, and a source that is here.
    #[error("`{option}` is for a project or group of a GitLab server, and `{source_is}` is none")]
    #[diagnostic(
        code(proclint::online_option),
        help(
            "leave the option out; where something here has the name of the project, give the address of its page"
        )
    )]
    OnlineOption {
        /// The option.
        option: &'static str,
        /// What was given.
        source_is: String,
    },
    /// The URL that pipelines get proclint from has a user in it, as where a token goes.
    #[error("the URL given with `--source` has a user or a password in it, and would be written into files")]
    #[diagnostic(
        code(proclint::source_secret),
        help("leave out what stands before the `@`; git asks its credential helper, a job uses a variable")
    )]
    SourceSecret,
    /// A report cannot be written.
    #[error("{path} cannot be written")]
    #[diagnostic(code(proclint::report), help("check that the folder exists and can be written"))]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}
