//! Where words in capitals stand.

use std::ops::Range;

/// Where capitals stand, each with the capitals and digits that follow it; of those of fewer than `shortest` bytes, some.
pub(super) fn capitals(text: &str, shortest: usize) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let of_term = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    // One byte of so many tells whether a term can stand among them.
    let step = shortest.max(1);
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let next = from + step - 1;
            let hit = next + step * bytes.get(next..)?.iter().step_by(step).position(of_term)?;
            let start =
                bytes[from..hit].iter().rposition(|byte| !of_term(byte)).map_or(from, |at| from + at + 1);
            from = hit + bytes[hit..].iter().take_while(|byte| of_term(byte)).count();
            if let Some(first) = bytes[start..from].iter().position(u8::is_ascii_uppercase) {
                return Some(start + first..from);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_found_wherever_they_start() {
        let text = "A OKR, 2ARR3x KPIs MVC-1 ÄDRI 2024 B2B4";
        for shortest in 0..4 {
            let runs = capitals(text, shortest).filter_map(|run| text.get(run));
            let long: Vec<&str> = runs.filter(|run| run.len() >= 3).collect();
            assert_eq!(long, ["OKR", "ARR3", "KPI", "MVC", "DRI", "B2B4"], "{shortest}");
        }
        assert_eq!(capitals("A1 2 B", 1).count(), 2);
    }
}
