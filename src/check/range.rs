//! Numbers of a rule that make sense within bounds only.

use serde::de::{Deserialize, Deserializer, Error};

/// The number of a month.
///
/// # Errors
/// Where it is none from 1 to 12.
pub(super) fn month<'de, D: Deserializer<'de>>(number: D) -> Result<i8, D::Error> {
    let month = i8::deserialize(number)?;
    if (1..=12).contains(&month) {
        Ok(month)
    } else {
        Err(D::Error::custom("a month is a number from 1 to 12"))
    }
}

/// A stretch of days.
///
/// # Errors
/// Where there is no day in it.
pub(super) fn days<'de, D: Deserializer<'de>>(number: D) -> Result<i64, D::Error> {
    let days = i64::deserialize(number)?;
    if days > 0 { Ok(days) } else { Err(D::Error::custom("there is no day in it; write 1 or more")) }
}
