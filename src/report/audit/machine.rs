//! A machine of states as a drawing: a box for each state in the order of its rule, an arrow for each move.

use std::collections::BTreeSet;

use super::plain;
use crate::audit::flow::{MachineTally, Move, StateTally};
use crate::check::states::machine::Legality;

/// Pixels of a box, and between two.
const BOX: (usize, usize) = (280, 52);
const GAP: usize = 44;

/// How far an arrow swings out beside the boxes: at the least, and more for each box that it passes.
const SWING: (usize, usize) = (30, 44);

/// Pixels between arrows that start or end at one side of a box.
const PORT: usize = 9;

/// The longest name in a box, in characters.
const MOST_NAME: usize = 30;

/// The most states that are drawn; the tables have all.
const MOST_STATES: usize = 24;

/// Where records are that have no state.
const BEFORE: &str = "no state yet";
const AFTER: &str = "no state any more";

/// What a page shows of a machine.
pub(super) struct Drawing<'a> {
    pub tally: &'a MachineTally,
    pub name: &'a str,
    /// Number of moves that the machine does not have.
    pub illegal: usize,
    pub width: usize,
    pub height: usize,
    /// None where there are too many.
    pub boxes: Vec<BoxView>,
    pub arrows: Vec<Arrow>,
}

/// A state, or where records are before their first and after their last.
pub(super) struct BoxView {
    pub x: usize,
    pub y: usize,
    pub name: String,
    pub counts: String,
    pub outside: bool,
}

/// A move, in words.
pub(super) struct MoveView {
    pub from: String,
    pub to: String,
    pub count: usize,
    pub said: &'static str,
    pub mark: &'static str,
    pub examples: String,
}

/// A move.
pub(super) struct Arrow {
    pub path: String,
    /// `legal`, `illegal` or `unknown`.
    pub legality: &'static str,
    /// Tenths of pixels.
    pub strength: usize,
    pub label: String,
    pub x: usize,
    pub y: usize,
}

impl<'a> Drawing<'a> {
    pub fn new(name: &'a str, tally: &'a MachineTally) -> Self {
        let illegal =
            tally.moves.iter().filter(|of| of.legality == Legality::Illegal).map(|of| of.count).sum();
        let mut drawing =
            Self { tally, name, illegal, width: 0, height: 0, boxes: Vec::new(), arrows: Vec::new() };
        if tally.states.len() <= MOST_STATES {
            drawing.draw();
        }
        drawing
    }

    fn draw(&mut self) {
        let (moves, states) = (&self.tally.moves, &self.tally.states);
        let before = usize::from(moves.iter().any(|of| of.from.is_none()));
        let after = moves.iter().any(|of| of.to.is_none());
        let last = states.len() + before;
        let place = |state: &Option<String>, outside| match state {
            Some(name) => states.iter().position(|of| of.name == *name).map(|at| at + before),
            None => Some(outside),
        };
        let routes = moves.iter().filter_map(|of| Some((of, place(&of.from, 0)?, place(&of.to, last)?)));
        let routes: Vec<_> = routes.collect();
        let reach = |side: Side| {
            let lengths = routes.iter().filter(|(_, from, to)| Side::of(*from, *to) == side);
            lengths.map(|(_, from, to)| swing(*from, *to) + 24).max().unwrap_or_default()
        };
        let (left, right) = (reach(Side::Left), reach(Side::Right));
        let top = |at: usize| 8 + at * (BOX.1 + GAP);
        let outside = |at, name: &str| BoxView {
            x: left,
            y: top(at),
            name: name.to_owned(),
            counts: String::new(),
            outside: true,
        };
        self.boxes.extend((before > 0).then(|| outside(0, BEFORE)));
        self.boxes.extend(states.iter().enumerate().map(|(at, of)| BoxView {
            x: left,
            y: top(at + before),
            name: named(&of.name),
            counts: counts(of),
            outside: false,
        }));
        self.boxes.extend(after.then(|| outside(last, AFTER)));
        (self.width, self.height) = (left + BOX.0 + right + 8, top(self.boxes.len()).saturating_sub(GAP) + 8);
        let most = moves.iter().map(|of| of.count).max().unwrap_or_default();
        let mut ports = BTreeSet::new();
        for (of, from, to) in routes {
            self.arrows.push(arrow(of, (from, to), left, &top, most, &mut ports));
        }
    }
}

impl Drawing<'_> {
    /// The moves as rows of a table.
    pub fn moves(&self) -> impl Iterator<Item = MoveView> {
        self.tally.moves.iter().map(|of| {
            let state = |state: &Option<String>, outside: &str| {
                state.as_deref().map_or_else(|| outside.to_owned(), |name| plain::line(name).into_owned())
            };
            let (said, mark) = match of.legality {
                Legality::Legal => ("a move of theirs", "clean"),
                Legality::Illegal => ("none of theirs", "error"),
                Legality::Unknown => ("nothing is said", "gap"),
            };
            let examples: Vec<_> = of.examples.iter().map(|of| plain::line(&of.subject)).collect();
            MoveView {
                from: state(&of.from, BEFORE),
                to: state(&of.to, AFTER),
                count: of.count,
                said,
                mark,
                examples: examples.join(", "),
            }
        })
    }
}

/// Where an arrow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    /// Straight down to the next box.
    Middle,
    Right,
}

impl Side {
    fn of(from: usize, to: usize) -> Self {
        if to == from + 1 {
            Self::Middle
        } else if to > from {
            Self::Right
        } else {
            Self::Left
        }
    }
}

fn swing(from: usize, to: usize) -> usize {
    SWING.0 + SWING.1 * from.abs_diff(to).max(1)
}

/// Draws the move `of` between two places, in the same way whatever came before it but for the ports that are taken.
fn arrow(
    of: &Move,
    (from, to): (usize, usize),
    left: usize,
    top: &dyn Fn(usize) -> usize,
    most: usize,
    ports: &mut BTreeSet<(Side, usize, usize)>,
) -> Arrow {
    let side = Side::of(from, to);
    let (legality, mark) = match of.legality {
        Legality::Legal => ("legal", ""),
        Legality::Illegal => ("illegal", "✗ "),
        Legality::Unknown => ("unknown", "? "),
    };
    let label = format!("{mark}{}", of.count);
    let strength = 15 + 35 * of.count / most.max(1);
    if side == Side::Middle {
        let (x, start, end) = (left + BOX.0 / 2, top(from) + BOX.1, top(to));
        // The head of the arrow ends at the box.
        let path = format!("M{x} {start}V{}", end - 2);
        return Arrow { path, legality, strength, label, x: x + 10, y: start + GAP / 2 + 4 };
    }
    let mut port = |at: usize| {
        let free = (1..BOX.1 / PORT).find(|port| ports.insert((side, at, *port)));
        top(at) + PORT * free.unwrap_or(1)
    };
    let (start, end) = (port(from), port(to));
    let far = swing(from, to);
    let (edge, out) = match side {
        Side::Right => (left + BOX.0, left + BOX.0 + far),
        _ => (left, left.saturating_sub(far)),
    };
    let stop = if side == Side::Right { edge + 2 } else { edge.saturating_sub(2) };
    let path = format!("M{edge} {start}C{out} {start} {out} {end} {stop} {end}");
    // Half way a curve of this kind has swung out by three quarters.
    let x = if side == Side::Right { edge + far * 3 / 4 + 4 } else { edge.saturating_sub(far * 3 / 4 + 20) };
    Arrow { path, legality, strength, label, x, y: (start + end) / 2 + 4 }
}

fn named(name: &str) -> String {
    let name = plain::line(name);
    match name.char_indices().nth(MOST_NAME) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.into_owned(),
    }
}

fn counts(of: &StateTally) -> String {
    let median = of.median_days.map(|days| format!(", median {days} days")).unwrap_or_default();
    let stuck = if of.stuck > 0 { format!(", {} too long", of.stuck) } else { String::new() };
    format!("{} now{median}{stuck}", of.now)
}
