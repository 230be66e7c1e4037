//! The inputs of a comparison, written into a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::corpus::{ENGLISH, JAPANESE, TEMPLATE, merge_request, page, pathological};

/// What tools are run on.
pub struct Input {
    /// Its name in the table.
    pub name: String,
    /// The folder in which the tools run.
    pub folder: PathBuf,
    /// The one file they are given; `None` for the whole folder.
    pub file: Option<String>,
    /// Bytes.
    pub bytes: u64,
}

/// Number of pages and bytes of each, where no folder is given: those of a real handbook.
const PAGES: (usize, usize) = (883, 6_984);

/// All inputs whose name holds `only`, below `work`; the pages are those of `given`, or generated.
pub fn write(work: &Path, given: Option<&Path>, only: Option<&str>) -> Vec<Input> {
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
    let has_page = |given: &Path| {
        let mut files = WalkBuilder::new(given).hidden(false).build().flatten();
        files.any(|entry| entry.path().extension().is_some_and(|extension| extension == "md"))
    };
    if let Some(given) = given {
        assert!(has_page(given), "{} holds no Markdown page: name the folder of pages", given.display());
    }
    let mut inputs = Vec::new();
    let folder = |name: &str| work.join(name.replace(' ', "-"));
    if wanted("pages") || wanted("ten copies") {
        let once = folder("pages");
        match given {
            Some(given) => copy(given, &once),
            None => generate(&once, PAGES.0, PAGES.1, ENGLISH),
        }
        if wanted("ten copies") {
            let ten = folder("ten copies");
            (0..10).for_each(|copies| copy(&once, &ten.join(copies.to_string())));
            inputs.push(whole("ten copies", ten));
        }
        if wanted("pages") {
            inputs.insert(0, whole("pages", once));
        }
    }
    if wanted("japanese") {
        generate(&folder("japanese"), 4_562, 12_783, JAPANESE);
        inputs.push(whole("japanese", folder("japanese")));
    }
    if wanted("template") {
        let file = ".gitlab/issue_templates/feature.md";
        inputs.push(single("template", &folder("template"), file, TEMPLATE));
    }
    if wanted("merge request") {
        let record = merge_request(300).to_string();
        inputs.push(single("merge request", &folder("merge request"), "merge-request.json", &record));
    }
    for (name, text) in pathological(1_600_000) {
        let name = format!("pathological: {name}");
        if wanted(&name) {
            inputs.push(single(&name, &folder(&name.replace([':', ','], "")), "page.md", &text));
        }
    }
    inputs
}

/// `count` pages of `bytes` bytes in folders of ten.
pub fn generate(folder: &Path, count: usize, bytes: usize, words: &[&str]) {
    for number in 0..count {
        let below = folder.join((number / 10).to_string());
        fs::create_dir_all(&below).expect("a folder");
        // Pages of one size would hide what size costs; together they have the bytes asked for.
        let size = bytes / 4 + bytes * 3 / 2 * (number % 11) / 10;
        fs::write(below.join(format!("page-{number}.md")), page(number as u64, size, words))
            .expect("written");
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkBuilder::new(from).hidden(false).build().flatten() {
        let Ok(below) = entry.path().strip_prefix(from) else { continue };
        if entry.file_type().is_some_and(|kind| kind.is_file())
            && entry.path().extension().is_some_and(|extension| extension == "md")
        {
            let target = to.join(below);
            fs::create_dir_all(target.parent().expect("below the folder")).expect("a folder");
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn whole(name: &str, folder: PathBuf) -> Input {
    let files = WalkBuilder::new(&folder).hidden(false).build().flatten();
    let bytes =
        files.filter_map(|entry| entry.metadata().ok()).filter(fs::Metadata::is_file).map(|of| of.len());
    Input { name: name.to_owned(), folder, file: None, bytes: bytes.sum() }
}

/// One file with `text` in `folder`.
pub fn single(name: &str, folder: &Path, file: &str, text: &str) -> Input {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(&path, text).expect("written");
    Input {
        name: name.to_owned(),
        folder: folder.to_owned(),
        file: Some(file.to_owned()),
        bytes: text.len() as u64,
    }
}
