//! Which kind of subject a file is, told from its repository-relative path.

use globset::{GlobBuilder, GlobMatcher};

use super::LoadError;
use crate::subject::{Format, Kind};

/// The kind of the file at `path` (repository-relative, with `/`), and how it is read; `None` for every other file.
///
/// Folders and names are those the tools look for, in their letter case: GitLab's description templates, release
/// posts, CODEOWNERS, insights, metrics and gitlab-triage's policies. Only a page's extension ignores case.
pub fn kind_of(path: &str) -> Option<(Kind, Format)> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let place = Place { folder, name };
    place
        .template()
        .map(|kind| (kind, Format::Markdown))
        .or_else(|| place.release_post().map(|format| (Kind::ReleasePost, format)))
        .or_else(|| place.data_file().map(|format| (Kind::DataFile, format)))
        .or_else(|| (name == "COMMIT_EDITMSG").then_some((Kind::Commit, Format::Markdown)))
        .or_else(|| place.is_page().then_some((Kind::Page, Format::Markdown)))
}

struct Place<'p> {
    folder: &'p str,
    name: &'p str,
}

impl<'p> Place<'p> {
    fn inside(&self, folder: &str) -> bool {
        self.folder.contains(folder) && self.folder.split('/').any(|part| part == folder)
    }

    fn parent(&self) -> &'p str {
        self.folder.rsplit('/').next().unwrap_or_default()
    }

    fn template(&self) -> Option<Kind> {
        let markdown = self.name.ends_with(".md");
        (markdown && self.inside("issue_templates"))
            .then_some(Kind::IssueTemplate)
            .or_else(|| (markdown && self.inside("merge_request_templates")).then_some(Kind::MrTemplate))
    }

    fn release_post(&self) -> Option<Format> {
        let format = match extension(self.name)? {
            "yml" | "yaml" => Format::Yaml,
            "md" => Format::Markdown,
            _ => return None,
        };
        let released = self.parent().starts_with("gitlab-") && self.parent().ends_with("-released");
        let note = format == Format::Markdown
            && released
            && format!("/{}", self.folder).contains("/doc/releases/")
            && self.name != "index.md";
        (self.inside("release_posts") || note).then_some(format)
    }

    fn data_file(&self) -> Option<Format> {
        let listed = match self.name {
            "CODEOWNERS" => Some(Format::Lines),
            "categories.yml" | "stages.yml" | "features.yml" | "sections.yml" if self.inside("data") => {
                Some(Format::Yaml)
            }
            ".triage-policies.yml" | "insights.yml" => Some(Format::Yaml),
            // JSON, as GitLab exports it, is YAML.
            "milestones.yml" | "milestones.yaml" | "milestones.json" => Some(Format::Yaml),
            _ => None,
        };
        listed.or_else(|| match extension(self.name)? {
            "txt" if matches!(self.parent(), "urls" | "loggedinurls") => Some(Format::Lines),
            "yml" if self.inside("triage-policies") || self.inside("policies") => Some(Format::Yaml),
            "yml"
                if ["/config/metrics/", "/config/events/"]
                    .iter()
                    .any(|folder| format!("/{}/", self.folder).contains(folder)) =>
            {
                Some(Format::Yaml)
            }
            "yml" if self.inside("data") && self.parent() == "features" => Some(Format::Yaml),
            "jsonnet" if format!("/{}", self.folder).ends_with("/dashboards/product") => Some(Format::Lines),
            _ => None,
        })
    }

    fn is_page(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        [".md", ".markdown", ".md.erb"].iter().any(|end| name.ends_with(end))
            || (name.ends_with(".erb") && self.inside("direction"))
    }
}

fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// The kinds of a run: the `kinds` of the configuration first, then [`kind_of`].
#[derive(Debug, Default)]
pub struct KindMap {
    overrides: Vec<(GlobMatcher, Kind)>,
}

impl KindMap {
    /// The map with `overrides`, pairs of a glob on the repository-relative path and a kind; the first match wins.
    ///
    /// # Errors
    /// [`LoadError::Glob`] for a glob that is malformed.
    pub fn new<'g>(overrides: impl IntoIterator<Item = (&'g str, Kind)>) -> Result<Self, LoadError> {
        let compile = |(glob, kind): (&str, Kind)| {
            GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .map(|compiled| (compiled.compile_matcher(), kind))
                .map_err(|error| LoadError::Glob { glob: glob.to_owned(), reason: error.kind().to_string() })
        };
        Ok(Self { overrides: overrides.into_iter().map(compile).collect::<Result<_, _>>()? })
    }

    /// The kind of the file at `path` and how it is read.
    pub fn kind_of(&self, path: &str) -> Option<(Kind, Format)> {
        let overridden = self.overrides.iter().find(|(glob, _)| glob.is_match(path));
        overridden.map(|(_, kind)| (*kind, format_of(path, *kind))).or_else(|| kind_of(path))
    }
}

/// How a file at `path` is read that a project or an example calls a `kind`.
pub fn format_of(path: &str, kind: Kind) -> Format {
    let name = path.rsplit('/').next().unwrap_or_default();
    match extension(name).map(str::to_ascii_lowercase).as_deref() {
        Some("yml" | "yaml") => Format::Yaml,
        Some("json") if kind == Kind::DataFile => Format::Yaml,
        // A commit message has no extension either, but it is prose.
        Some("txt") | None if kind == Kind::DataFile => Format::Lines,
        _ => Format::Markdown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_tells_the_kind() {
        let known = [
            (".gitlab/issue_templates/Bug.md", Kind::IssueTemplate, Format::Markdown),
            ("sub/issue_templates/team/Bug.md", Kind::IssueTemplate, Format::Markdown),
            (".gitlab/merge_request_templates/Release-Post-Item.md", Kind::MrTemplate, Format::Markdown),
            ("data/release_posts/unreleased/verify-x.yml", Kind::ReleasePost, Format::Yaml),
            ("doc/releases/19/gitlab-19-1-released/x.md", Kind::ReleasePost, Format::Markdown),
            ("doc/releases/19/gitlab-19-1-released/index.md", Kind::Page, Format::Markdown),
            ("content/handbook/marketing/blog/release-posts/_index.md", Kind::Page, Format::Markdown),
            ("source/direction/plan/index.html.md.erb", Kind::Page, Format::Markdown),
            ("source/direction/maturity.html.erb", Kind::Page, Format::Markdown),
            ("data/categories.yml", Kind::DataFile, Format::Yaml),
            ("docs/CODEOWNERS", Kind::DataFile, Format::Lines),
            ("sitespeed/urls/plan.txt", Kind::DataFile, Format::Lines),
            (".triage-policies.yml", Kind::DataFile, Format::Yaml),
            (".gitlab/insights.yml", Kind::DataFile, Format::Yaml),
            ("export/milestones.json", Kind::DataFile, Format::Yaml),
            ("ee/config/metrics/counts_7d/x.yml", Kind::DataFile, Format::Yaml),
            ("config/events/x.yml", Kind::DataFile, Format::Yaml),
            ("data/features/plan.yml", Kind::DataFile, Format::Yaml),
            ("dashboards/product/x.dashboard.jsonnet", Kind::DataFile, Format::Lines),
            (".git/COMMIT_EDITMSG", Kind::Commit, Format::Markdown),
        ];
        for (path, kind, format) in known {
            assert_eq!(kind_of(path), Some((kind, format)), "{path}");
        }
        for path in ["src/categories.yml", "app/index.html.erb", "codeowners", "page.mdx", "urls.txt", "md"] {
            assert_eq!(kind_of(path), None, "{path}");
        }
    }

    #[test]
    fn the_configuration_wins_over_the_path() {
        let kinds = KindMap::new([("docs/*.md", Kind::IssueTemplate), ("lists/**", Kind::DataFile)]).unwrap();
        assert_eq!(kinds.kind_of("docs/a.md"), Some((Kind::IssueTemplate, Format::Markdown)));
        assert_eq!(kinds.kind_of("docs/deep/a.md"), Some((Kind::Page, Format::Markdown)));
        assert_eq!(kinds.kind_of("lists/deep/OWNERS"), Some((Kind::DataFile, Format::Lines)));
        assert!(
            matches!(KindMap::new([("[a", Kind::Page)]), Err(LoadError::Glob { glob, .. }) if glob == "[a")
        );
    }
}
