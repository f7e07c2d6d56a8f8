//! Every sealed value of the records.

use brokers::broker::{Broker, BrokerUser, Ldap};
use iam::identity::AccessKey;
use store::state::State;

use crate::first_start::authority_identity;
use crate::operations::mq::fingerprint_identity;
use crate::reconciler::own_secret_identity;

/// A sealed value, and what it is sealed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedValue {
    /// What it is, for people.
    pub what: String,
    /// The identity of its record: its associated data.
    pub identity: String,
    /// The sealed text.
    pub sealed: String,
}

/// Lists every sealed value.
pub fn sealed_values(state: &State) -> Vec<SealedValue> {
    let mut values = Vec::new();
    for (id, account) in state.accounts() {
        let keys = account.access_keys().map(|key| SealedValue {
            what: format!("the secret of access key {}", key.id),
            identity: AccessKey::seal_identity(&key.account, &key.id),
            sealed: key.sealed_secret.clone(),
        });
        values.extend(keys);
        values.extend(account.authority().map(|authority| SealedValue {
            what: format!("the key of account {id}'s certificate authority"),
            identity: authority_identity(&authority.account),
            sealed: authority.sealed_key.clone(),
        }));
        for broker in account.brokers() {
            of_broker(broker, &mut values);
        }
    }
    values
}

fn of_broker(broker: &Broker, values: &mut Vec<SealedValue>) {
    let id = broker.id.as_str();
    for (name, user) in &broker.users {
        let pending = user.pending.as_ref();
        let pending = pending.and_then(|pending| pending.settings.as_ref());
        for settings in user.current.iter().chain(pending) {
            values.push(SealedValue {
                what: format!("the password of user {name} of broker {id}"),
                identity: BrokerUser::seal_identity(id, name),
                sealed: settings.sealed_password.clone(),
            });
        }
    }
    for ldap in broker.current.ldap.iter().chain(&broker.pending.ldap) {
        values.push(SealedValue {
            what: format!("the directory's password of broker {id}"),
            identity: Ldap::seal_identity(id),
            sealed: ldap.sealed_service_account_password.clone(),
        });
    }
    values.extend(
        broker
            .observed
            .sealed_secret
            .iter()
            .map(|sealed| SealedValue {
                what: format!("the own secret of broker {id}"),
                identity: own_secret_identity(broker),
                sealed: sealed.clone(),
            }),
    );
    values.extend(broker.creator_request.iter().map(|request| SealedValue {
        what: format!("the fingerprint of the request that made broker {id}"),
        identity: fingerprint_identity(&broker.account, &broker.region, &request.token),
        sealed: request.fingerprint.clone(),
    }));
}
