//! Users, their names, passwords and groups ("Amazon MQ: User").

use super::Limits;
use super::fields::{plain, required};
use super::invalid::{Invalid, shortened};
use crate::broker::EngineType;
use crate::engine::Secret;

/// A user as a request has it.
#[derive(Clone, Copy, Default)]
pub struct UserRequest<'a> {
    /// `username`.
    pub username: Option<&'a str>,
    /// `password`.
    pub password: Option<&'a str>,
    /// `consoleAccess`.
    pub console_access: Option<bool>,
    /// `groups`.
    pub groups: Option<&'a [String]>,
    /// `replicationUser`.
    pub replication_user: Option<bool>,
}

/// A user to be made. It holds the password, so it cannot be printed.
#[derive(Clone)]
pub struct NewUser {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// Whether it may use the web console.
    pub console_access: bool,
    /// Its groups.
    pub groups: Vec<String>,
    /// Whether it carries data replication.
    pub replication_user: bool,
}

/// A change of a user; what is absent stays as it is.
#[derive(Clone)]
pub struct UserChange {
    /// The new password.
    pub password: Option<Secret>,
    /// The new console access.
    pub console_access: Option<bool>,
    /// The new groups, all of them.
    pub groups: Option<Vec<String>>,
    /// Whether it carries data replication.
    pub replication_user: Option<bool>,
}

impl NewUser {
    /// Reads a user of a broker of this engine. What RabbitMQ does not have is ignored.
    ///
    /// # Errors
    /// The first member that is missing or wrong.
    pub fn read(
        request: &UserRequest<'_>,
        engine: EngineType,
        limits: &Limits,
    ) -> Result<NewUser, Invalid> {
        let username = username(required(request.username, "username")?, engine)?;
        let password = password(required(request.password, "password")?)?;
        match engine {
            // AWS: accepted and ignored; its own RabbitMQ example sends them.
            EngineType::RabbitMq => Ok(NewUser {
                username,
                password,
                console_access: false,
                groups: Vec::new(),
                replication_user: false,
            }),
            EngineType::ActiveMq => {
                exclusive(request)?;
                Ok(NewUser {
                    username,
                    password,
                    console_access: request.console_access.unwrap_or(false),
                    groups: groups(request.groups.unwrap_or_default(), limits)?,
                    replication_user: request.replication_user.unwrap_or(false),
                })
            }
        }
    }
}

impl UserChange {
    /// Reads a change of an ActiveMQ user.
    ///
    /// # Errors
    /// The first member that is wrong.
    pub fn read(request: &UserRequest<'_>, limits: &Limits) -> Result<UserChange, Invalid> {
        exclusive(request)?;
        Ok(UserChange {
            password: request.password.map(password).transpose()?,
            console_access: request.console_access,
            groups: request
                .groups
                .map(|given| groups(given, limits))
                .transpose()?,
            replication_user: request.replication_user,
        })
    }
}

/// AWS: as parameters, whatever the value of `consoleAccess`. A `replicationUser` of false is what Terraform always sends.
fn exclusive(request: &UserRequest<'_>) -> Result<(), Invalid> {
    if request.replication_user == Some(true) && request.console_access.is_some() {
        return Err(Invalid::ReplicationConsole);
    }
    Ok(())
}

fn username(text: &str, engine: EngineType) -> Result<String, Invalid> {
    let (marks, rule): (&[u8], _) = match engine {
        EngineType::ActiveMq => (
            b"-._~",
            "Use 2 to 100 characters: letters, digits, and [- . _ ~].",
        ),
        EngineType::RabbitMq => (
            b"-._",
            "Use 2 to 100 characters: letters, digits, and [- . _]. The name [guest] is reserved.",
        ),
    };
    let reserved = match engine {
        EngineType::ActiveMq => false,
        EngineType::RabbitMq => text == "guest",
    };
    if plain(text, marks, 2, 100) && !reserved {
        return Ok(text.into());
    }
    Err(Invalid::Malformed {
        what: "Username",
        value: shortened(text),
        rule,
        attribute: "username",
    })
}

/// The password never stands in a message.
fn password(text: &str) -> Result<Secret, Invalid> {
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(Invalid::PasswordNotAscii);
    }
    if text.contains([',', ':', '=']) {
        return Err(Invalid::PasswordCharacters);
    }
    if !(12..=250).contains(&text.len()) {
        return Err(Invalid::PasswordLength);
    }
    let mut seen = [false; 128];
    for byte in text.bytes() {
        if let Some(seen) = seen.get_mut(usize::from(byte)) {
            *seen = true;
        }
    }
    if seen.iter().filter(|seen| **seen).count() < 4 {
        return Err(Invalid::PasswordUnique);
    }
    Ok(Secret::new(text))
}

fn groups(given: &[String], limits: &Limits) -> Result<Vec<String>, Invalid> {
    if given.len() > limits.groups_per_user as usize {
        return Err(Invalid::TooMany {
            what: "groups per user",
            most: limits.groups_per_user,
            attribute: "groups",
        });
    }
    if let Some(wrong) = given.iter().find(|group| !plain(group, b"-._~", 2, 100)) {
        return Err(Invalid::Malformed {
            what: "Group",
            value: shortened(wrong),
            rule: "Use 2 to 100 characters: letters, digits, and [- . _ ~].",
            attribute: "groups",
        });
    }
    Ok(given.to_vec())
}
