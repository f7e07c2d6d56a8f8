//! Time and randomness come from here and nowhere else, so that tests can set both.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};

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

/// A clock by which nothing that was signed, issued or granted lives longer in real time than it may, whatever happens to the clock
/// that it reads: it shows the latest time that clock ever showed, and counts on from there by the machine's uptime (which goes on
/// while the machine sleeps).
///
/// After a step nobody can say whether the wall clock was right before or after it. The later of the two times is the one by which
/// what is stale is stale either way:
///
/// * Set back, it is not followed: what has expired stays expired. Clients whose clocks are right are refused by more than the
///   window until the wall clock has caught up, or the service is started again.
/// * Set forward, it is followed at once: not to follow would make a clock that was behind at the start, and is put right later,
///   accept for ever what was signed as long ago as it is behind.
/// * Slewed, it is followed: uptime and wall clock are slewed together by the kernel. Small steps back (by up to half a minute
///   without a word in the log) only make it run ahead by as much.
///
/// It remembers nothing beyond the process's end: after a start the machine's time is taken as it is.
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

/// Milliseconds since the machine was started, its sleep included: `CLOCK_MONOTONIC` would stand still in it.
fn uptime() -> i64 {
    let now = clock_gettime(ClockId::Boottime);
    now.tv_sec
        .saturating_mul(1000)
        .saturating_add(now.tv_nsec / 1_000_000)
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

/// How many random bytes of a thread's are kept for the ids of its next requests.
const KEPT: usize = 4096;

thread_local! {
    /// Random bytes, and how many of them are still to be used.
    static IDS: RefCell<([u8; KEPT], usize)> = const { RefCell::new(([0; KEPT], 0)) };
}

/// Gives random bytes for ids that prove nothing, such as those of requests: fetched for many at a time, each used once. Keys,
/// nonces and everything that must not be guessed come from [`random`].
///
/// # Errors
/// As [`random`].
pub fn random_for_ids<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    IDS.with_borrow_mut(|(bytes, left)| {
        if *left < N {
            getrandom::fill(bytes)?;
            *left = KEPT;
        }
        let Some(end) = left.checked_sub(N) else {
            return random();
        };
        let taken = bytes.get(end..*left).and_then(|part| part.try_into().ok());
        *left = end;
        taken.map_or_else(random, Ok)
    })
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
    fn ids_are_never_the_same() {
        let ids: std::collections::HashSet<[u8; 24]> =
            (0..10_000).map(|_| random_for_ids().unwrap()).collect();
        assert_eq!(ids.len(), 10_000);
        assert_ne!(
            random_for_ids::<8000>().unwrap()[..4000],
            random_for_ids::<8000>().unwrap()[..4000]
        );
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

    /// Whatever the wall clock does: what was signed by an honest clock, or by the time that the service showed, is never in its
    /// window when it is older in real time than that, and a session never outlives its duration.
    #[test]
    fn nothing_is_accepted_that_is_older_in_real_time_than_its_window() {
        const DAY: i64 = 86_400_000;
        const WINDOW: i64 = 300_000;
        let mut dice = 7_u64;
        let mut roll = move |sides: i64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (dice >> 33) as i64 % sides
        };
        let (mut fresh, mut stale) = (0, 0);
        for _ in 0..200 {
            // Real time is 0 at the start; the wall clock may begin a day off. While it was never right nobody can know how old a
            // date is that it did not show itself.
            let origin = 1_795_608_000_000;
            let ahead = (roll(3) - 1) * DAY;
            let (wall, uptime, steady) = set(origin + ahead);
            let mut real = 0;
            // What was signed, when in real time, and which date it has.
            let mut signed = Vec::new();
            for _ in 0..60 {
                if ahead >= 0 {
                    signed.push((real, origin + real));
                }
                signed.push((real, steady.now()));
                let step = roll(400_000);
                real += step;
                uptime.advance(step);
                wall.advance(step);
                match roll(6) {
                    0 => wall.advance(DAY),
                    1 => wall.advance(-DAY),
                    2 => wall.advance(roll(2 * DAY) - DAY),
                    3 => wall.advance(roll(2001) - 1000),
                    _ => {}
                }
                let now = steady.now();
                for (at, date) in &signed {
                    let accepted = (now - date).abs() <= WINDOW;
                    let age = real - at;
                    assert!(!accepted || age <= WINDOW, "accepted at an age of {age} ms");
                    if accepted {
                        fresh += 1;
                    } else {
                        stale += 1;
                    }
                }
            }
        }
        assert!(fresh > 5_000 && stale > 500_000, "{fresh} {stale}");
    }

    #[test]
    fn the_uptime_counts_on() {
        let before = uptime();
        assert!(before > 0);
        assert!((0..60_000).contains(&(uptime() - before)));
    }

    #[test]
    fn the_machines_clock_shows_the_machines_time() {
        let steady = SteadyClock::of_the_machine();
        let (before, now) = (SystemClock.now(), steady.now());
        let off = now - before;
        assert!((-1..60_000).contains(&off), "{off} ms off");
    }
}
