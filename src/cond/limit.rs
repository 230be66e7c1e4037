//! The days by which a condition stops to hold with time alone.

use jiff::Span;
use jiff::civil::Date;

use super::{Asks, Cond, Scope, date_of};
use crate::document::Document;
use crate::world::World;

impl Cond {
    /// Whether there is a day after which the condition does not hold any more, because a date is too old by then.
    pub fn has_limit(&self) -> bool {
        self.limits(false).next().is_some()
    }

    /// The last day on which no date is too old for the condition; `None` where the subject has none of these dates.
    pub fn limit(&self, document: &Document<'_>, world: &World) -> Option<Date> {
        let scope = Scope::Document(document);
        let last = |(path, days): (&str, i64)| {
            let day = date_of(&scope.field(path, world).first()?.text)?;
            day.checked_add(Span::new().try_days(days).ok()?).ok()
        };
        self.limits(false).filter_map(last).min()
    }

    /// Whether it asks something of `field` at its top.
    pub fn asks(&self, field: &str) -> bool {
        self.fields().any(|(path, _)| path == field)
    }

    /// The same condition without what it asks of `field` at its top.
    #[must_use]
    pub fn without(&self, field: &str) -> Self {
        let mut cond = self.clone();
        cond.questions.retain(|question| !matches!(&question.asks, Asks::Field(path, _) if path == field));
        cond
    }

    /// Each field whose date must not be older than so many days.
    fn limits(&self, negated: bool) -> Box<dyn Iterator<Item = (&str, i64)> + '_> {
        let own = self.fields().filter(move |_| negated && !self.off);
        let own = own.filter_map(|(path, test)| Some((path, test.limit()?)));
        let within = self.any_of.iter().flat_map(move |cond| cond.limits(negated));
        Box::new(own.chain(within).chain(self.not.iter().flat_map(move |cond| cond.limits(!negated))))
    }
}
