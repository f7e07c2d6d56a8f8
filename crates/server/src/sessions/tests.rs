//! Decisions that need more than one account, or records that change between two of them.

use std::sync::Arc;

use api::row::Operation;
use api::table::AssumeRole;
use iam::identity::{AccessKey, AccessKeyStatus, KeyOwner, Role, User};
use iam::session::{Session, SessionPrincipal};
use serde_json::json;
use store::state::{Record, State};
use store::{Revision, State as _};

use super::LiveSession;
use super::trust::decide;
use crate::caller::Caller;
use crate::facts::Facts;

const HOME: &str = "111122223333";
const OTHER: &str = "444455556666";

fn put(state: &mut State, record: Record) {
    state.put(Arc::new(record), Revision::new(1));
}

fn user(policy: &str) -> User {
    User {
        account: HOME.into(),
        path: "/".into(),
        name: "jane".into(),
        id: "AIDAJANE".into(),
        created: 0,
        tags: Vec::new(),
        boundary: None,
        inline: [("p".to_owned(), policy.to_owned())].into(),
        attached: Vec::new(),
        groups: Vec::new(),
        login: None,
    }
}

fn role(account: &str, id: &str, principal: &str) -> Role {
    let trust = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": principal } },
    ] });
    Role {
        account: account.into(),
        path: "/".into(),
        name: "ops".into(),
        id: id.into(),
        created: 0,
        trust: trust.to_string(),
        trusted: Default::default(),
        description: None,
        max_session: 3600,
        tags: Vec::new(),
        boundary: None,
        inline: Default::default(),
        attached: Vec::new(),
        service: None,
    }
}

fn key() -> AccessKey {
    AccessKey {
        id: "AKIAJANE".into(),
        account: HOME.into(),
        owner: KeyOwner::User("jane".into()),
        sealed_secret: String::new(),
        status: AccessKeyStatus::Active,
        created: 0,
    }
}

const MAY: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}"#;
const MAY_NOT: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"mq:*","Resource":"*"}}"#;

fn facts(account: &str) -> Facts {
    Facts {
        row: AssumeRole::ROW,
        region: "us-east-1".into(),
        now: 0,
        source_ip: [127, 0, 0, 1].into(),
        secure: true,
        user_agent: None,
        referer: None,
        members: json!({
            "roleArn": format!("arn:aws:iam::{account}:role/ops"), "roleSessionName": "session",
        }),
        request_id: String::new(),
    }
}

/// Whether jane, with this policy, may assume the role of the account that trusts the principal.
fn may(account: &str, policy: &str, principal: &str) -> bool {
    let mut state = State::default();
    put(&mut state, Record::User(user(policy)));
    put(&mut state, Record::AccessKey(key()));
    put(&mut state, Record::Role(role(account, "AROA1", principal)));
    let caller = Caller::of_key(&state, "AKIAJANE").unwrap();
    decide(&state, &caller, &facts(account)).is_ok()
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let jane = format!("arn:aws:iam::{HOME}:user/jane");
    for (account, policy, principal, expected) in [
        (HOME, MAY, HOME, true),
        (HOME, MAY_NOT, HOME, false),
        (HOME, MAY_NOT, jane.as_str(), true),
        (OTHER, MAY, HOME, true),
        (OTHER, MAY_NOT, HOME, false),
        // Named, which within the account is enough.
        (OTHER, MAY, jane.as_str(), true),
        (OTHER, MAY_NOT, jane.as_str(), false),
        (OTHER, MAY, OTHER, false),
        (OTHER, MAY, "*", true),
        (OTHER, MAY_NOT, "*", false),
    ] {
        assert_eq!(
            may(account, policy, principal),
            expected,
            "{account} {policy} {principal}"
        );
    }
}

fn live(principal: SessionPrincipal) -> Arc<LiveSession> {
    Arc::new(LiveSession {
        session: Session {
            account: HOME.into(),
            key_id: "ASIA1".into(),
            principal,
            issued: 0,
            expires: 3600,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive: Vec::new(),
            source_identity: None,
        },
        policy: None,
        secret: sigv4::SecretKey::new("secret"),
    })
}

#[test]
fn a_caller_holds_until_its_key_user_or_role_is_another() {
    let mut state = State::default();
    put(&mut state, Record::User(user(MAY)));
    put(&mut state, Record::AccessKey(key()));
    put(&mut state, Record::Role(role(HOME, "AROA1", HOME)));
    let long_term = Caller::of_key(&state, "AKIAJANE").unwrap();
    let user_session = live(SessionPrincipal::User {
        id: "AIDAJANE".into(),
        name: "jane".into(),
    });
    let user_session = Caller::of_session(&state, &user_session).unwrap();
    let role_session = live(SessionPrincipal::Role {
        id: "AROA1".into(),
        name: "ops".into(),
        session: "session".into(),
        provider: None,
    });
    let role_session = Caller::of_session(&state, &role_session).unwrap();
    let holds = |state: &State| {
        [&long_term, &user_session, &role_session].map(|caller| caller.still_holds(state))
    };
    assert_eq!(holds(&state), [true, true, true]);
    let mut inactive = key();
    inactive.status = AccessKeyStatus::Inactive;
    put(&mut state, Record::AccessKey(inactive));
    assert_eq!(holds(&state), [false, true, true]);
    put(&mut state, Record::Role(role(HOME, "AROA2", HOME)));
    assert_eq!(holds(&state), [false, true, false]);
    let mut other = user(MAY);
    other.id = "AIDAOTHER".into();
    put(&mut state, Record::User(other));
    assert_eq!(holds(&state), [false, false, false]);
}
