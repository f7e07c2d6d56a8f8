//! Unique ids ("IAM identifiers").

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
    /// `AIPA`: an instance profile.
    InstanceProfile,
}

impl UniqueIdKind {
    fn prefix(self) -> &'static str {
        match self {
            UniqueIdKind::User => "AIDA",
            UniqueIdKind::AccessKey => "AKIA",
            UniqueIdKind::ManagedPolicy => "ANPA",
            UniqueIdKind::Group => "AGPA",
            UniqueIdKind::Role => "AROA",
            UniqueIdKind::InstanceProfile => "AIPA",
        }
    }

    /// The whole length: access keys have 20 characters, the others 21.
    fn length(self) -> usize {
        match self {
            UniqueIdKind::AccessKey => 20,
            UniqueIdKind::User
            | UniqueIdKind::ManagedPolicy
            | UniqueIdKind::Group
            | UniqueIdKind::Role
            | UniqueIdKind::InstanceProfile => 21,
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
}
