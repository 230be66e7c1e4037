//! What an example says about fixes: the text after the safe ones, after all of them, or the quick actions of a record.

use super::Example;
use crate::engine::check;
use crate::finding::Checked;
use crate::fix::{Mended, Reach, mend, propose};
use crate::rule::RuleSet;
use crate::subject::{Role, Subject};

/// What is said.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The rules by which fixes are refused.
    pub(super) refused_for: Vec<String>,
    /// The text, or a record's description, after the safe fixes of the rule.
    pub(super) fixed: Option<String>,
    /// The same after all its fixes.
    pub(super) suggested: Option<String>,
    /// The lines that are proposed to be pasted.
    pub(super) quick_actions: Option<Vec<String>>,
}

impl Claims {
    /// What speaks against them for the findings of `rule`, if anything.
    pub(super) fn contradiction(&self, example: &Example, rule: &str, rules: &RuleSet) -> Option<String> {
        let texts = [(Reach::Safe, "safe fixes", &self.fixed), (Reach::All, "all fixes", &self.suggested)];
        for (reach, which, wanted) in texts {
            let Some(wanted) = wanted else { continue };
            let Mended { subject, repair, .. } = example.mend(Some(rule), rules, reach);
            let text = main_text(&subject);
            if text != wanted {
                let left =
                    repair.left.iter().map(|left| format!("\nleft: {}", left.reason)).collect::<String>();
                return Some(format!("after {which} expected\n{wanted}\nand got\n{text}{left}"));
            }
        }
        let wanted = self.quick_actions.as_ref()?;
        let (held, check) = example.check(Some(rule), rules);
        let repair = propose(&example.subject, &held, Reach::All, &check);
        let (wanted, lines) = (wanted.join("\n"), repair.quick_actions.join("\n"));
        (wanted != lines).then(|| format!("expected the quick actions\n{wanted}\nand got\n{lines}"))
    }
}

impl Example {
    /// The example after its fixes, those of `rule` or of all rules.
    pub(super) fn mend(&self, rule: Option<&str>, rules: &RuleSet, reach: Reach) -> Mended {
        let (held, check) = self.check(rule, rules);
        mend(&self.subject, &held, reach, &check)
    }

    /// The outcome of its check with the findings of `rule` alone, and the check with all rules.
    fn check(&self, rule: Option<&str>, rules: &RuleSet) -> (Checked, impl Fn(&Subject) -> Checked) {
        let world = self.world();
        let check = move |subject: &Subject| check(subject, rules, &world, false);
        let mut held = check(&self.subject);
        held.findings.retain(|finding| rule.is_none_or(|rule| finding.rule.id == rule));
        (held, check)
    }
}

/// A file's text, a record's description.
fn main_text(subject: &Subject) -> &str {
    let body = || subject.parts.iter().find(|part| part.role == Role::Body);
    match subject.path {
        Some(_) => &subject.text,
        None => body().map(|body| body.span.of(&subject.text)).unwrap_or_default(),
    }
}
