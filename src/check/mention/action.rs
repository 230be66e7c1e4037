//! Whether a text asks its readers for something.

use super::Mention;
use crate::check::section::{content, title};
use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::{BlockKind, Tick};

/// Whether there is an open task, a sentence that asks, or a section of what is asked.
pub(super) fn is_asked(text: &str, outline: &Outline, mention: &Mention) -> bool {
    let open_task = outline.items.iter().any(|item| item.task.is_some_and(|(_, tick)| tick == Tick::Open));
    let prose = outline.blocks.iter().filter(|block| !block.quoted && block.kind != BlockKind::Code);
    let mut words = prose.map(|block| Flat::of_block(text, outline, block, true).text);
    open_task || words.any(|words| mention.actions.is_match(&words)) || has_section(text, outline, mention)
}

fn has_section(text: &str, outline: &Outline, mention: &Mention) -> bool {
    let titles = title::headings(text, outline).into_iter().chain(title::bold_leads(text, outline));
    let named =
        |words: &str| mention.action_headings.iter().any(|heading| heading.eq_ignore_ascii_case(words));
    let empty_words = ["TBD", "TODO", "N/A", "None"].map(str::to_owned);
    titles
        .filter(|title| named(&title.words))
        .any(|title| content::is_filled(text, outline, title.section, &empty_words))
}
