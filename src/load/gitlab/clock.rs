//! Time as the client needs it, so that tests need not wait.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the client knows of time.
pub trait Clock: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> u64;

    /// Lets that time pass.
    fn sleep(&self, time: Duration);

    /// A number from 0 to 1, so that jobs which failed together do not come back together.
    fn jitter(&self) -> f64;
}

/// The time of the system.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn jitter(&self) -> f64 {
        // Every `RandomState` has keys of its own.
        f64::from(u16::try_from(RandomState::new().hash_one(0) & 0xffff).unwrap_or(0)) / f64::from(u16::MAX)
    }
}
