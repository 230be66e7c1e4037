//! The hidden marks by which a run finds again what an earlier one wrote: HTML comments that GitLab keeps and does not
//! show.

const NOTE: &str = "<!-- proclint:note ";
const THREAD: &str = "<!-- proclint:finding ";
const END: &str = " -->";

/// Whether `body` begins with a mark of proclint. Its author has to be looked at as well.
pub fn is_marked(body: &str) -> bool {
    body.starts_with(NOTE) || body.starts_with(THREAD)
}

/// The mark of the note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteMark {
    /// The stamp of what was judged.
    pub stamp: String,
    /// Fingerprints of findings whose line GitLab did not take at that stamp.
    pub refused: Vec<String>,
}

/// The mark of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadMark {
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// What stays the same when the file gets another name.
    pub likeness: String,
    /// What the line says.
    pub line: String,
    /// The rule's id.
    pub rule: String,
    /// The finding was gone when somebody else had resolved the thread; it may be opened again if it returns.
    pub gone: bool,
}

impl NoteMark {
    /// The mark, on one line.
    pub fn written(&self) -> String {
        let refused: String = self.refused.iter().map(|of| format!(" {}", word(of))).collect();
        format!("{NOTE}{}{refused}{END}", word(&self.stamp))
    }

    /// The mark that `body` begins with.
    pub fn of(body: &str) -> Option<Self> {
        let mut words = words(body, NOTE)?.map(str::to_owned);
        Some(Self { stamp: words.next()?, refused: words.collect() })
    }
}

impl ThreadMark {
    /// The mark, on one line.
    pub fn written(&self) -> String {
        let words = [&self.fingerprint, &self.likeness, &self.line, &self.rule].map(|of| word(of));
        let gone = if self.gone { " gone" } else { "" };
        format!("{THREAD}{}{gone}{END}", words.join(" "))
    }

    /// The mark that `body` begins with.
    pub fn of(body: &str) -> Option<Self> {
        let mut words = words(body, THREAD)?;
        let mut next = || words.next().map(str::to_owned);
        let (fingerprint, likeness, line, rule) = (next()?, next()?, next()?, next()?);
        Some(Self { fingerprint, likeness, line, rule, gone: words.next() == Some("gone") })
    }

    /// `body` with this mark in the place of its own.
    pub fn replace_in(&self, body: &str) -> String {
        let rest = body.split_once('\n').map_or("", |(_, rest)| rest);
        format!("{}\n{rest}", self.written())
    }
}

fn words<'b>(body: &'b str, start: &str) -> Option<impl Iterator<Item = &'b str> + use<'b>> {
    let line = body.lines().next()?.strip_prefix(start)?.strip_suffix(END)?;
    Some(line.split(' '))
}

/// What cannot end a comment or a word of it.
pub(super) fn word(text: &str) -> String {
    let word: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let word = word.replace("--", "-");
    if word.is_empty() { "-".to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let note = NoteMark { stamp: "12ab".into(), refused: vec!["a1".into(), "b2".into()] };
        assert_eq!(NoteMark::of(&format!("{}\n\nText", note.written())), Some(note));
        let [fingerprint, likeness, line, rule] = ["f", "k", "l", "a-rule"].map(str::to_owned);
        let thread = ThreadMark { fingerprint, likeness, line, rule, gone: false };
        let body = format!("{}\n\nText\n", thread.written());
        let gone = ThreadMark { gone: true, ..thread.clone() };
        assert_eq!(ThreadMark::of(&body), Some(thread));
        assert_eq!(gone.replace_in(&body), format!("{}\n\nText\n", gone.written()));
        assert_eq!(ThreadMark::of(&gone.replace_in(&body)), Some(gone));
        assert!(is_marked(&body) && !is_marked("> <!-- proclint:note 1 -->"));
    }

    #[test]
    fn nothing_in_a_mark_ends_it() {
        assert_eq!(word("a --> b -- c"), "a-b-c");
        assert_eq!(word("\n"), "-");
    }
}
