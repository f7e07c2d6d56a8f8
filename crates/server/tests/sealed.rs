//! Sealed values open for their own record only: a ciphertext that somebody moved to another one in the store is of no use there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may fail the test"
)]

use std::collections::BTreeSet;

use iam::identity::AccessKey;
use server::fsck::{examine, sealed_values};
use store::state::{Record, State};
use store::{Change, Commit};
use testkit::{Client, OTHER_ACCOUNT, Postern};

const ACCOUNT: &str = "111122223333";

/// Makes sealed values of every kind.
async fn fill(postern: &Postern) {
    let root = postern.root();
    let ldap = |name: &str| {
        serde_json::json!({
            "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
            "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
            "authenticationStrategy": "LDAP", "ldapServerMetadata": {
                "hosts": ["ldap.example.com"], "roleBase": "ou=g", "roleSearchMatching": "(member:=uid={1})",
                "serviceAccountUsername": "cn=s", "serviceAccountPassword": "correct-horse-battery", "userBase": "ou=u",
                "userSearchMatching": "(uid={0})" },
        })
    };
    let simple = |name: &str| {
        serde_json::json!({
            "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
            "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
            "creatorRequestId": format!("token-{name}"), "users": [
                { "username": "one", "password": "correct-horse-battery" },
                { "username": "two", "password": "correct-horse-battery" } ],
        })
    };
    for request in [ldap("l1"), ldap("l2"), simple("s1"), simple("s2")] {
        let made = root.mq_json("POST", "/v1/brokers", &request).await.unwrap();
        assert_eq!(made.status, 200, "{}", made.body);
    }
    for name in ["a", "b", "c"] {
        let made = root
            .query("iam", "CreateUser", &[("UserName", name)])
            .await
            .unwrap();
        assert_eq!(made.status, 200, "{}", made.body);
        let made = root
            .query("iam", "CreateAccessKey", &[("UserName", name)])
            .await
            .unwrap();
        assert_eq!(made.status, 200, "{}", made.body);
    }
}

#[tokio::test]
async fn each_sealed_value_opens_for_its_own_record_and_for_no_other() {
    let postern = Postern::start().await.unwrap();
    fill(&postern).await;
    postern.other_account(OTHER_ACCOUNT).await.unwrap();
    let services = postern.service().services();
    let values = sealed_values(&services.store.snapshot().state);
    let kinds: BTreeSet<String> = values
        .iter()
        .map(|value| value.what.split(" of ").next().unwrap().to_owned())
        .collect();
    assert!(kinds.len() >= 5, "{kinds:?}");
    assert!(values.len() >= 14, "{}", values.len());
    let mut refused = 0;
    for one in &values {
        for other in &values {
            let opened = services.open(&one.sealed, &other.identity);
            if one.identity == other.identity {
                assert!(opened.is_ok(), "{}", one.what);
            } else {
                assert!(opened.is_err(), "{} as {}", one.what, other.what);
                refused += 1;
            }
        }
    }
    println!("{} sealed values, {refused} moves refused", values.len());
    postern.stop().await;
}

#[tokio::test]
async fn who_moves_the_secret_of_one_key_to_another_gets_in_with_neither() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let mut keys = Vec::new();
    for name in ["jane", "admin"] {
        root.query("iam", "CreateUser", &[("UserName", name)])
            .await
            .unwrap();
        let made = root
            .query("iam", "CreateAccessKey", &[("UserName", name)])
            .await
            .unwrap();
        keys.push((
            made.element("AccessKeyId").unwrap(),
            made.element("SecretAccessKey").unwrap(),
        ));
    }
    let status = async |client: Client| {
        let reply = client.query("sts", "GetCallerIdentity", &[]).await.unwrap();
        (reply.status, reply.code())
    };
    let [(jane, jane_secret), (admin, admin_secret)] = keys.try_into().unwrap();
    assert_eq!(status(postern.client(&admin, &admin_secret)).await.0, 200);
    // As somebody who writes into the database would: jane's secret under the administrator's key id.
    let services = postern.service().services();
    let (from, to) = (jane.clone(), admin.clone());
    let moved = services.store.commit(ACCOUNT, move |state: &State, _| {
        let sealed_secret = state.access_key(&from).unwrap().sealed_secret.clone();
        let key = AccessKey {
            sealed_secret,
            ..(**state.access_key(&to).unwrap()).clone()
        };
        Ok::<_, ()>(Commit {
            changes: vec![Change::put(Record::AccessKey(key))],
            record: None,
            value: (),
        })
    });
    assert!(moved.await.is_ok());
    let refused = (403, Some("InvalidClientTokenId".to_owned()));
    assert_eq!(status(postern.client(&admin, &jane_secret)).await, refused);
    assert_eq!(status(postern.client(&admin, &admin_secret)).await, refused);
    assert_eq!(status(postern.client(&jane, &jane_secret)).await.0, 200);
    let state = services.store.snapshot();
    let (damage, _) = examine(&state.state, &services.master_key.load());
    assert_eq!(
        damage,
        [format!(
            "the secret of access key {admin}: it does not open"
        )]
    );
    postern.stop().await;
}
