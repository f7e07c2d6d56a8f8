use std::sync::Arc;

use iam::identity::{AccessKey, AccessKeyStatus, KeyOwner, User};

use super::{Record, State};
use crate::document::{Document, Revision, State as _};

const ACCOUNT: &str = "111122223333";

fn user(name: &str) -> Record {
    Record::User(User {
        account: ACCOUNT.into(),
        path: "/".into(),
        name: name.into(),
        id: "AIDAX".into(),
        created: 0,
        tags: Vec::new(),
        boundary: None,
        inline: Default::default(),
        attached: Vec::new(),
        groups: Vec::new(),
        login: None,
    })
}

fn key(id: &str, owner: KeyOwner) -> Record {
    Record::AccessKey(AccessKey {
        id: id.into(),
        account: ACCOUNT.into(),
        owner,
        sealed_secret: String::new(),
        status: AccessKeyStatus::Active,
        created: 0,
    })
}

fn put(state: &mut State, record: Record) {
    state.put(Arc::new(record), Revision::new(1));
}

#[test]
fn a_record_survives_its_text() {
    for record in [user("Jane"), key("AKIAX", KeyOwner::Root)] {
        let at = record.key();
        let again = Record::decode(&at.account, at.kind, &at.id, &record.encode()).unwrap();
        assert_eq!(again, record);
    }
    assert!(Record::decode(ACCOUNT, "no-such-kind", "x", "{}").is_err());
}

#[test]
fn users_are_found_in_any_case_and_keys_by_owner() {
    let mut state = State::default();
    put(&mut state, user("Jane"));
    put(&mut state, key("AKIA2", KeyOwner::User("Jane".into())));
    put(&mut state, key("AKIA1", KeyOwner::User("jane".into())));
    put(&mut state, key("AKIA0", KeyOwner::Root));
    let before = state.clone();
    let account = state.account(ACCOUNT).unwrap();
    assert_eq!(account.user("jANE").unwrap().user.name, "Jane");
    let ids: Vec<&str> = account
        .keys_of(&KeyOwner::User("Jane".into()))
        .map(|key| key.id.as_str())
        .collect();
    assert_eq!(ids, ["AKIA1", "AKIA2"]);
    assert_eq!(account.keys_of(&KeyOwner::Root).count(), 1);
    state.remove(&key("AKIA1", KeyOwner::Root).key(), Revision::new(2));
    assert!(state.access_key("AKIA1").is_none());
    assert_eq!(
        state
            .account(ACCOUNT)
            .unwrap()
            .keys_of(&KeyOwner::User("jane".into()))
            .count(),
        1
    );
    assert!(
        before.access_key("AKIA1").is_some(),
        "an older snapshot stays as it was"
    );
}
