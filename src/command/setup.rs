//! Configuration, rules and shared facts, read before anything is checked.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use proclint::config::Config;
use proclint::load::{
    KindMap, LoadError, list_facts, project_path, read_facts, read_given, read_small, repository_root,
};
use proclint::rule::set::{ConfigText, OwnFile, Selection};
use proclint::rule::{RuleError, RuleSet};
use proclint::world::{FACT_PATHS, TEMPLATE_FOLDER, World};
use proclint::yaml::{DecodeError, Spanned};

use super::{Fault, lock};
use crate::args::RuleArgs;

/// The name of the configuration file at the root of a repository.
pub const CONFIG_FILE: &str = ".proclint.yml";

/// The folder below a folder of rules that holds no rules but judgements about sentences.
pub const JUDGED: &str = "judged";

/// What a run stands on.
pub struct Setup {
    /// The root of the repository; names are relative to it.
    pub root: PathBuf,
    /// The configuration.
    pub config: Config,
    /// The rules that are switched on.
    pub rules: RuleSet,
    /// The user's own rule files.
    pub own: Vec<OwnFile>,
    /// The text of the configuration.
    pub text: ConfigText,
}

impl Setup {
    /// Which kind a file is, by the table and the configuration.
    ///
    /// # Errors
    /// On a glob of the configuration that cannot be read.
    pub fn kinds(&self) -> Result<KindMap, LoadError> {
        KindMap::new(self.config.kinds.iter().map(|of| (of.glob.value.as_str(), of.kind)))
    }

    /// The globs of what is left out.
    pub fn exclude(&self) -> impl Iterator<Item = String> {
        self.config.exclude.iter().map(|glob| glob.value.clone())
    }
}

/// Reads configuration and rules as `args` say.
///
/// # Errors
/// On the first mistake in a file or in the arguments.
pub fn setup(args: &RuleArgs, paths: &[PathBuf]) -> Result<Setup, Fault> {
    with(args, paths, None)
}

/// Reads configuration and rules as `args` say, of which only rule `id` of `file` is switched on; it stands in the
/// place of one that has its name.
///
/// # Errors
/// On the first mistake in a file or in the arguments.
pub fn trying(args: &RuleArgs, id: &str, file: OwnFile) -> Result<Setup, Fault> {
    let args = RuleArgs {
        select: vec![id.to_owned()],
        folders: args.folders.clone(),
        config: args.config.clone(),
        ..RuleArgs::default()
    };
    with(&args, &[], Some((id, file)))
}

fn with(args: &RuleArgs, paths: &[PathBuf], tried: Option<(&str, OwnFile)>) -> Result<Setup, Fault> {
    let root = root(paths);
    let (config, text, folder) = config(args.config.as_deref(), &root)?;
    let lock = lock::read(&root)?;
    let mut own = Vec::new();
    for below in &config.rule_folders {
        let folder = configured(&root, &folder, below, &text)?;
        let files = own_rules(&folder).map_err(|fault| {
            let error = DecodeError::new(below.span, fault.to_string());
            RuleError::config(&text.path, &text.text, error)
        })?;
        lock::verify(lock.as_ref(), &root, &folder, &files, true)?;
        own.extend(files);
    }
    for folder in &args.folders {
        let files = own_rules(folder)?;
        lock::verify(lock.as_ref(), &root, folder, &files, false)?;
        own.extend(files);
    }
    if let Some((id, file)) = tried {
        own.retain(|own: &OwnFile| Path::new(&own.path).file_stem().is_none_or(|stem| stem != id));
        own.push(file);
    }
    assembled(root, config, &text, own, args)
}

/// The root of the repository, and the folders of rules that its configuration and `args` name.
///
/// # Errors
/// Where the configuration is wrong.
pub fn folders_of(args: &RuleArgs) -> Result<(PathBuf, Vec<PathBuf>), Fault> {
    let root = root(&[]);
    let (config, text, folder) = config(args.config.as_deref(), &root)?;
    let below = config.rule_folders.iter().map(|below| configured(&root, &folder, below, &text));
    let mut folders = below.collect::<Result<Vec<_>, _>>()?;
    folders.extend(args.folders.iter().cloned());
    Ok((root, folders))
}

/// The folders of rules that the configuration names, and `given`, each once.
///
/// # Errors
/// Where the configuration is wrong.
pub fn with_configured(given: &[PathBuf]) -> Result<Vec<PathBuf>, Fault> {
    let (_, folders) = folders_of(&RuleArgs { folders: given.to_vec(), ..RuleArgs::default() })?;
    let mut known = HashSet::new();
    let is_first = |folder: &PathBuf| known.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone()));
    Ok(folders.into_iter().filter(is_first).collect())
}

/// The folder `below` that the configuration in `folder` names; neither its steps nor a link may lead out of the
/// repository, or of the configuration's own folder.
fn configured(
    root: &Path,
    folder: &Path,
    below: &Spanned<String>,
    text: &ConfigText,
) -> Result<PathBuf, RuleError> {
    let named = folder.join(&below.value);
    let above = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let lies_in = |base: &Path| match (named.canonicalize(), base.canonicalize()) {
        (Ok(named), Ok(base)) => named.starts_with(base),
        // That it is not there is told where it is read.
        _ => true,
    };
    if lies_in(root) || lies_in(above) {
        return Ok(named);
    }
    let help = "name a folder of this repository, from the configuration's own".to_owned();
    let error = DecodeError::new(below.span, "the folder lies outside of the repository");
    Err(RuleError::config(&text.path, &text.text, error.with_help(Some(help))))
}

/// What a run stands on, of parts that were read already.
///
/// # Errors
/// Where a rule, the configuration or the selection is wrong.
pub fn assembled(
    root: PathBuf,
    config: Config,
    text: &ConfigText,
    own: Vec<OwnFile>,
    args: &RuleArgs,
) -> Result<Setup, Fault> {
    let selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
    let rules = RuleSet::new(&own, config.clone(), text, &selection)?;
    Ok(Setup { root, config, rules, own, text: text.clone() })
}

/// The repository of what is linted: the one you stand in, unless the first path lies outside of it.
fn root(paths: &[PathBuf]) -> PathBuf {
    let cwd = std::env::current_dir().unwrap_or_default();
    let here = repository_root(&cwd);
    let elsewhere = || {
        let path = paths.first()?.canonicalize().ok()?;
        if path.starts_with(here.canonicalize().ok()?) {
            return None;
        }
        let folder = if path.is_dir() { path.as_path() } else { path.parent()? };
        let there = repository_root(folder);
        // A lone file tells nothing about the folder its name should count from.
        (path.is_dir() || there.join(".git").exists()).then_some(there)
    };
    elsewhere().unwrap_or(here)
}

fn config(named: Option<&Path>, root: &Path) -> Result<(Config, ConfigText, PathBuf), Fault> {
    let path = named.map_or_else(|| root.join(CONFIG_FILE), Path::to_path_buf);
    let shown = named.map_or_else(|| CONFIG_FILE.to_owned(), |path| path.display().to_string());
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let text = match named.map_or_else(|| read_small(&path), read_given) {
        Ok(text) => text,
        Err(source) if named.is_some() => return Err(Fault::ConfigFile { path: shown, source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Fault::FoundFile { path: shown, source }),
    };
    let config = Config::read(&text).map_err(|error| RuleError::config(&shown, &text, error))?;
    Ok((config, ConfigText { path: shown, text }, folder))
}

/// Every `*.yml` below `folder`, sorted by path. A symbolic link is not followed: what it leads to in the folder is read
/// where it lies.
///
/// # Errors
/// Where the folder cannot be read, holds no rule, or a link leads out of it.
pub fn own_rules(folder: &Path) -> Result<Vec<OwnFile>, Fault> {
    let fault = |reason: String| Fault::RuleFolder { path: folder.display().to_string(), reason };
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).map_err(|error| fault(error.to_string()))? {
            let entry = entry.map_err(|error| fault(error.to_string()))?;
            let kind = entry.file_type().map_err(|error| fault(error.to_string()))?;
            let path = entry.path();
            if kind.is_symlink() {
                stays(folder, &path)?;
            } else if kind.is_dir() {
                if path != folder.join(JUDGED) {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                let text =
                    read_small(&path).map_err(|error| fault(format!("{}: {error}", path.display())))?;
                files.push(OwnFile { path: path.display().to_string(), text });
            }
        }
    }
    if files.is_empty() {
        return Err(fault("there is no rule file in it".to_owned()));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Refuses the link at `link` where it leads out of `folder`, or nowhere.
///
/// # Errors
/// Where it does.
pub fn stays(folder: &Path, link: &Path) -> Result<(), Fault> {
    let leads_in = match (link.canonicalize(), folder.canonicalize()) {
        (Ok(target), Ok(folder)) => target.starts_with(folder),
        _ => false,
    };
    if leads_in { Ok(()) } else { Err(Fault::RuleLink { path: link.display().to_string() }) }
}

/// Whether the file at `path` is one of the rules of `folder`, both from the root of the repository.
pub fn is_rule_file(folder: &str, path: &str) -> bool {
    let judged = if folder.is_empty() { format!("{JUDGED}/") } else { format!("{folder}/{JUDGED}/") };
    (path.ends_with(".yml") || path.ends_with(".yaml")) && !path.starts_with(&judged)
}

/// The shared facts of a run.
pub fn world(setup: &Setup, today: Date) -> World {
    let mut world = World::on(today);
    world.project =
        setup.config.project.clone().or_else(|| project_path(&setup.root, &|name| std::env::var(name).ok()));
    world.files = read_facts(&setup.root, &FACT_PATHS);
    world.templates = list_facts(&setup.root, TEMPLATE_FOLDER);
    world.root = Some(setup.root.clone());
    world.labels.extend(setup.config.labels.iter().cloned());
    world.users.extend(setup.config.users.iter().cloned());
    world.hosts.extend(setup.config.gitlab_hosts.iter().cloned());
    world
}

/// The day that counts as today: as given, else the system's date in UTC.
///
/// # Errors
/// Where `given` is no day.
pub fn today(given: Option<&str>) -> Result<Date, Fault> {
    match given {
        Some(value) => {
            let shaped = value.len() == 10;
            let day = value.parse().ok().filter(|_| shaped);
            day.ok_or_else(|| Fault::Today { value: value.to_owned() })
        }
        None => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
    }
}
