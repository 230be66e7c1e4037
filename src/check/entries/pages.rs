//! The pages that an entry names: there at all, and there in the checkout.

use serde::Deserialize;

use super::piece::{Piece, is_empty};
use crate::check::{Sink, View};
use crate::yaml::{Node, Style, Value};

/// What [`Pages`] may report.
pub(super) const VARIANTS: [&str; 3] = ["no-direction", "dead-direction", "no-product-page"];

/// Where the pages of entries are made from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    /// Folders that the site is made from.
    page_roots: Vec<String>,
    /// How the names of source files go on behind the path of their page.
    page_suffixes: Vec<String>,
    /// Files that list which paths lead elsewhere.
    redirect_files: Vec<String>,
    /// Folders with a page for each product.
    product_page_roots: Vec<String>,
    /// Values of `maturity` that users can have.
    shipped_levels: Vec<String>,
    /// Hosts of the site.
    site_hosts: Vec<String>,
}

impl Pages {
    /// Reports what is missing.
    pub(super) fn check(&self, piece: &Piece<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let node = piece.entry.node;
        let name = piece.entry.key();
        let key = piece.entry.key_span.unwrap_or(node.span);
        match node.get("direction").filter(|direction| !is_empty(direction)) {
            None if piece.is_complete() => {
                let values = [("hit", name), ("entry", name)];
                piece.report(sink, key, "no-direction", &values, None);
            }
            Some(direction) => {
                let path = direction.as_str().and_then(|link| self.site_path(link));
                if path.is_some_and(|path| self.is_dead(path, view)) {
                    let values = [("hit", direction.span.of(piece.text)), ("entry", name)];
                    piece.report(sink, direction.span, "dead-direction", &values, None);
                }
            }
            None => {}
        }
        let says = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let page = node.get("marketing_page");
        if says("marketing") == "true"
            && self.shipped_levels.iter().any(|level| level.eq_ignore_ascii_case(says("maturity").trim()))
            && page.is_none_or(is_empty)
            && piece.is_complete()
            && let Some(found) = self.product_page(name, view)
        {
            let values = [("hit", name), ("entry", name), ("other", found.as_str())];
            let empty = |page: &&Node| {
                page.span.is_empty()
                    && matches!(&page.value, Value::Scalar(scalar) if scalar.style == Style::Plain)
            };
            let fix = page.filter(empty).and_then(|page| {
                piece.fix(format!("Set `marketing_page` to `{found}`"), false, page.span, format!(" {found}"))
            });
            piece.report(sink, key, "no-product-page", &values, fix);
        }
    }

    /// The path below `/direction` that `link` leads to, without slashes at its ends.
    fn site_path<'l>(&self, link: &'l str) -> Option<&'l str> {
        let path = match link.trim().split_once("://") {
            Some((_, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                self.site_hosts.iter().any(|own| own.eq_ignore_ascii_case(host)).then_some(path)?
            }
            None => link.trim().strip_prefix('/')?,
        };
        let path = path.split(['#', '?']).next().unwrap_or_default();
        let path = path.strip_suffix("index.html").unwrap_or(path).trim_matches('/');
        (path.split('/').next() == Some("direction")).then_some(path.strip_suffix(".html").unwrap_or(path))
    }

    fn is_dead(&self, path: &str, view: View<'_>) -> bool {
        let files = self
            .page_roots
            .iter()
            .flat_map(|root| self.page_suffixes.iter().map(move |suffix| format!("{root}/{path}{suffix}")));
        !files.into_iter().any(|file| view.world.has(&file)) && !self.is_redirected(path, view)
    }

    /// Whether a redirect covers `path`: as a whole, or from its beginning where the redirect compares by patterns.
    fn is_redirected(&self, path: &str, view: View<'_>) -> bool {
        let covers = |redirect: &Node| {
            let by_start = redirect.get("comp_op").and_then(Node::as_str).is_some_and(|op| op.contains('~'));
            let listed = redirect.get("sources").map(Node::items).unwrap_or_default();
            redirect.get("source").into_iter().chain(redirect.get("sources")).chain(listed).any(|source| {
                let Some(source) = source.as_str() else { return false };
                let source = source.split(['#', '?']).next().unwrap_or_default();
                let open = by_start || source.ends_with('*');
                let source = source.trim_start_matches('^').trim_end_matches(['$', '*']).trim_matches('/');
                source == path || (open && !source.is_empty() && path.starts_with(source))
            })
        };
        self.redirect_files.iter().any(|file| {
            let tree = view.world.tree(file);
            tree.is_some_and(|tree| tree.items().iter().any(covers))
        })
    }

    /// The path of the page that the site has for the product `key`.
    fn product_page(&self, key: &str, view: View<'_>) -> Option<String> {
        let slug = key.replace('_', "-");
        self.product_page_roots.iter().find_map(|root| {
            let index = |folder: &str, start: &str| {
                view.world.names(folder).iter().any(|name| name.starts_with(start))
            };
            let found = index(&format!("{root}/{slug}"), "index.") || index(root, &format!("{slug}."));
            let site = root.rsplit_once("source/").map_or(root.as_str(), |(_, site)| site);
            found.then(|| format!("/{site}/{slug}/"))
        })
    }
}
