use super::*;

#[test]
fn plain_sentences_stay_as_they_are() {
    for text in [
        "Say what the work will solve, e.g. in one sentence (or two).",
        "It's done by 2026-03-15; see the page's first heading: “Why”.",
        "発布の前に、全部見る。 Größe 12.5, and/or more!",
    ] {
        assert_eq!(words(text), text);
    }
}

#[test]
fn what_means_something_is_code() {
    let cases = [
        ("Ask @all now", "Ask `@all` now"),
        ("Closes #4, g/p!5", "Closes `#4, g/p!5`"),
        ("closes GL-4 and fixes JIRA_X-12", "closes `GL-4` and fixes `JIRA_X-12`"),
        ("see https://gitlab.example/g/p/-/issues/1.", "see `https://gitlab.example/g/p/-/issues/1`."),
        ("www.evil.example is", "`www.evil.example` is"),
        ("since 9ba12248", "since `9ba12248`"),
        ("with /label ~\"x y\" ~z.", "with `/label ~\"x y\" ~z`."),
        ("... ~x: @y?!", "... `~x: @y?!`"),
        ("<!-- x --> **b** _i_", "`<!--` x `--> **b** _i_`"),
        ("1. first", "`1`. first"),
        ("Say `#21549` is (`a`), not `b`.", "Say `#21549` is (`a`), not `b`."),
        ("one ` tick @x", "one tick `@x`"),
        ("`a``b`", "`a` `b`"),
        ("a\u{202e}b", r"`a\u{202e}b`"),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn code_is_fenced_longer_than_what_is_in_it() {
    assert_eq!(code("a"), "`a`");
    assert_eq!(code(""), "` `");
    assert_eq!(code(" a"), "`  a `");
    assert_eq!(code("`"), "`` ` ``");
    assert_eq!(code("a``b`c"), "```a``b`c```");
    assert_eq!(code("a\nb\u{1b}"), r"`a\nb\u{1b}`");
    assert_eq!(fenced("x\n````\n/close\n"), "`````text\nx\n````\n /close\n`````");
    assert_eq!(numbered("/a\n\tb".lines(), 9), "```text\n 9 | /a\n10 |     b\n```");
}

#[test]
fn code_closes_nothing() {
    assert_eq!(code("Closes #4"), "`Closes\u{a0}#4`");
    assert_eq!(
        fenced("x\nFixes:  GL-4 and close, fix it"),
        "```text\nx\nFixes:\u{a0}\u{a0}GL-4 and close, fix\u{a0}it\n```"
    );
}
