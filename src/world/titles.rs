//! The titles of issues, by their references and addresses.

use std::collections::BTreeMap;

use crate::load::Title;

/// Titles that may be written into a text.
#[derive(Debug, Default)]
pub struct Titles {
    /// By full reference.
    known: BTreeMap<String, Title>,
    /// Full references by what follows the project, `#12`; `None` where two projects have such a number.
    short: BTreeMap<String, Option<String>>,
    /// Full references by address.
    addresses: BTreeMap<String, String>,
}

impl Titles {
    /// These titles; of two for one reference the last counts.
    pub fn new(titles: impl IntoIterator<Item = Title>) -> Self {
        let mut all = Self::default();
        for title in titles {
            let at = title.reference.find(['#', '!', '&']).unwrap_or(0);
            let short = title.reference.get(at..).unwrap_or_default().to_owned();
            let full = title.reference.clone();
            let same = all.short.entry(short).or_insert_with(|| Some(full.clone()));
            if same.as_ref() != Some(&full) {
                *same = None;
            }
            all.addresses.extend(title.url.as_deref().map(|url| (address(url), full.clone())));
            all.known.insert(full, title);
        }
        all
    }

    /// The title of what `#12`, `!12` or `&12` means in `project`; where the project is unknown, of the only one there
    /// is.
    pub fn find(&self, reference: &str, project: Option<&str>) -> Option<&Title> {
        let Some(project) = project else {
            return self.known.get(self.short.get(reference)?.as_ref()?);
        };
        if !reference.starts_with('&') {
            return self.known.get(&format!("{project}{reference}"));
        }
        // An epic belongs to one of the groups around the project.
        let groups = project.match_indices('/').rev().map(|(at, _)| &project[..at]);
        groups.into_iter().find_map(|group| self.known.get(&format!("{group}{reference}")))
    }

    /// The title of what is shown at `url`.
    pub fn at(&self, url: &str) -> Option<&Title> {
        self.known.get(self.addresses.get(&address(url))?)
    }
}

/// An address in the one spelling by which two of them are compared.
fn address(url: &str) -> String {
    let bare = url.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
    bare.replace("/-/", "/").replace("/work_items/", "/issues/")
}

impl Title {
    /// A Markdown link with the title as its text; none where the address could leave the link.
    pub fn link(&self) -> Option<String> {
        let url =
            self.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"))?;
        let leaves =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>' | '\\' | '"');
        (!url.contains(leaves)).then(|| format!("[{}]({url})", self.escaped()))
    }

    /// The title as Markdown that shows it letter by letter.
    pub fn escaped(&self) -> String {
        let mut escaped = String::with_capacity(self.title.len() + 8);
        for c in self.title.chars().filter(|c| !c.is_control()) {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '$' | '&' | '{' | '}')
            {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(reference: &str, title: &str) -> Title {
        let url = Some(format!("https://h/{}", reference.replace('#', "/-/issues/")));
        Title { reference: reference.to_owned(), title: title.to_owned(), url }
    }

    #[test]
    fn a_number_is_looked_up_in_its_project() {
        let titles =
            [title("a/b#1", "One"), title("c/d#1", "Other"), title("a/b#2", "Two"), title("a&3", "Three")];
        let titles = Titles::new(titles);
        let find = |reference, project| titles.find(reference, project).map(|title| title.title.as_str());
        assert_eq!(find("#1", Some("c/d")), Some("Other"));
        assert_eq!(find("#1", None), None);
        assert_eq!(find("#2", None), Some("Two"));
        assert_eq!(find("#2", Some("c/d")), None);
        assert_eq!(find("&3", Some("a/b/c")), Some("Three"));
        for url in
            ["https://h/a/b/-/issues/2#note_1", "https://h/a/b/issues/2/", "https://h/a/b/-/work_items/2"]
        {
            assert_eq!(titles.at(url).map(|title| &*title.title), Some("Two"), "{url}");
        }
    }

    #[test]
    fn a_title_cannot_leave_its_link() {
        let hostile = title("a/b#1", "x](http://evil) <b> `c` **d**\u{1b}");
        assert_eq!(
            hostile.link().unwrap(),
            r"[x\](http://evil) \<b\> \`c\` \*\*d\*\*](https://h/a/b/-/issues/1)"
        );
        for url in ["javascript:alert(1)", "https://h/a) [x](y", "https://h/\n"] {
            assert_eq!(Title { url: Some(url.to_owned()), ..hostile.clone() }.link(), None);
        }
    }
}
