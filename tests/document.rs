//! The document model on the texts that break naive ones: what is prose, what masks it, where blocks begin.

use proclint::document::Document;
use proclint::document::outline::{Class, LinkKind, Tick};
use proclint::document::quick_action::Place;
use proclint::load::file_subject;
use proclint::subject::{Format, Kind, Subject};

fn template(text: &str) -> Subject {
    file_subject(".gitlab/issue_templates/a.md", text.to_owned(), Kind::IssueTemplate, Format::Markdown)
}

/// The prose of a text, piece by piece.
fn prose(text: &str) -> Vec<String> {
    pieces(text, |class| class == Class::Text)
}

fn pieces(text: &str, wanted: impl Fn(Class) -> bool) -> Vec<String> {
    let subject = template(text);
    let document = Document::new(&subject);
    let all = document.outlines().iter().flat_map(|outline| &outline.pieces);
    all.filter(|piece| wanted(piece.class)).map(|piece| piece.span.of(text).to_owned()).collect()
}

fn places(text: &str) -> Vec<(Place, String)> {
    let subject = template(text);
    let document = Document::new(&subject);
    document.quick_lines().iter().map(|line| (line.place, line.span.of(text).to_owned())).collect()
}

#[test]
fn code_comments_math_entities_and_targets_are_masked() {
    let text = "a `#1` b <!-- #2 --> c $#3$ d &#4; e [f #5](g#6 \"#7\") ![#8](i) <https://j/#9> \\#10\n\n[k]: https://l/#11\n";
    assert_eq!(prose(text), ["a ", " b ", " c ", " d ", " e ", "f #5", " ", " ", " ", "#10"]);
}

#[test]
fn text_between_html_tags_is_prose_but_not_in_code_or_style() {
    assert_eq!(prose("<td>#12</td> <code>#3</code> <b>x</b>\n"), ["#12", "x"]);
    assert_eq!(prose("in <kbd>#1</kbd> line <style>#2</style>\n"), ["in ", " line "]);
    assert_eq!(prose("<pre>\n#1\n</pre>\n\nafter\n"), ["after"]);
}

#[test]
fn an_unclosed_comment_masks_the_rest_of_its_block() {
    assert_eq!(prose("before\n\n<!-- #1\n\n#2\n"), ["before"]);
}

#[test]
fn shortcodes_attribute_lists_and_bare_urls_are_masked_and_text_between_paired_shortcodes_is_not() {
    let text = "## T {#id}\n\n{{% alert \"#1\" %}}\nwords {{< x >}}\n{{% /alert %}}\n\nsee www.a.org/#2, https://b.org/x?y[]=#3.\n";
    assert_eq!(prose(text), ["T ", "\nwords ", "\n", "see ", ", ", "."]);
}

#[test]
fn emphasis_marks_are_neither_prose_nor_mask() {
    assert_eq!(pieces("_#1_ **b**~~c~~", |_| true), ["#1", " ", "b", "c"]);
}

#[test]
fn spans_stay_true_behind_a_byte_order_mark_crlf_tabs_and_wide_characters() {
    let text = "\u{feff}---\r\ntitle: ä\r\n---\r\n\r\n-\t日本 #12 🎉\r\n\tمرحبا e\u{301} #13\r\n";
    assert_eq!(prose(text), ["日本 #12 🎉\r\n\tمرحبا e\u{301} #13"]);
}

#[test]
fn yaml_items_keep_their_places_without_their_indentation() {
    let text = "features:\n  primary:\n    - name: \"A #1\"\n      description: |\n        See `x`\n            code?\n        - #2\n";
    let subject = file_subject("data/release_posts/a.yml", text.to_owned(), Kind::ReleasePost, Format::Yaml);
    let document = Document::new(&subject);
    let prose: Vec<_> =
        document.outlines().iter().flat_map(|outline| outline.prose()).map(|p| p.span.of(text)).collect();
    assert_eq!(prose, ["A #1", "See ", "code?", "#2"]);
}

#[test]
fn boxes_know_their_state_and_links_their_targets() {
    let text = "- [ ] a\n- [x] b\n- [~] c\n1. [X] [d][e] <a href=\"/f\">g</a>\n\n[e]: /h\n";
    let subject = template(text);
    let document = Document::new(&subject);
    let outline = document.body().expect("a template has a body");
    let ticks: Vec<_> =
        outline.items.iter().filter_map(|item| item.task).map(|(span, tick)| (span.of(text), tick)).collect();
    assert_eq!(
        ticks,
        [("[ ]", Tick::Open), ("[x]", Tick::Done), ("[~]", Tick::Inapplicable), ("[X]", Tick::Done)]
    );
    let links: Vec<_> =
        outline.links.iter().map(|link| (link.kind, link.text.of(text), link.target.as_str())).collect();
    assert_eq!(links, [(LinkKind::Reference, "d", "/h"), (LinkKind::Html, "g", "/f")]);
}

#[test]
fn quick_actions_run_in_top_level_paragraphs_only() {
    let text = "words\n/label ~a\n\n- item\n/label ~b\n\n> quote\n/label ~c\n\n  /label ~d\n\n- /label ~e\n\n/close\n---\n";
    let expected = [
        (Place::Runs, "/label ~a"),
        (Place::Continues, "/label ~b"),
        (Place::Continues, "/label ~c"),
        (Place::Indented, "/label ~d"),
        (Place::Bullet, "/label ~e"),
        (Place::Setext, "/close"),
    ];
    assert_eq!(places(text), expected.map(|(place, line)| (place, line.to_owned())));
}

#[test]
fn a_template_sets_what_its_quick_actions_would_set() {
    let text = "/label ~\"a::1\" ~b\n/Label ~\"a::2\"\n/milestone %\"17 x\"\n/unlabel ~b\n- x\n/assign @me\n";
    let subject = template(text);
    let document = Document::new(&subject);
    let values =
        |path: &str| document.field(path).values.iter().map(|mark| mark.text.to_string()).collect::<Vec<_>>();
    assert_eq!(values("labels"), ["b", "a::2"]);
    assert_eq!(values("milestone"), ["17 x"]);
    assert!(values("assignees").is_empty());
    assert_eq!(values("state"), ["opened"]);
}

#[test]
fn the_text_of_a_heading_cuts_no_emphasis_and_no_link_in_two() {
    let text = "# **All**\n\n# **Goals** now\n\n# [Link](x) and `y`\n\n# **a [b](c)** {#id}\n";
    let subject = template(text);
    let document = Document::new(&subject);
    let headings: Vec<_> =
        document.outlines().iter().flat_map(|outline| &outline.headings).map(|h| h.text.of(text)).collect();
    assert_eq!(headings, ["All", "**Goals** now", "[Link](x) and `y`", "**a [b](c)**"]);
}
