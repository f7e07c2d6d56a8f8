//! What is set for an account as a whole.

use serde::{Deserialize, Serialize};

/// What is set for an account as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    /// The account, 12 digits.
    pub account: String,
    /// Its name.
    #[serde(default)]
    pub alias: Option<String>,
    /// The rules for users' passwords, where they are set.
    #[serde(default)]
    pub password_policy: Option<PasswordPolicy>,
    /// When a credential report was asked for last, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub credential_report: Option<i64>,
}

/// The rules for users' passwords ("Set an account password policy for IAM users").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// The fewest characters, 6 to 128.
    pub minimum_length: i64,
    /// Whether one of `! @ # $ % ^ & * ( ) _ + - = [ ] { } | '` is needed.
    pub symbols: bool,
    /// Whether a digit is needed.
    pub numbers: bool,
    /// Whether a capital letter is needed.
    pub uppercase: bool,
    /// Whether a small letter is needed.
    pub lowercase: bool,
    /// Whether users may change their own.
    pub users_may_change: bool,
    /// After how many days they end, 1 to 1,095; never if absent.
    pub max_age: Option<i64>,
    /// How many earlier ones may not be used again, 1 to 24.
    pub reuse_prevention: Option<i64>,
    /// Whether an ended one cannot be changed by its user.
    pub hard_expiry: Option<bool>,
}

/// Symbols that count as such.
const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";

impl PasswordPolicy {
    /// Whether the rules let the password be.
    pub fn accepts(&self, password: &str) -> bool {
        let any = |wanted: bool, is: fn(char) -> bool| !wanted || password.chars().any(is);
        let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
        length >= self.minimum_length
            && any(self.symbols, |c| SYMBOLS.contains(c))
            && any(self.numbers, |c| c.is_ascii_digit())
            && any(self.uppercase, |c| c.is_ascii_uppercase())
            && any(self.lowercase, |c| c.is_ascii_lowercase())
    }

    /// Whether AWS's rules for accounts without their own let the password be: at least 8 characters of three kinds.
    pub fn default_accepts(password: &str) -> bool {
        let kinds: [fn(char) -> bool; 4] = [
            |c| SYMBOLS.contains(c),
            |c| c.is_ascii_digit(),
            |c| c.is_ascii_uppercase(),
            |c| c.is_ascii_lowercase(),
        ];
        let present = kinds.iter().filter(|is| password.chars().any(**is)).count();
        password.chars().count() >= 8 && present >= 3
    }
}

/// That a user has a password. Differs: nothing here is signed in to by a password, so it serves to be changed only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginProfile {
    /// When it was made.
    pub created: i64,
    /// Whether the user has to choose a new one first.
    pub reset_required: bool,
    /// When the password was set last, in milliseconds since the Unix epoch; `None`: when the profile was made.
    #[serde(default)]
    pub changed: Option<i64>,
    /// The sealed hash of the password; [`LoginProfile::seal_identity`] is its associated data. `None`: it was made before hashes
    /// were kept, and no password is the right one.
    #[serde(default)]
    pub sealed_hash: Option<String>,
    /// The sealed hashes of earlier passwords, the latest first, [`LoginProfile::MOST_PREVIOUS`] at most.
    #[serde(default)]
    pub previous: Vec<String>,
}

impl LoginProfile {
    /// The most earlier passwords that a password policy may forbid.
    pub const MOST_PREVIOUS: usize = 24;

    /// The associated data that ties sealed hashes to the user with this id.
    pub fn seal_identity(account: &str, user: &str) -> String {
        format!("{account}/login-profile/{user}")
    }

    /// Takes the hash of a new password; the one before it becomes an earlier one.
    pub fn set(&mut self, sealed_hash: String, now: i64) {
        if let Some(before) = self.sealed_hash.replace(sealed_hash) {
            self.previous.insert(0, before);
            self.previous.truncate(LoginProfile::MOST_PREVIOUS);
        }
        self.changed = Some(now);
    }

    /// When the password was set last.
    pub fn last_changed(&self) -> i64 {
        self.changed.unwrap_or(self.created)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_accepted_by_the_rules() {
        let policy = PasswordPolicy {
            minimum_length: 10,
            symbols: true,
            numbers: true,
            uppercase: true,
            lowercase: false,
            users_may_change: false,
            max_age: None,
            reuse_prevention: None,
            hard_expiry: None,
        };
        for (password, accepted, by_default) in [
            ("ABCDEFG-12", true, true),
            ("ABCDEFG-1", false, true),
            ("ABCDEFGH12", false, false),
            ("abcdefg-12", false, true),
            ("ABCDEFG-ab", false, true),
            ("aB1-", false, false),
        ] {
            assert_eq!(policy.accepts(password), accepted, "{password}");
            assert_eq!(
                PasswordPolicy::default_accepts(password),
                by_default,
                "{password}"
            );
        }
    }
}
