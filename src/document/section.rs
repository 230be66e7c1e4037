//! Parts of a text that have a name: under a heading, after a bold run-in, after a lead such as `Cost:`, in a table row.

use super::flat::{count_words_to, words_of};
use super::outline::{Block, BlockKind, Class, LinkKind, Outline};
use crate::text::Span;

/// How a section gets its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By a heading.
    Heading,
    /// By bold words at the start of a paragraph or an item.
    RunIn,
    /// By plain words before a colon or a dash at the start of a line.
    Lead,
    /// By the first cell of a table row.
    Row,
}

/// A named part of a text.
#[derive(Clone, Debug)]
pub struct Section {
    /// How it is named.
    pub form: Form,
    /// Its name, without marks and closing punctuation.
    pub name: String,
    /// Where the name stands: the whole heading line, the bold words with their marks, the lead.
    pub lead: Span,
    /// What belongs to it.
    pub body: Span,
}

/// What a stretch of text says in the author's own words; comments say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The number of words; none where they only say that something is to be done.
    pub words: usize,
    /// It shows an image, or leads elsewhere by a link, a URL or a reference.
    pub shows: bool,
    /// A comment asks for something.
    pub prompt: bool,
}

impl Own {
    /// Whether anything is said or shown.
    pub fn is_empty(self) -> bool {
        self.words == 0 && !self.shows
    }
}

/// Words of a lead before its colon; longer ones are a sentence.
const LEAD_WORDS: usize = 6;

/// The most words of what only says that something is to be done.
const FILLER_WORDS: usize = 2;

impl Outline {
    /// The named parts in source order; those of a quote are somebody else's.
    pub fn sections(&self, text: &str) -> Vec<Section> {
        let mut found: Vec<Section> = self.titled(text);
        found.extend(
            self.blocks.iter().filter(|block| is_text(block)).flat_map(|block| self.leads(text, block)),
        );
        found.extend(self.rows(text));
        found.retain(|section| !self.is_quoted(section.lead.start));
        found.sort_by_key(|section| section.lead);
        self.bound(&mut found);
        found
    }

    fn titled(&self, text: &str) -> Vec<Section> {
        let heading = |(index, heading): (usize, &super::outline::Heading)| Section {
            form: Form::Heading,
            name: bare(&words_of(text, self, heading.text, true)).to_owned(),
            lead: heading.span,
            body: Span { start: heading.span.end, end: self.section_end(index).max(heading.span.end) },
        };
        self.headings.iter().enumerate().map(heading).collect()
    }

    /// The leads of a block's lines; bold words name only what they open.
    fn leads(&self, text: &str, block: &Block) -> Vec<Section> {
        let mut found = Vec::new();
        let mut at = block.span.start as usize;
        while at < block.span.end as usize {
            let Some(rest) = text.get(at..block.span.end as usize) else { break };
            let span = Span::new(at, at + line_length(rest));
            at = span.end as usize;
            let marks =
                |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '>' | '-' | '+' | '[' | ']' | 'x');
            let strong = self.strong.iter().find(|strong| {
                span.contains(**strong)
                    && text
                        .get(span.start as usize..strong.start as usize)
                        .is_some_and(|gap| gap.chars().all(marks))
            });
            if let Some(strong) = strong {
                let name = bare(&words_of(text, self, *strong, true)).to_owned();
                let lead = Span { start: strong.start.saturating_sub(2), end: strong.end + 2 };
                found.push(Section {
                    form: Form::RunIn,
                    name,
                    lead,
                    body: Span { start: lead.end, end: block.span.end },
                });
            } else if let Some(section) = self.plain_lead(text, span, block) {
                found.push(section);
            }
        }
        found
    }

    /// `Name: …` or `Name - …` at the start of a line.
    fn plain_lead(&self, text: &str, line: Span, block: &Block) -> Option<Section> {
        let source = line.of(text);
        let content = source
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '-' | '+' | '*' | '_'));
        let from = source.len() - content.len();
        let end = lead_end(content)?;
        let name = content.get(..end)?.trim_end();
        let lead = Span::new(from, from + name.len()).shifted(line.start as usize);
        let is_text = self.piece_at(lead.start as usize).is_some_and(|piece| piece.class == Class::Text);
        let short = (1..=LEAD_WORDS).contains(&name.split_whitespace().count());
        (is_text && short).then(|| Section {
            form: Form::Lead,
            name: bare(name).to_owned(),
            lead,
            body: Span { start: lead.end, end: block.span.end },
        })
    }

    fn rows(&self, text: &str) -> Vec<Section> {
        let rows = self.tables.iter().flat_map(|table| table.rows.iter().skip(1));
        let row = |row: &Vec<super::outline::Cell>| {
            let (first, last) = (row.first()?.span, row.last()?.span);
            let name = bare(&words_of(text, self, first, true)).to_owned();
            let body = Span { start: first.end, end: last.end };
            (row.len() > 1 && !name.is_empty()).then_some(Section {
                form: Form::Row,
                name,
                lead: first,
                body,
            })
        };
        rows.filter_map(row).collect()
    }

    /// A run-in or lead reaches to the next one, to the next heading, and not beyond its list item.
    fn bound(&self, sections: &mut [Section]) {
        let starts: Vec<(Form, u32)> =
            sections.iter().map(|section| (section.form, section.lead.start)).collect();
        for section in sections.iter_mut().filter(|section| matches!(section.form, Form::RunIn | Form::Lead))
        {
            let item = self.items.iter().rev().find(|item| item.span.contains(section.lead));
            let limit = item.map_or(self.span.end, |item| item.span.end);
            let next = starts.iter().find(|(form, start)| {
                *start >= section.lead.end && !(section.form == Form::RunIn && *form == Form::Lead)
            });
            section.body.end = next.map_or(limit, |(_, start)| limit.min(*start)).max(section.body.start);
        }
    }

    /// What is said in `span`; headings only name what others say.
    pub fn own(&self, text: &str, span: Span) -> Own {
        self.own_to(text, span, usize::MAX)
    }

    /// The same for who needs `enough` words: of more of them, not all are counted.
    pub fn own_to(&self, text: &str, span: Span, enough: usize) -> Own {
        let enough = enough.max(FILLER_WORDS + 1);
        let mut own = Own::default();
        let mut few = String::new();
        for piece in self.pieces_over(span) {
            let inside = Span { start: piece.span.start.max(span.start), end: piece.span.end.min(span.end) };
            let kind = self.block_of(piece).map(|block| block.kind);
            match piece.class {
                _ if kind == Some(BlockKind::Heading) => {}
                Class::Text | Class::Code => {
                    own.words += count_words_to(inside.of(text), enough.saturating_sub(own.words));
                    if own.words <= FILLER_WORDS {
                        few.extend([inside.of(text), " "]);
                    }
                }
                Class::Comment => own.prompt |= piece.span.len() > "<!---->".len(),
                Class::Url | Class::Math => own.shows = true,
                _ => {}
            }
        }
        let filler = few.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let placeholder = matches!(filler.as_str(), "tbd" | "todo" | "to do" | "n/a" | "na" | "tba" | "wip");
        if placeholder && own.words <= FILLER_WORDS {
            own.words = 0;
        }
        own.shows |= self.links.iter().any(|link| {
            span.contains(link.span) && (link.kind == LinkKind::Image || !link.target.is_empty())
        });
        own
    }
}

/// The bytes of the first line of `text`, its line break included.
fn line_length(text: &str) -> usize {
    memchr::memchr2(b'\n', b'\r', text.as_bytes()).map_or(text.len(), |end| end + 1)
}

/// Where the first colon, or spaced dash with its space, of a line stands.
fn lead_end(line: &str) -> Option<usize> {
    let starts_mark = |byte: &u8| matches!(byte, b':' | b'-' | 0xe2 | 0xef);
    let is_ascii = line.is_ascii();
    let mut at = 0;
    loop {
        let rest = line.as_bytes().get(at..)?;
        at += if is_ascii { memchr::memchr2(b':', b'-', rest) } else { rest.iter().position(starts_mark) }?;
        let (before, rest) = line.split_at_checked(at)?;
        let mark = rest.chars().next()?;
        at += mark.len_utf8();
        match mark {
            ':' | '：' => return Some(before.len()),
            '-' | '–' | '—' if before.ends_with(' ') && line.get(at..)?.starts_with(' ') => {
                return Some(before.len() - 1);
            }
            _ => {}
        }
    }
}

fn is_text(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::ItemText)
}

/// A name without what surrounds its letters.
fn bare(name: &str) -> &str {
    name.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::load::file_subject;
    use crate::subject::{Format, Kind};

    fn sections(text: &str) -> Vec<(Form, String, usize)> {
        let subject = file_subject("a.md", text.to_owned(), Kind::Page, Format::Markdown);
        let document = Document::new(&subject);
        let outline = document.body().unwrap();
        let row =
            |section: &Section| (section.form, section.name.clone(), outline.own(text, section.body).words);
        outline.sections(text).iter().map(row).collect()
    }

    #[test]
    fn every_form_of_a_section_is_found_with_its_own_words() {
        let text = "## Cost 💰\n\n<!-- none -->\n\n### Now\n\ntwo words\n\n## Rest\n\n**Time**: a b\r\n**Risk** - c\n\n- Viability: d\n  e\n- __Size__ TBD\n\n| a | b |\n|-|-|\n| Speed | f |\n";
        let name = |name: &str| name.to_owned();
        assert_eq!(
            sections(text),
            [
                (Form::Heading, name("Cost"), 2),
                (Form::Heading, name("Now"), 2),
                (Form::Heading, name("Rest"), 14),
                (Form::RunIn, name("Time"), 2),
                (Form::RunIn, name("Risk"), 4),
                (Form::Lead, name("Viability"), 2),
                (Form::RunIn, name("Size"), 0),
                (Form::Row, name("Speed"), 1),
            ]
        );
    }
}
