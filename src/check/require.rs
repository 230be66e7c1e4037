//! Conditions that a subject must meet; one finding names everything that is missing.

mod choice;
mod grace;
mod named;
mod phrase;
mod place;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use self::choice::Choice;
use self::grace::Grace;
use self::named::Named;
pub use self::place::Place;
use self::place::Spot;
use super::clock::{Clock, End, Timed};
use super::window::quarter::Quarter;
use super::{Hit, Sink, View};
use crate::cond::{Cond, Verdict};
use crate::diagnostic::Severity;
use crate::message::Message;
use crate::remedy::posted;
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::yaml::Node;

/// What a subject must have, and where a finding points when it does not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Require {
    /// What must hold; where it says nothing, the place itself is what is found.
    #[serde(default)]
    that: Vec<Duty>,
    /// The keys of the duties that are asked, where it is not all of them.
    asked: Option<Vec<String>>,
    /// Where a finding points where no duty says so; the first place that there is. Without any the subject is not
    /// meant.
    at: Vec<Place>,
    /// Other places that belong to the finding.
    #[serde(default)]
    related: Vec<Companion>,
    /// Another value that messages and fixes may name.
    named: Option<Named>,
    /// The variant that is reported.
    #[serde(default)]
    variant: String,
    /// The severity by the value that the finding points at.
    #[serde(default)]
    graded: BTreeMap<String, Severity>,
    /// The time that authors have.
    grace: Option<Grace>,
    /// The month in which the fiscal year starts, for the quarter that messages may name.
    #[serde(default = "february", deserialize_with = "super::range::month")]
    fiscal_year_start_month: i8,
}

/// One thing that must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Duty {
    /// The name by which `asked` selects it.
    key: Option<String>,
    /// What is missing where it does not hold, as the message names it.
    name: String,
    /// The condition.
    #[serde(deserialize_with = "cond")]
    cond: Cond,
    /// Where it is missing or too much; a finding points at the first such place in the text.
    at: Option<Place>,
    /// A quick action that mends it in a record; `{value}` is the value at its own place.
    post: Option<Message>,
    /// Alone it is another rule's matter; it is named beside others.
    #[serde(default)]
    accessory: bool,
}

/// Another place that belongs to a finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Companion {
    /// Where it is.
    to: Place,
    /// What it has to do with the finding.
    says: String,
}

impl Require {
    /// The values that messages may name: the text at the place, what is missing, the value of the place's field, what was
    /// wanted in its stead, the fiscal quarter of today, `Q1-FY21`, and what the rule calls by name.
    pub const VALUES: &'static [&'static str] = &["hit", "missing", "value", "wanted", "quarter", "named"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Some(self.variant.as_str()).filter(|name| !name.is_empty()).into_iter().collect()
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        let duties = self.that.iter().filter(|duty| self.asks(duty));
        let conds = duties.clone().map(|duty| duty.cond.details());
        let own = duties.filter_map(|duty| duty.at.as_ref());
        let companions = self.related.iter().map(|companion| &companion.to);
        let named = self.named.iter().filter_map(Named::place);
        let places = self.at.iter().chain(own).chain(companions).chain(named);
        let places = places.filter_map(Place::detail).map(Details::from);
        let grace = self.grace.as_ref().map(|_| Detail::LabelEvents.into());
        conds.chain(places).chain(grace).collect()
    }

    /// A place that must be one of some values is found only where the text holds one of them.
    pub fn need(&self) -> Need {
        let literals: Option<Vec<_>> = self.at.iter().map(Place::literals).collect();
        literals.map_or(Need::Nothing, |lists| Need::Any(lists.into_iter().flatten().collect()))
    }

    /// Reports once what is missing.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if !sink.wants(&self.variant) {
            return;
        }
        let Some(spot) = self.spot(view) else { return };
        let mut unmet = Vec::new();
        for duty in self.that.iter().filter(|duty| self.asks(duty)) {
            match duty.cond.holds(view.doc, view.world) {
                Verdict::True => {}
                Verdict::False => unmet.push(duty),
                Verdict::Unknown(field) => sink.not_checked(format!("the record has no `{field}`")),
            }
        }
        let holds = unmet.iter().all(|duty| duty.accessory) && !self.that.is_empty();
        if holds || self.grace.as_ref().is_some_and(|grace| grace.lasts(view)) {
            return;
        }
        let missing: Vec<_> = unmet.iter().map(|duty| duty.name.as_str()).collect();
        let own = unmet.iter().map(|duty| (*duty, duty.at.as_ref().and_then(|place| place.find(view.doc))));
        let own: Vec<_> = own.collect();
        let posts: Vec<_> = own.iter().filter_map(|(duty, spot)| duty.posted(spot.as_ref())).collect();
        let spot = own.into_iter().filter_map(|(_, spot)| spot).min_by_key(|spot| spot.span).unwrap_or(spot);
        let hit = spot.span.of(view.doc.text());
        let quarter = Quarter::at(view.world.today, self.fiscal_year_start_month).to_string();
        let named = self.named.as_ref().map(|named| named.of(view)).unwrap_or_default();
        let values = [
            ("hit", hit),
            ("missing", &*listed(&missing)),
            ("value", spot.value.as_str()),
            ("wanted", spot.wanted.as_str()),
            ("quarter", quarter.as_str()),
            ("named", named.as_str()),
        ];
        let fix = posted(view.doc, &posts);
        let mut finding = Hit::at(spot.span, &values).variant(&self.variant).fix(fix);
        finding.severity = self.graded.get(&spot.value).copied();
        for companion in &self.related {
            if let Some(place) = companion.to.find(view.doc).filter(|place| place.span != spot.span) {
                finding = finding.related(place.span, companion.says.as_str());
            }
        }
        sink.report(finding);
    }

    /// Whether it gives time, or asks for something that time alone undoes.
    pub(super) fn has_clock(&self) -> bool {
        self.grace.is_some() || self.that.iter().any(|duty| duty.cond.has_limit())
    }

    /// Where the subject stands with the time that it has.
    pub(super) fn clock(&self, view: View<'_>, end: End) -> Option<Timed<'_>> {
        self.spot(view)?;
        let today = view.world.today;
        let asked = || self.that.iter().filter(|duty| self.asks(duty));
        let (mut holds, mut unknown) = (!self.that.is_empty(), false);
        for duty in asked() {
            match duty.cond.holds(view.doc, view.world) {
                Verdict::True => {}
                Verdict::False => holds &= duty.accessory,
                Verdict::Unknown(_) => unknown = true,
            }
        }
        let clock = if let Some(grace) = &self.grace {
            match grace.last(view) {
                // What asks for the end is done on the day of the end.
                Some(due) if holds && asked().any(|duty| duty.cond.asks("state")) => {
                    Clock::until(due, End::of(view.doc), today)
                }
                _ if holds && !unknown => Clock::Met,
                Some(due) if !unknown => Clock::until(due, end, today),
                _ => Clock::Unknown,
            }
        } else {
            match asked().filter_map(|duty| duty.cond.limit(view.doc, view.world)).min()? {
                _ if unknown => Clock::Unknown,
                due if end == End::Open && !holds && today <= due => Clock::Overdue(0),
                due => Clock::until(due, end, today),
            }
        };
        Some((&self.variant, clock))
    }

    /// Why it asks nothing of the subject, so that its silence says nothing about what it requires.
    pub fn spared(&self, view: View<'_>) -> Option<&'static str> {
        if self.spot(view).is_none() {
            return Some("the subject has none of the places in `at`");
        }
        let lasts = self.grace.as_ref().is_some_and(|grace| grace.lasts(view));
        lasts.then_some("the time of `grace` is not over")
    }

    /// The first place that there is; the key of a field that the record lacks only where no other place is left.
    fn spot(&self, view: View<'_>) -> Option<Spot> {
        let places = |there| self.at.iter().filter(move |place| place.is_there(view.doc) == there);
        places(true).chain(places(false)).find_map(|place| place.find(view.doc))
    }

    fn asks(&self, duty: &Duty) -> bool {
        match (&self.asked, &duty.key) {
            (Some(asked), Some(key)) => asked.contains(key),
            _ => true,
        }
    }
}

impl Duty {
    /// The quick action that mends it, for the value at its own place.
    fn posted(&self, spot: Option<&Spot>) -> Option<String> {
        let value = spot.map_or("", |spot| spot.value.as_str());
        self.post.as_ref()?.complete(&[("value", value)])
    }
}

fn february() -> i8 {
    2
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn cond<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cond, D::Error> {
    // Front-matter keys are free, and a kind does not know which subjects its rule reads.
    Cond::read(&Node::deserialize(deserializer)?, true).map_err(D::Error::custom)
}
