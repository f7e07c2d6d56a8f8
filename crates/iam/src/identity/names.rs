//! Names, paths and unique ids ("IAM and AWS STS quotas, name requirements, and character limits").

/// Why a name is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It holds a character outside the allowed set.
    #[error("the name `{0}` holds a character that is not allowed")]
    Character(String),
    /// It is empty or too long.
    #[error("the name `{0}` is not 1 to {1} characters long")]
    Length(String, usize),
}

/// Whether a path is `/`, or begins and ends with `/` and is made of printable ASCII, at most 512 characters.
pub fn path_is_valid(path: &str) -> bool {
    path.len() <= 512
        && path.starts_with('/')
        && path.ends_with('/')
        && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

/// What a unique id is for; its prefix tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueIdKind {
    /// `AIDA`: a user.
    User,
    /// `AKIA`: a long-term access key.
    AccessKey,
    /// `ANPA`: a managed policy.
    ManagedPolicy,
    /// `AGPA`: a group.
    Group,
    /// `AROA`: a role.
    Role,
}

impl UniqueIdKind {
    fn prefix(self) -> &'static str {
        match self {
            UniqueIdKind::User => "AIDA",
            UniqueIdKind::AccessKey => "AKIA",
            UniqueIdKind::ManagedPolicy => "ANPA",
            UniqueIdKind::Group => "AGPA",
            UniqueIdKind::Role => "AROA",
        }
    }

    /// The whole length: access keys have 20 characters, the others 21.
    fn length(self) -> usize {
        match self {
            UniqueIdKind::AccessKey => 20,
            UniqueIdKind::User
            | UniqueIdKind::ManagedPolicy
            | UniqueIdKind::Group
            | UniqueIdKind::Role => 21,
        }
    }
}

/// Makes a unique id out of random bytes: the prefix and characters of `A-Z2-7`, 5 bits of each byte.
pub fn unique_id(kind: UniqueIdKind, random: [u8; 17]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut id = String::from(kind.prefix());
    let wanted = kind.length().saturating_sub(id.len());
    id.extend(
        random
            .iter()
            .take(wanted)
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)).map(|c| char::from(*c))),
    );
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_ids_look_as_awss_do() {
        assert_eq!(
            unique_id(UniqueIdKind::User, [0; 17]),
            "AIDAAAAAAAAAAAAAAAAAA"
        );
        assert_eq!(unique_id(UniqueIdKind::AccessKey, [255; 17]).len(), 20);
    }

    #[test]
    fn paths_begin_and_end_with_a_slash() {
        for (path, valid) in [
            ("/", true),
            ("/a/b/", true),
            ("a/", false),
            ("/a", false),
            ("/ä/", false),
            ("", false),
        ] {
            assert_eq!(path_is_valid(path), valid, "{path}");
        }
    }
}
