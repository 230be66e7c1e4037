//! Fixes: what is made removes findings, leads to no other, and leaves a second run nothing to do.

use proclint::finding::Checked;
use proclint::fix::{Mended, Reach, diff, mend, propose};

use super::given::{check, subject};
use super::readers;
use super::spans::exact;

/// Fixes of any file or record.
pub fn fixes(data: &[u8]) {
    let subject = subject(data);
    let held = check(&subject);
    for reach in [Reach::Safe, Reach::All] {
        let Mended { subject: mended, checked, repair } = mend(&subject, &held, reach, &check);
        assert!(checked.findings.len() + repair.fixed.len() <= held.findings.len());
        let now = check(&mended);
        assert_eq!(prints(&checked), prints(&now));
        exact(&mended, &checked);
        let again = mend(&mended, &checked, reach, &check);
        assert_eq!(again.subject.text, mended.text, "a second run has something to do");
        assert!(again.repair.fixed.is_empty());
        let faults = repair.left.iter().filter(|left| left.reason.starts_with("a fault"));
        assert_eq!(faults.count(), 0, "{:?}", repair.left);
        if subject.path.is_some() {
            readers::patch(&subject.text, &mended.text, &diff(&subject.name, &subject.text, &mended.text));
        } else {
            let proposed = propose(&subject, &held, reach, &check);
            for line in &proposed.quick_actions {
                assert!(line.starts_with('/') && !line.contains(['\n', '\r']), "{line:?}");
            }
        }
    }
}

fn prints(checked: &Checked) -> Vec<&str> {
    checked.findings.iter().map(|finding| finding.fingerprint.as_str()).collect()
}
