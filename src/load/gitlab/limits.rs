//! What the headers of an answer say: how long to wait, and where the next page is.

use std::time::Duration;

use jiff::fmt::rfc2822;

use super::transport::Answer;

/// What an answer says of the rate limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Limits {
    /// How long to wait before the next try: `Retry-After`, or else the time to `RateLimit-Reset`.
    pub(super) wait: Option<Duration>,
    /// `RateLimit-Remaining`.
    pub(super) remaining: Option<u64>,
    /// How much the server's clock is ahead of ours, in seconds.
    pub(super) skew: Option<i64>,
}

impl Limits {
    /// The limits in the headers of `answer`, read at `now`.
    pub(super) fn of(answer: &Answer, now: u64) -> Self {
        let number = |name: &str| answer.header(name)?.parse::<u64>().ok();
        // Times of the server count from its own clock; ours may be wrong by hours.
        let date = answer.header("date").and_then(moment);
        let server = date.unwrap_or(now);
        let until = |moment: u64| Duration::from_secs(moment.saturating_sub(server));
        let retry = answer.header("retry-after").and_then(|value| match value.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => moment(value).map(until),
        });
        let spent = answer.status == 429 || number("ratelimit-remaining") == Some(0);
        let reset = number("ratelimit-reset").filter(|_| spent).map(until);
        Self {
            // A window that ended already says nothing.
            wait: retry.or(reset.filter(|wait| !wait.is_zero())),
            remaining: number("ratelimit-remaining"),
            skew: date.and_then(|date| i64::try_from(date).ok()?.checked_sub_unsigned(now)),
        }
    }
}

/// A date as headers have it, in seconds since 1970.
fn moment(text: &str) -> Option<u64> {
    let zoned = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(zoned.as_second()).ok()
}

/// The address with `rel="next"` in a `Link` header.
pub(super) fn next_page(link: &str) -> Option<&str> {
    let mut rest = link;
    while let Some((_, open)) = rest.split_once('<') {
        let (address, after) = open.split_once('>')?;
        let end = after.find('<').unwrap_or(after.len());
        let parameters = after[..end].split([';', ',']).map(str::trim);
        let mut relations = parameters.filter_map(|parameter| parameter.strip_prefix("rel="));
        let is_next =
            |rel: &str| rel.trim_matches('"').split(' ').any(|rel| rel.eq_ignore_ascii_case("next"));
        if relations.any(is_next) {
            return Some(address);
        }
        rest = &after[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderMap;

    use super::*;

    fn limits(status: u16, headers: &[(&'static str, &str)]) -> Limits {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Limits::of(&Answer { status, headers, body: Vec::new() }, 1_000_000_000)
    }

    #[test]
    fn the_servers_own_clock_counts() {
        let skewed = [("date", "Sun, 09 Sep 2001 02:46:40 GMT"), ("ratelimit-reset", "1000003630")];
        let limits_429 = limits(429, &skewed);
        assert_eq!(limits_429.wait, Some(Duration::from_secs(30)));
        assert_eq!(limits_429.skew, Some(3600));
        assert_eq!(limits(200, &skewed).wait, None, "calls are left");
        assert_eq!(limits(429, &[("ratelimit-reset", "999")]).wait, None, "a window long over");
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let reset = ("ratelimit-reset", "1000000050");
        assert_eq!(limits(429, &[("retry-after", "7"), reset]).wait, Some(Duration::from_secs(7)));
        let date = limits(503, &[("retry-after", "Sun, 09 Sep 2001 01:46:45 GMT")]);
        assert_eq!(date.wait, Some(Duration::from_secs(5)));
        assert_eq!(limits(429, &[("retry-after", "soon")]).wait, None);
    }

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let link = r#"<https://x/a?page=1>; rel="first", <https://x/a,b?page=3>; rel="next", <https://x/a?page=9>; rel="last""#;
        assert_eq!(next_page(link), Some("https://x/a,b?page=3"));
        assert_eq!(next_page(r#"<https://x/a>; rel="prev""#), None);
        assert_eq!(next_page("<broken"), None);
        assert_eq!(next_page(""), None);
    }
}
