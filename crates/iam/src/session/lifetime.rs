//! How long sessions last ("Compare AWS STS credentials").

/// Without a duration, a role's session lasts an hour.
const ROLE_DEFAULT: i64 = 3_600;
/// A session that a role's session assumed lasts an hour at most, whatever the role allows.
const CHAINED_MAX: i64 = 3_600;
/// Without a duration, a user's session lasts twelve hours.
const USER_DEFAULT: i64 = 43_200;
/// Root's sessions last an hour at most; a longer one is made shorter without a word.
const ROOT_MAX: i64 = 3_600;

/// Why a session cannot last so long. `Display` is AWS's text, the code is ValidationError.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifetimeError {
    /// Longer than the role allows.
    #[error("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")]
    Role,
    /// Longer than a chained session may last.
    #[error(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    )]
    Chained,
}

/// How long the session of a role lasts, in seconds, where this was asked for and the role allows so much. A chained
/// session is one that another role's session assumed.
///
/// # Errors
/// More was asked for than there can be.
pub fn role_lifetime(
    requested: Option<i64>,
    max_session: i64,
    chained: bool,
) -> Result<i64, LifetimeError> {
    let lifetime = requested.unwrap_or(ROLE_DEFAULT);
    if chained && lifetime > CHAINED_MAX {
        return Err(LifetimeError::Chained);
    }
    if lifetime > max_session {
        return Err(LifetimeError::Role);
    }
    Ok(lifetime)
}

/// How long the session of a user, or of somebody a user vouches for, lasts, in seconds.
pub fn user_lifetime(requested: Option<i64>, root: bool) -> i64 {
    let lifetime = requested.unwrap_or(USER_DEFAULT);
    if root {
        lifetime.min(ROOT_MAX)
    } else {
        lifetime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_chains_limit_how_long_a_session_lasts() {
        assert_eq!(role_lifetime(None, 3600, false), Ok(3600));
        assert_eq!(role_lifetime(Some(900), 3600, true), Ok(900));
        assert_eq!(role_lifetime(Some(3600), 43_200, true), Ok(3600));
        assert_eq!(role_lifetime(Some(43_200), 43_200, false), Ok(43_200));
        assert_eq!(
            role_lifetime(Some(3601), 3600, false),
            Err(LifetimeError::Role)
        );
        assert_eq!(
            role_lifetime(Some(3601), 43_200, true),
            Err(LifetimeError::Chained)
        );
    }

    #[test]
    fn sessions_of_root_last_an_hour_at_most() {
        assert_eq!(user_lifetime(None, false), 43_200);
        assert_eq!(user_lifetime(Some(129_600), false), 129_600);
        assert_eq!(user_lifetime(None, true), 3600);
        assert_eq!(user_lifetime(Some(900), true), 900);
    }
}
