//! What the rules that are switched on declare as data: machines of states, and time limits.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::clock::{Clock, End};
use crate::check::states::machine::{Machine, Passage};
use crate::check::states::{States, stay::Overstay};
use crate::check::{Check, View};
use crate::cond::need::tells;
use crate::cond::{Cond, Verdict};
use crate::document::Document;
use crate::rule::{Rule, RuleSet};
use crate::scan::{Need, Prefilter};
use crate::subject::{Kind, Subject};
use crate::world::World;

/// The declarations of a rule set.
#[derive(Debug)]
pub struct Plan<'r> {
    machines: Vec<(Arc<Shape>, Machine, Vec<Part<'r>>)>,
    limits: Vec<Limit<'r>>,
    /// What a record must hold for the conditions of each limit.
    prefilter: Prefilter,
}

/// What a machine is called, and which states it has.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// The rule that declares it, the first of several; with the prefix where that rule declares another one too.
    pub name: String,
    /// All rules that declare something of it.
    pub rules: Vec<String>,
    /// What the names of its labels have before the name of the state.
    pub prefix: String,
    /// The names of its states; and whether each is an end.
    pub states: Vec<(String, bool)>,
    /// Whether a rule says which moves there are.
    pub has_moves: bool,
}

/// A rule's part of a machine.
#[derive(Debug)]
struct Part<'r> {
    rule: &'r Rule,
    when: &'r Cond,
    states: &'r States,
}

/// A time limit of a rule.
#[derive(Debug)]
struct Limit<'r> {
    rule: &'r Rule,
    when: &'r Cond,
    check: &'r Check,
    /// The conditions without what they ask of the state: a record that is over met its limit, or did not.
    whenever: [Cond; 2],
    of: Arc<Term>,
}

/// What a time limit is called.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// The rule's id.
    pub rule: String,
    /// What the rule is about.
    pub title: String,
    /// The page that it cites.
    pub url: String,
}

/// What the declarations see in one subject.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// How it passed through the machines in which it was.
    pub passed: Vec<Passed>,
    /// Where it stands with time limits.
    pub clocks: Vec<Ticking>,
}

/// How a subject passed through one machine.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The machine.
    pub shape: Arc<Shape>,
    /// How.
    pub passage: Passage,
    /// The subject is neither closed nor merged.
    pub open: bool,
    /// The states it is in for too long: place, day since when, days that it has lasted and may last.
    pub stuck: Vec<(usize, String, i64, i64)>,
}

/// A time limit that a subject has.
#[derive(Clone, Debug)]
pub struct Ticking {
    /// The limit.
    pub of: Arc<Term>,
    /// What tells it from the others of its rule.
    pub part: String,
    /// Where the subject stands.
    pub clock: Clock,
}

impl<'r> Plan<'r> {
    /// What `rules` declare for records.
    pub fn of(rules: &'r RuleSet) -> Self {
        let records = Kind::ALL.into_iter().filter(|kind| kind.is_record());
        let found = records.flat_map(|kind| rules.of_kind(kind).0);
        let by_id: BTreeMap<&str, &Rule> = found.map(|rule| (rule.voice.header.id.as_str(), rule)).collect();
        let mut parts: BTreeMap<(&str, &str), Vec<Part<'r>>> = BTreeMap::new();
        let mut limits = Vec::new();
        for (id, rule) in &by_id {
            let header = &rule.voice.header;
            let of = Term { rule: header.id.clone(), title: header.title.clone(), url: header.url.clone() };
            let of = Arc::new(of);
            for (when, check) in &rule.checks {
                if let Check::States(states) = check {
                    // Labels without a prefix may belong to anything.
                    let key = if states.prefix().is_empty() { (*id, "") } else { ("", states.prefix()) };
                    parts.entry(key).or_default().push(Part { rule, when, states });
                }
                if check.has_clock() && rule.voice.words(check.late_variant()).is_some() {
                    let whenever = [rule.when.without("state"), when.without("state")];
                    limits.push(Limit { rule, when, check, whenever, of: Arc::clone(&of) });
                }
            }
        }
        let mut machines: Vec<(Arc<Shape>, Machine, Vec<Part<'r>>)> = Vec::new();
        for parts in parts.into_values() {
            let states: Vec<_> = parts.iter().map(|part| part.states).collect();
            let Some(machine) = Machine::join(&states) else { continue };
            let mut ids: Vec<_> = parts.iter().map(|part| part.rule.voice.header.id.clone()).collect();
            ids.dedup();
            let name = ids.first().cloned().unwrap_or_default();
            let taken = machines.iter().any(|(shape, ..)| shape.name == name);
            let shape = Shape {
                name: if taken { format!("{name} {}", machine.prefix()) } else { name },
                rules: ids,
                prefix: machine.prefix().to_owned(),
                states: machine.states().map(|(name, end)| (name.to_owned(), end)).collect(),
                has_moves: machine.has_moves(),
            };
            machines.push((Arc::new(shape), machine, parts));
        }
        let prefilter = Prefilter::new(limits.iter().map(Limit::need).collect());
        Self { machines, limits, prefilter }
    }

    /// Whether `subject` is in a state of a machine, so that its history is worth reading.
    pub fn follows(&self, subject: &Subject, today: Date) -> bool {
        let document = Document::new(subject);
        self.machines.iter().any(|(_, machine, _)| machine.passage(&document, today).is_some())
    }

    /// What the declarations see in the subject of `document`.
    pub fn observe(&self, document: &Document<'_>, world: &World) -> Observed {
        let view = View::new(document, world);
        let end = End::of(document);
        let mut observed = Observed::default();
        for (shape, machine, parts) in &self.machines {
            let Some(passage) = machine.passage(document, world.today) else { continue };
            let decides = |part: &&Part<'_>| !part.states.has_limits();
            let mut about = parts.iter().filter(decides).peekable();
            let meant = about.peek().is_none() || about.any(|part| part.holds(view) != Verdict::False);
            if !meant {
                continue;
            }
            let limits = parts.iter().filter(|part| part.states.has_limits());
            let (mut stuck, mut finished) = (Vec::new(), Vec::new());
            for part in limits {
                if part.holds(view) == Verdict::True && end == End::Open {
                    let over = |over: Overstay<'_>| {
                        let place = shape.states.iter().position(|(name, _)| name == over.state)?;
                        Some((place, over.since.to_string(), over.days, over.limit))
                    };
                    stuck.extend(part.states.overstays(view).into_iter().filter_map(over));
                }
                for stay in &passage.stays {
                    let Some((name, _)) = shape.states.get(stay.state) else { continue };
                    let clock = part.states.clock_of(name, stay.from, stay.to);
                    let of = self.limits.iter().find(|limit| std::ptr::eq(limit.rule, part.rule));
                    finished.extend(clock.zip(of).map(|((part, clock), limit)| Ticking {
                        of: Arc::clone(&limit.of),
                        part: part.to_owned(),
                        clock,
                    }));
                }
            }
            observed.clocks.extend(finished);
            observed.passed.push(Passed { shape: Arc::clone(shape), passage, open: end == End::Open, stuck });
        }
        let (kind, tells) = (document.subject.kind, tells(document));
        for (limit, may_hold) in self.limits.iter().zip(self.prefilter.may_be_touched(document.haystack())) {
            if limit.rule.on.has(kind) && (may_hold || !tells) {
                observed.clocks.extend(limit.ticking(view, end));
            }
        }
        observed
    }
}

impl Part<'_> {
    fn holds(&self, view: View<'_>) -> Verdict<'_> {
        if !self.rule.on.has(view.doc.subject.kind) {
            return Verdict::False;
        }
        both(&self.rule.when, self.when, view)
    }
}

impl Limit<'_> {
    /// What a record must hold for the conditions, with or without what they ask of the state.
    fn need(&self) -> Need {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_record() && self.rule.on.has(*kind));
        Need::union(kinds.map(|kind| self.rule.when.need(kind).and(self.when.need(kind))))
    }

    fn ticking(&self, view: View<'_>, end: End) -> Vec<Ticking> {
        let clocks = match both(&self.rule.when, self.when, view) {
            Verdict::True => self.check.clocks(view, End::Open),
            Verdict::Unknown(_) => vec![("", Clock::Unknown)],
            Verdict::False if end == End::Open && !self.check.asks_to_last() => Vec::new(),
            Verdict::False => {
                let [rule, check] = &self.whenever;
                let holds = both(rule, check, view) == Verdict::True;
                if holds { self.check.clocks(view, end) } else { Vec::new() }
            }
        };
        let ticking =
            |(part, clock): (&str, Clock)| Ticking { of: Arc::clone(&self.of), part: part.to_owned(), clock };
        clocks.into_iter().map(ticking).collect()
    }
}

/// Whether both conditions hold for what is looked at.
fn both<'c>(one: &'c Cond, other: &'c Cond, view: View<'_>) -> Verdict<'c> {
    match one.holds(view.doc, view.world) {
        Verdict::True => other.holds(view.doc, view.world),
        Verdict::False => Verdict::False,
        unknown => match other.holds(view.doc, view.world) {
            Verdict::False => Verdict::False,
            _ => unknown,
        },
    }
}
