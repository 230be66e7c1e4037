//! The forms of a pattern, each made when a text needs it: the quicker one is to make, the fewer texts it decides on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use regex::{Regex, RegexBuilder, bytes};

use super::sketch::{Sketch, is_plain};
use super::{PASSAGE, SIZE_LIMIT, ascii, holds, required};

/// Bytes of a text that a sketch may be run on: a file name, a label, a title, one line.
const SHORT: usize = 512;

/// Bytes of short texts on which a sketch costs as much as reading the pattern for its literals, and as compiling it.
const COSTS: (usize, usize) = (1 << 8, 1 << 11);

/// Literals that are quickly searched for in a short text.
const FEW: usize = 4;

/// Texts after which the pattern itself has paid for being compiled.
const OFTEN: u32 = 512;

/// One pattern.
#[derive(Debug)]
pub(super) struct Forms {
    source: String,
    sketch: OnceLock<Option<Sketch>>,
    literals: OnceLock<Option<Vec<String>>>,
    /// The pattern over bytes, without the classes of Unicode that are dear to compile.
    bytes: OnceLock<Option<bytes::Regex>>,
    regex: OnceLock<Option<Regex>>,
    /// Number of texts that other forms were asked about, up to [`OFTEN`]; threads may count one for two.
    asked: AtomicU32,
}

impl Forms {
    /// The forms of `source`; rules that ask for the same pattern share them.
    pub fn of(source: &str) -> Arc<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Forms>>>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(forms) = known.get(source) {
            return Arc::clone(forms);
        }
        let forms = Arc::new(Self {
            source: source.to_owned(),
            sketch: OnceLock::new(),
            literals: OnceLock::new(),
            bytes: OnceLock::new(),
            regex: OnceLock::new(),
            asked: AtomicU32::new(0),
        });
        known.insert(source.to_owned(), Arc::clone(&forms));
        forms
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// Literals, one of which every match holds in some ASCII letter case; `None` where no such list is known.
    pub fn literals(&self) -> Option<&[String]> {
        let read = || required::required(&regex_syntax::Parser::new().parse(&ascii(&self.source)).ok()?);
        self.literals.get_or_init(read).as_deref()
    }

    /// The pattern itself; `None` where it takes too many bytes.
    pub fn regex(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&ascii(&self.source)).size_limit(SIZE_LIMIT).build().ok();
        self.regex.get_or_init(build).as_ref()
    }

    /// Whether the pattern matches in `text`, where another form tells that sooner.
    pub fn decided(&self, text: &str) -> Option<bool> {
        if self.regex.get().is_some() {
            return None;
        }
        let asked = self.asked.load(Ordering::Relaxed);
        if asked == OFTEN {
            // A search for few literals in few bytes is quicker than the pattern begins its own.
            let few = self.literals().filter(|literals| literals.len() <= FEW && text.len() <= SHORT);
            if few.is_some_and(|literals| !literals.iter().any(|literal| holds(text, literal))) {
                return Some(false);
            }
            return Some(self.bytes(text)?.is_match(text.as_bytes()));
        }
        self.asked.store(asked + 1, Ordering::Relaxed);
        let build = || Sketch::new(&self.source, SIZE_LIMIT);
        let sketch = (text.len() <= SHORT).then(|| self.sketch.get_or_init(build).as_ref()).flatten();
        let sketched = |budget| sketch.and_then(|sketch| sketch.decide(text, budget));
        let lacks_literals = || {
            let literals = (text.len() <= PASSAGE).then(|| self.literals()).flatten();
            literals.is_some_and(|literals| !literals.iter().any(|literal| holds(text, literal)))
        };
        sketched(COSTS.0)
            .or_else(|| lacks_literals().then_some(false))
            .or_else(|| sketched(COSTS.1))
            .or_else(|| Some(self.bytes(text)?.is_match(text.as_bytes())))
    }

    /// The pattern over bytes, which means the same in a text of ASCII.
    fn bytes(&self, text: &str) -> Option<&bytes::Regex> {
        let build = || {
            let mut builder = bytes::RegexBuilder::new(&self.source);
            let regex = builder.unicode(false).size_limit(SIZE_LIMIT);
            if is_plain(&self.source) { regex.build().ok() } else { None }
        };
        if text.is_ascii() { self.bytes.get_or_init(build).as_ref() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_say_the_same() {
        let sources = [r"(?i)\bfeature|proposal\b", r"^[^a]+\s\w", r"(?m)^x.*\d$", "[k-s]{3}"];
        let texts = ["The Feature", "b c", "z\nx: 1\n", "kKss", "", "proposals"];
        for source in sources {
            for text in texts.iter().flat_map(|text| [(*text).to_owned(), text.repeat(700)]) {
                let forms = Forms::of(source);
                let whole = Regex::new(&ascii(source)).unwrap().is_match(&text);
                assert_eq!(forms.decided(&text), Some(whole), "{source:?} in {text:?}");
                forms.asked.store(OFTEN, Ordering::Relaxed);
                assert!(forms.decided(&text).is_none_or(|found| found == whole), "{source:?} in {text:?}");
                forms.asked.store(0, Ordering::Relaxed);
                assert_eq!(forms.bytes(&text).map(|regex| regex.is_match(text.as_bytes())), Some(whole));
            }
        }
    }

    #[test]
    fn the_same_pattern_is_made_once_and_asked_itself_once_it_is_there() {
        let forms = Forms::of("shared[0-9]");
        assert!(forms.regex().is_some_and(|regex| regex.is_match("shared1")));
        assert_eq!(Forms::of("shared[0-9]").decided("shared1"), None);
    }
}
