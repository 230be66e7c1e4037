//! Links that open the form of a new issue or merge request: the template that the text names, and one that exists.

use std::borrow::Cow;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;

use super::Raw;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::flat::{Flat, sentence, unit, without_ticks};
use crate::document::outline::{Class, Link, LinkKind, Outline};
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// What [`TemplateLink`] may report.
pub(super) const VARIANTS: [&str; 3] = ["none", "other", "gone"];

/// Finds links whose template is another one than the text says, or none.
#[derive(Debug)]
pub struct TemplateLink {
    hosts: Vec<String>,
    folders: Vec<String>,
    similarity: f64,
}

/// The address of a form.
struct Form<'t> {
    project: &'t str,
    merge_request: bool,
    /// The template, decoded, with its place as written.
    template: Option<(String, Option<Span>)>,
    /// The address sets something of the merge request, as links of scripts do.
    filled: bool,
}

impl TemplateLink {
    pub(super) fn new(raw: Raw) -> Self {
        Self { hosts: raw.hosts, folders: raw.template_dirs, similarity: raw.similarity }
    }

    pub(super) fn need(&self) -> Need {
        Need::Any(vec!["/issues/new".to_owned(), "/merge_requests/new".to_owned()])
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            for link in outline.links.iter().filter(|link| link.kind != LinkKind::Image) {
                let Some(form) = self.form(text, link) else { continue };
                match &form.template {
                    None if !form.filled => self.unnamed(text, outline, link, sink),
                    None => {}
                    Some((template, span)) => {
                        self.misnamed(text, outline, link, template, sink);
                        self.gone(&form, template, span.unwrap_or(link.text), view, sink);
                    }
                }
            }
        }
    }

    /// The form that `link` leads to.
    fn form<'t>(&self, text: &'t str, link: &'t Link) -> Option<Form<'t>> {
        static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(
                r"^https?://([^/?#]+)/([^?#]+?)(?:/-)?/(issues|merge_requests)/new/?(?:\?([^#]*))?(?:#.*)?$",
            )
            .ok()
        });
        let parts = PATH.as_ref()?.captures(&link.target)?;
        let host = parts.get(1)?.as_str();
        if !self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return None;
        }
        let query = parts.get(4).map_or("", |query| query.as_str());
        let value = |key: &str| {
            query
                .split('&')
                .find_map(|pair| pair.split_once('=').filter(|(own, _)| *own == key).map(|pair| pair.1))
        };
        let filled = percent_decode_str(query).decode_utf8_lossy().contains("merge_request[");
        let template = value("issuable_template").filter(|value| !value.is_empty()).map(|value| {
            let place = link.target_span.and_then(|span| {
                let at = span.of(text).find("issuable_template=")? + "issuable_template=".len();
                let rest = span.of(text).get(at..)?;
                let end = rest.find(['&', '#']).unwrap_or(rest.len());
                Some(Span::new(at, at + end).shifted(span.start as usize))
            });
            (decoded(value).into_owned(), place)
        });
        let merge_request = parts.get(3)?.as_str() == "merge_requests";
        Some(Form { project: parts.get(2)?.as_str(), merge_request, template, filled })
    }

    /// Reports a link without a template in a sentence that names one.
    fn unnamed(&self, text: &str, outline: &Outline, link: &Link, sink: &mut Sink<'_>) {
        let Some(name) = named_template(text, outline, link) else { return };
        let span = link.target_span.unwrap_or(link.text);
        let single = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let fix = link.target_span.filter(|_| single).map(|span| {
            let url = span.of(text);
            let at = span.start as usize + url.find('#').unwrap_or(url.len());
            let sign = if url.contains('?') { '&' } else { '?' };
            let edits = vec![Edit { span: Span::at(at), text: format!("{sign}issuable_template={name}") }];
            Fix { title: format!("Open the form with the template `{name}`"), safe: true, edits }
        });
        let values = [("hit", span.of(text)), ("name", name.as_str())];
        sink.report(Hit::at(span, &values).variant("none").fix(fix));
    }

    /// Reports a link whose text is nearly the name of its template.
    fn misnamed(&self, text: &str, outline: &Outline, link: &Link, template: &str, sink: &mut Sink<'_>) {
        static NAME: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+$").ok());
        let is_name = |words: &str| NAME.as_ref().is_some_and(|name| name.is_match(words));
        let pieces = outline.pieces_in(link.text).iter().filter(|piece| piece.class == Class::Code);
        let code = pieces.map(|piece| without_ticks(text, piece.span).of(text));
        let whole = Flat::new(text, outline, link.text, false).text;
        let candidates = code.chain(Some(whole.trim()).filter(|whole| is_name(whole)));
        let own = folded(template);
        let differs = |name: &&str| {
            let name = folded(name);
            name != own && strsim::normalized_damerau_levenshtein(&name, &own) >= self.similarity
        };
        if let Some(name) = candidates.into_iter().find(differs) {
            let values = [("hit", name), ("other", template)];
            let written = link.text.of(text);
            let fix = written.contains(name).then(|| Fix {
                title: format!("Write `{template}`"),
                safe: false,
                edits: vec![Edit { span: link.text, text: written.replacen(name, template, 1) }],
            });
            sink.report(Hit::at(link.text, &values).variant("other").fix(fix));
        }
    }

    /// Reports a template that the working directory's own project does not have.
    fn gone(&self, form: &Form<'_>, template: &str, span: Span, view: View<'_>, sink: &mut Sink<'_>) {
        let own = view.world.project.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(form.project));
        let folder =
            self.folders.iter().find(|folder| folder.contains("merge_request") == form.merge_request);
        let Some(folder) = folder.filter(|_| own) else { return };
        let files = view.world.names(folder);
        let names: Vec<&str> = files.iter().filter_map(|file| file.strip_suffix(".md")).collect();
        if names.is_empty() || names.contains(&template) {
            return;
        }
        let alike = |name: &str| strsim::normalized_damerau_levenshtein(&folded(name), &folded(template));
        let nearest = names.into_iter().max_by(|one, other| alike(one).total_cmp(&alike(other)));
        let nearest = nearest.filter(|name| alike(name) >= self.similarity);
        let other = nearest.unwrap_or_default();
        let fix = nearest.filter(|_| span.of(view.doc.text()) == template).map(|name| Fix {
            title: format!("Use the template `{name}`"),
            safe: false,
            edits: vec![Edit { span, text: name.replace(' ', "%20") }],
        });
        let values = [("hit", template), ("name", folder), ("other", other)];
        sink.report(Hit::at(span, &values).variant("gone").fix(fix));
    }
}

/// The template that the link's sentence names: in code or emphasis before the word, or in code behind it.
fn named_template(text: &str, outline: &Outline, link: &Link) -> Option<String> {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:[ ]+(?:issue|mr|merge request|description))?[ ]+\btemplate\b(?<after>:?[ ]+(?:(?:named|called)[ ]+)?)?").ok()
    });
    let block = outline.blocks.get(link.block as usize)?;
    let flat = Flat::new(text, outline, unit(outline, block), true);
    let range = sentence(&flat.text, flat.position(link.text.start as usize));
    let words = flat.text.get(range.clone())?;
    WORD.as_ref()?.captures_iter(words).find_map(|found| {
        let all = found.get(0)?;
        let before = range.start + all.start();
        let end = before.checked_sub(1).map(|last| flat.offset(last) + 1)?;
        let code = |offset: usize| {
            let piece = outline.piece_at(offset).filter(|piece| piece.class == Class::Code)?;
            Some(without_ticks(text, piece.span).of(text))
        };
        let emphasised = || {
            let mark = text.get(end..)?.chars().next().filter(|c| matches!(c, '*' | '_'))?;
            let start = text.get(..end)?.rfind(mark)? + 1;
            text.get(start..end).filter(|name| name.len() < 60 && !name.contains('\n'))
        };
        let behind = || code(flat.offset(range.start + found.name("after")?.end()));
        let name = end.checked_sub(1).and_then(code).or_else(emphasised).or_else(behind)?;
        template_name(name)
    })
}

/// The name of a template without folder and extension; `None` for another file and for no name at all.
fn template_name(name: &str) -> Option<String> {
    let file = name.trim().rsplit('/').next()?;
    let name = file.strip_suffix(".md").unwrap_or(file);
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '&' | '(' | ')'));
    (plain && name.chars().any(char::is_alphanumeric)).then(|| name.to_owned())
}

/// A value of a query.
fn decoded(value: &str) -> Cow<'_, str> {
    Cow::Owned(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

fn folded(name: &str) -> String {
    name.trim().trim_end_matches(".md").to_lowercase()
}
