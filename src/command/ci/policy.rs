//! What a merge request is judged by: configuration, rules and baseline, as one commit holds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proclint::config::Config;
use proclint::finding::NotChecked;
use proclint::load::{LoadError, Stretch, Tree, name_of, read_given};
use proclint::rule::RuleError;
use proclint::rule::lock::{LOCK_FILE, Lock};
use proclint::rule::set::{ConfigText, OwnFile};
use proclint::world::REQUEST_TEMPLATE_FOLDER;
use proclint::yaml::DecodeError;

use crate::args::PolicyArgs;
use crate::command::Fault;
use crate::command::baseline::List;
use crate::command::lock;
use crate::command::setup::{CONFIG_FILE, Setup, assembled, is_rule_file, own_rules};

/// Configuration, rules and baseline.
#[derive(Default)]
pub struct Policy {
    config: ConfigText,
    /// The checksums of its rules, where it has any.
    lock: Option<Lock>,
    /// Rules of the project's own.
    own: Vec<OwnFile>,
    baseline: Option<(String, String)>,
    /// The description templates of merge requests, paths and texts: what these say nobody is blamed for.
    pub templates: Option<Vec<(String, String)>>,
    /// Files of the repository that it was read from, with their texts.
    files: BTreeMap<String, String>,
    /// Files that the command line names and the commit does not have.
    absent: Vec<String>,
}

impl Policy {
    /// The policy of the target branch; the built-in one where there is no repository.
    ///
    /// # Errors
    /// Where it is broken or cannot be read.
    pub fn of_target(args: &PolicyArgs, root: &Path, stretch: Option<&Stretch>) -> Result<Self, Fault> {
        match stretch {
            Some(stretch) => Self::of_commit(args, root, &stretch.base),
            None => Ok(Self::default()),
        }
    }

    /// The policy as the commit `revision` holds it.
    ///
    /// # Errors
    /// Where it is broken or cannot be read.
    pub fn of_commit(args: &PolicyArgs, root: &Path, revision: &str) -> Result<Self, Fault> {
        let tree = Tree::at(root, revision).map_err(LoadError::Git)?;
        let mut policy = Self::default();
        let named = args.rules.config.as_deref();
        let config = named.map_or_else(|| CONFIG_FILE.to_owned(), |path| name_of(root, path));
        let text = policy.text(&tree, &config, named)?;
        let shown = format!("{config} at {}", tree.short());
        policy.config = ConfigText { path: shown, text: text.unwrap_or_default() };
        policy.lock = policy.text(&tree, LOCK_FILE, None)?.map(|text| Lock::read(&text)).transpose()?;
        policy.folders(&tree, &config)?;
        for folder in &args.rules.folders {
            policy.folder(&tree, root, folder)?;
        }
        if let Some(path) = &args.baseline {
            let name = name_of(root, path);
            policy.baseline = policy.text(&tree, &name, Some(path))?.map(|text| (name, text));
        }
        // One that is no text excuses nothing.
        let templates = tree.read_below(REQUEST_TEMPLATE_FOLDER, &|path| path.ends_with(".md"));
        policy.templates = Some(templates.unwrap_or_default());
        Ok(policy)
    }

    /// The baseline alone, as the work tree has it.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of_work_tree(args: &PolicyArgs, root: &Path) -> Result<Self, Fault> {
        let read = |path: &PathBuf| {
            let fault = |source| Fault::BaselineFile { path: path.display().to_string(), source };
            Ok::<_, Fault>((name_of(root, path), read_given(path).map_err(fault)?))
        };
        Ok(Self { baseline: args.baseline.as_ref().map(read).transpose()?, ..Self::default() })
    }

    /// What a run stands on under this policy.
    ///
    /// # Errors
    /// Where a rule or the configuration is wrong.
    pub fn setup(&self, args: &PolicyArgs, root: &Path) -> Result<Setup, Fault> {
        let config = Config::read(&self.config.text);
        let config = config.map_err(|error| self.wrong(error))?;
        assembled(root.to_owned(), config, &self.config, self.own.clone(), &args.rules)
    }

    /// The baseline's file.
    pub fn baseline(&self) -> Option<List> {
        self.baseline.clone().map(|(name, text)| List::of(name, text))
    }

    /// What the command line names and the target branch does not have yet.
    pub fn gaps(&self) -> impl Iterator<Item = NotChecked> + '_ {
        self.absent.iter().map(|name| NotChecked {
            subject: name.clone(),
            rule: None,
            reason: "the target branch does not have it yet, so it does not count; it will once it is merged"
                .to_owned(),
        })
    }

    /// What it was read from, for people.
    pub fn source(&self) -> &str {
        &self.config.path
    }

    /// Whether it is the built-in one.
    pub fn is_default(&self) -> bool {
        self.config.text.is_empty() && self.own.is_empty()
    }

    /// The files in which `other` differs, sorted.
    pub fn differs(&self, other: &Self) -> Vec<String> {
        let mut names: Vec<_> = self.files.keys().chain(other.files.keys()).collect();
        names.sort();
        names.dedup();
        names.into_iter().filter(|name| self.files.get(*name) != other.files.get(*name)).cloned().collect()
    }

    fn wrong(&self, error: DecodeError) -> RuleError {
        RuleError::config(&self.config.path, &self.config.text, error)
    }

    /// The text of the file `name`: of the commit where it lies in the repository, else as the job's image has it.
    fn text(&mut self, tree: &Tree, name: &str, named: Option<&Path>) -> Result<Option<String>, Fault> {
        if let Some(path) = named.filter(|_| is_outside(name)) {
            let read = read_given(path);
            let fault = |source| Fault::ConfigFile { path: path.display().to_string(), source };
            return read.map(Some).map_err(fault);
        }
        let text = tree.read(name).map_err(LoadError::Git)?;
        match &text {
            Some(text) => drop(self.files.insert(name.to_owned(), text.clone())),
            None if named.is_some() => self.absent.push(name.to_owned()),
            None => {}
        }
        Ok(text)
    }

    /// Reads the folders that the configuration at `path` names.
    fn folders(&mut self, tree: &Tree, path: &str) -> Result<(), Fault> {
        let config = Config::read(&self.config.text).map_err(|error| self.wrong(error))?;
        let above = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for folder in &config.rule_folders {
            let wrong = |message: &str| {
                let help = Some("name a folder of this repository, from the configuration's own".to_owned());
                self.wrong(DecodeError::new(folder.span, message).with_help(help))
            };
            let name = inside(above, &folder.value);
            let name = name.ok_or_else(|| wrong("the folder lies outside of the repository"))?;
            let files = rules(tree, &name)?;
            if files.is_empty() {
                return Err(wrong("there is no rule file in it").into());
            }
            self.verify(&name, &files, true)?;
            self.take(files);
        }
        Ok(())
    }

    /// Reads a folder that the command line names.
    fn folder(&mut self, tree: &Tree, root: &Path, folder: &Path) -> Result<(), Fault> {
        let name = name_of(root, folder);
        if is_outside(&name) {
            let files = own_rules(folder)?;
            lock::verify(self.lock.as_ref(), root, folder, &files, false)?;
            self.own.extend(files);
            return Ok(());
        }
        let files = rules(tree, &name)?;
        if files.is_empty() {
            self.absent.push(name);
        } else {
            self.verify(&name, &files, false)?;
        }
        self.take(files);
        Ok(())
    }

    /// Holds `files`, the rules in `folder`, against the lock of the same commit.
    fn verify(&self, folder: &str, files: &[(String, String)], configured: bool) -> Result<(), Fault> {
        let Some(lock) = self.lock.as_ref().filter(|lock| configured || lock.pins(folder)) else {
            return Ok(());
        };
        Ok(lock.verify(folder, files.iter().map(|(path, text)| (path.as_str(), text.as_str())))?)
    }

    fn take(&mut self, files: Vec<(String, String)>) {
        for (path, text) in files {
            self.files.insert(path.clone(), text.clone());
            self.own.push(OwnFile { path, text });
        }
    }
}

fn rules(tree: &Tree, folder: &str) -> Result<Vec<(String, String)>, Fault> {
    let below = if folder == "." { "" } else { folder };
    Ok(tree.read_below(below, &|path| is_rule_file(below, path)).map_err(LoadError::Git)?)
}

/// Whether what [`name_of`] calls `name` is no file of the repository.
fn is_outside(name: &str) -> bool {
    Path::new(name).is_absolute() || name.split('/').any(|step| step == "..")
}

/// `path` seen from `folder`, as a path from the root; `None` where it leads out of the repository.
fn inside(folder: &str, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() || path.contains('\\') {
        return None;
    }
    let mut steps = Vec::new();
    for step in folder.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    Some(if steps.is_empty() { ".".to_owned() } else { steps.join("/") })
}
