//! The least any such program has to do: walk, read, validate UTF-8, look for literals, parse Markdown; nothing else.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::packed::Searcher;
use ignore::{WalkBuilder, WalkState};
use pulldown_cmark::{Options, Parser};

/// 40 acronyms of a handbook; ripgrep looks for the same.
pub const ACRONYMS: [&str; 40] = [
    "MVC", "OKR", "KPI", "ARR", "MRR", "DRI", "CTA", "UXR", "SUS", "PMM", "TAM", "CSM", "SLO", "SLA", "RFP",
    "RFC", "API", "JTBD", "GMAU", "SMAU", "CMAU", "XMAU", "MAU", "DAU", "NPS", "PNPS", "SSOT", "LTV", "CAC",
    "ACV", "TCV", "NDR", "PLG", "PQL", "MQL", "SQL", "SAO", "BDR", "SDR", "EBA",
];

/// Does that to every Markdown file under `root`, and returns files, hits and events.
pub fn run(root: &Path) -> [usize; 3] {
    let searcher = Searcher::new(ACRONYMS).expect("few and short literals");
    let counts = [const { AtomicUsize::new(0) }; 3];
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).require_git(false).git_global(false).threads(2);
    walk.build_parallel().run(|| {
        let mut buffer = Vec::new();
        let (searcher, counts) = (&searcher, &counts);
        Box::new(move |entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && entry.path().extension().is_some_and(|extension| extension == "md") {
                let seen = file(entry.path(), searcher, &mut buffer);
                counts.iter().zip(seen).for_each(|(count, seen)| {
                    count.fetch_add(seen, Ordering::Relaxed);
                });
            }
            WalkState::Continue
        })
    });
    counts.map(AtomicUsize::into_inner)
}

fn file(path: &Path, searcher: &Searcher, buffer: &mut Vec<u8>) -> [usize; 3] {
    buffer.clear();
    let read = File::open(path).and_then(|mut file| file.read_to_end(buffer));
    let Some(text) = read.ok().and_then(|_| simdutf8::basic::from_utf8(buffer).ok()) else {
        return [1, 0, 0];
    };
    let digit = |at: usize| buffer.get(at + 1).is_some_and(u8::is_ascii_digit);
    let references = memchr::memchr_iter(b'#', buffer).filter(|at| digit(*at)).count();
    let acronyms = searcher.find_iter(text).count();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let events = Parser::new_ext(text, options).into_offset_iter().count();
    [1, references + acronyms, events]
}

/// The same search for ripgrep: a bare reference, or one of the acronyms.
pub fn pattern() -> String {
    format!(r"(?:^|[^\w&/])#\d+\b|\b(?:{})\b", ACRONYMS.join("|"))
}
