//! Time and randomness come from here and nowhere else, so that tests can set both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine"
    )]
    fn now(&self) -> i64 {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
    }
}

/// How far a clock may be set back without a word about it, in milliseconds.
const WORTH_A_WARNING: i64 = 30_000;

/// Tells how many milliseconds went by since some moment. Never less than before.
pub type Uptime = Box<dyn Fn() -> i64 + Send + Sync>;

/// A clock that is not set back. Where the clock that it reads is, it goes on at the pace of the machine's uptime from the latest
/// time it ever showed, until the other one has caught up: signatures, sessions and tokens that have expired stay so. Where it is
/// set forward it follows, which lets nobody in for longer. It remembers nothing beyond the process's end.
pub struct SteadyClock {
    wall: Arc<dyn Clock>,
    uptime: Uptime,
    /// The largest difference seen between the wall clock and the uptime.
    start: AtomicI64,
    warned: AtomicBool,
}

impl SteadyClock {
    /// The machine's clock, not set back.
    #[must_use]
    pub fn of_the_machine() -> SteadyClock {
        let began = Instant::now();
        let uptime = move || i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        SteadyClock::new(Arc::new(SystemClock), Box::new(uptime))
    }

    /// A clock that follows `wall`, but for its steps back.
    #[must_use]
    pub fn new(wall: Arc<dyn Clock>, uptime: Uptime) -> SteadyClock {
        SteadyClock {
            wall,
            uptime,
            start: AtomicI64::new(i64::MIN),
            warned: AtomicBool::new(false),
        }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> i64 {
        let wall = self.wall.now();
        // Order: the uptime after the wall clock, so that a pause between the two makes the difference smaller, never larger, and
        // pauses do not add up.
        let uptime = (self.uptime)();
        let seen = wall.saturating_sub(uptime);
        let start = self.start.fetch_max(seen, Ordering::SeqCst).max(seen);
        let behind = start.saturating_sub(seen);
        if behind > WORTH_A_WARNING {
            if !self.warned.swap(true, Ordering::SeqCst) {
                tracing::warn!(
                    milliseconds = behind,
                    "the machine's clock was set back: time goes on from where it was; restart to take the machine's time"
                );
            }
        } else if self.warned.swap(false, Ordering::SeqCst) {
            tracing::info!("the machine's clock has caught up");
        }
        start.saturating_add(uptime)
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows this time, in milliseconds since the Unix epoch.
    pub fn new(now: i64) -> SetClock {
        SetClock(AtomicI64::new(now))
    }

    /// Sets the time.
    pub fn set(&self, now: i64) {
        self.0.store(now, Ordering::SeqCst);
    }

    /// Moves the time on.
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Gives random bytes of the operating system.
///
/// # Errors
/// The operating system has none: nothing that needs an id or a key can go on.
pub fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(now: i64) -> (Arc<SetClock>, Arc<SetClock>, SteadyClock) {
        let (wall, uptime) = (Arc::new(SetClock::new(now)), Arc::new(SetClock::new(0)));
        let read = Arc::clone(&uptime);
        let steady = SteadyClock::new(wall.clone(), Box::new(move || read.now()));
        (wall, uptime, steady)
    }

    #[test]
    fn a_clock_that_is_set_back_goes_on_from_where_it_was() {
        let (wall, uptime, steady) = set(1_000_000);
        assert_eq!(steady.now(), 1_000_000);
        for back in [1, 16 * 60_000, 86_400_000] {
            let before = steady.now();
            wall.set(before - back);
            assert_eq!(steady.now(), before);
            // A second by both clocks.
            wall.advance(1000);
            uptime.advance(1000);
            assert_eq!(steady.now(), before + 1000);
        }
        let before = steady.now();
        wall.set(before + 5);
        assert_eq!(steady.now(), before + 5, "it has caught up");
    }

    #[test]
    fn a_clock_that_is_set_forward_is_followed() {
        let (wall, uptime, steady) = set(1_000_000);
        steady.now();
        wall.advance(86_400_000);
        assert_eq!(steady.now(), 87_400_000);
        wall.set(1_000_000);
        uptime.advance(7);
        assert_eq!(steady.now(), 87_400_007, "and not back again");
    }

    #[test]
    fn the_machines_clock_shows_the_machines_time() {
        let steady = SteadyClock::of_the_machine();
        let (before, now) = (SystemClock.now(), steady.now());
        let off = now - before;
        assert!((-1..60_000).contains(&off), "{off} ms off");
    }
}
