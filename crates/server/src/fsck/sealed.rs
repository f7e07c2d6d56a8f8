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
            visit_broker(&mut Broker::clone(broker), &mut |what, identity, sealed| {
                values.push(SealedValue {
                    what,
                    identity: identity.to_owned(),
                    sealed: sealed.clone(),
                });
            });
        }
    }
    values
}

/// Visits every sealed value of a broker: what it is, what it is sealed for, and the sealed text, which may be changed.
pub(crate) fn visit_broker(broker: &mut Broker, visit: &mut dyn FnMut(String, &str, &mut String)) {
    let id = broker.id.as_str().to_owned();
    let own = own_secret_identity(broker);
    for (name, user) in &mut broker.users {
        let pending = user.pending.as_mut();
        let pending = pending.and_then(|pending| pending.settings.as_mut());
        for settings in user.current.iter_mut().chain(pending) {
            visit(
                format!("the password of user {name} of broker {id}"),
                &BrokerUser::seal_identity(&id, name),
                &mut settings.sealed_password,
            );
        }
    }
    let ldap = broker.current.ldap.iter_mut();
    for ldap in ldap.chain(&mut broker.pending.ldap) {
        visit(
            format!("the directory's password of broker {id}"),
            &Ldap::seal_identity(&id),
            &mut ldap.sealed_service_account_password,
        );
    }
    if let Some(sealed) = &mut broker.observed.sealed_secret {
        visit(format!("the own secret of broker {id}"), &own, sealed);
    }
    if let Some(request) = &mut broker.creator_request {
        visit(
            format!("the fingerprint of the request that made broker {id}"),
            &fingerprint_identity(&broker.account, &broker.region, &request.token),
            &mut request.fingerprint,
        );
    }
}
