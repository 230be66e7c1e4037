//! Whether a page is the direction page of a category.

use serde::Deserialize;

use crate::document::Document;
use crate::pattern::Pattern;
use crate::text::Span;
use crate::world::World;
use crate::yaml::Node;

/// How the pages of categories are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    /// Whether other pages are left out.
    scope: Scope,
    /// Titles of such pages.
    category_title: Pattern,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    /// Pages of categories only.
    Category,
    /// Every page.
    All,
}

impl Category {
    /// Whether the page at `path` is one, by its title or by the categories of the checkout.
    pub(super) fn has(&self, doc: &Document<'_>, world: &World, path: &str) -> bool {
        self.scope == Scope::All
            || title(doc).is_some_and(|title| self.category_title.is_match(title.of(doc.text()).trim()))
            || world.categories().is_some_and(|categories| is_direction_of(categories, path))
    }
}

/// The title of the front matter, else the text of the first heading.
pub(in crate::check) fn title(doc: &Document<'_>) -> Option<Span> {
    let front = doc.node().and_then(|node| node.get("title")).filter(|title| title.as_str().is_some());
    front.filter(|title| !title.span.is_empty()).map(|title| title.span).or_else(|| {
        let headings = doc.body().map(|body| body.headings.as_slice()).unwrap_or_default();
        headings.iter().map(|heading| heading.text).find(|text| !text.is_empty())
    })
}

/// Whether the `direction` of a category leads to the page made from the file at `path`.
pub(in crate::check) fn is_direction_of(categories: &Node, path: &str) -> bool {
    let page = page_of(path);
    let directions =
        categories.entries().iter().filter_map(|category| category.value.get("direction")?.as_str());
    directions.map(site_path).any(|direction| page.as_deref() == Some(direction))
}

/// The site path of the page that is made from the file at `path`, without slashes at its ends.
pub(in crate::check) fn page_of(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let start = folder.split('/').position(|part| part == "direction")?;
    let folder = folder.split('/').skip(start).collect::<Vec<_>>().join("/");
    let stem = name.split('.').next().unwrap_or_default();
    Some(if matches!(stem, "index" | "_index" | "template") { folder } else { format!("{folder}/{stem}") })
}

/// A link to a page of the site, reduced to its path.
pub(in crate::check) fn site_path(link: &str) -> &str {
    let path = link.split(['#', '?']).next().unwrap_or_default().trim();
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path,
    };
    path.trim_end_matches("index.html").trim_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_links_meet_at_the_path_of_the_site() {
        let pages = [
            ("source/direction/create/editor/wiki/index.html.md.erb", "/direction/create/editor/wiki/"),
            ("source/direction/geo/template.html.md.erb", "https://about.gitlab.com/direction/geo#wiki"),
            ("content/direction/plan/_index.md", "direction/plan/index.html"),
            ("content/direction/plan/epics.md", "/direction/plan/epics"),
        ];
        for (path, link) in pages {
            assert_eq!(page_of(path).as_deref(), Some(site_path(link)), "{path}");
        }
        assert_eq!(page_of("content/handbook/x/index.md"), None);
    }
}
