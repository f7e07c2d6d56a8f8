//! Access keys.

use api::refusal::Refusal;
use api::secret::Secret;
use api::table;
use api::wire::iam as wire;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam::identity::{
    AccessKey, AccessKeyStatus, Constraint, KeyOwner, Rule, UniqueIdKind, unique_id,
};
use store::Change;
use store::state::{Account, Record, State};
use zeroize::Zeroizing;

use super::changes;
use super::checks::Checks;
use super::paging::Paging;
use super::{refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::caller::Principal;
use crate::settings::Quota;
use crate::time::iso_seconds;

/// The random bytes of a secret: 30 bytes are 40 characters of base64, as AWS's secrets have.
const SECRET_BYTES: usize = 30;

/// Creates an access key. Its secret is in this answer and nowhere else but, sealed, in the record.
pub async fn create_access_key(
    call: Call,
    permit: Permit<table::CreateAccessKey>,
    input: wire::CreateAccessKeyRequest,
) -> Result<wire::CreateAccessKeyResponse, Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", input.user_name.as_deref(), Rule::USER);
    checks.done()?;
    let wanted = owner(&call, input.user_name)?;
    let id = unique_id(UniqueIdKind::AccessKey, call.random()?);
    let random = Zeroizing::new(call.random::<SECRET_BYTES>()?);
    let secret = Zeroizing::new(STANDARD.encode(random.as_slice()));
    let identity = AccessKey::seal_identity(call.account_id(), &id);
    let sealed = call
        .services()
        .seal(&secret, &identity)
        .map_err(Refusal::internal)?;
    let limit = call.services().settings.quota(Quota::AccessKeysPerUser);
    let (account, now) = (call.account_id().to_owned(), call.now());
    call.commit(permit, move |state| {
        let records = account_of(state, &account)?;
        let owner = existing(records, &wanted)?;
        if records.keys_of(&owner).count() >= limit as usize {
            return Err(refusals::quota_reached("AccessKeysPerUser", limit));
        }
        if state.access_key(&id).is_some() {
            return Err(Refusal::internal("an access key id came up twice"));
        }
        let key = AccessKey {
            id: id.clone(),
            account: account.clone(),
            owner,
            sealed_secret: sealed.clone(),
            status: AccessKeyStatus::Active,
            created: now,
        };
        let output = wire::CreateAccessKeyResponse {
            access_key: wire::AccessKey {
                user_name: name(&key.owner),
                access_key_id: key.id.clone(),
                status: key.status.name().into(),
                secret_access_key: Secret::new(secret.as_str()),
                create_date: Some(iso_seconds(now)),
            },
        };
        Ok(Decided {
            changes: vec![Change::put(Record::AccessKey(key))],
            output,
        })
    })
    .await
}

/// Deletes an access key. The next request that is signed with it is refused.
pub async fn delete_access_key(
    call: Call,
    permit: Permit<table::DeleteAccessKey>,
    input: wire::DeleteAccessKeyRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", input.user_name.as_deref(), Rule::USER);
    let id = checks.required("accessKeyId", input.access_key_id, Rule::ACCESS_KEY_ID);
    checks.done()?;
    let wanted = owner(&call, input.user_name)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let key = find(state, &account, &wanted, &id)?;
        Ok(changes::delete(&Record::AccessKey(key)))
    })
    .await
}

/// Lists the access keys of a user; without a name, of the caller.
pub async fn list_access_keys(
    call: Call,
    _permit: Permit<table::ListAccessKeys>,
    input: wire::ListAccessKeysRequest,
) -> Result<wire::ListAccessKeysResponse, Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", input.user_name.as_deref(), Rule::USER);
    let wanted = owner(&call, input.user_name)?;
    let paging = Paging::new(
        &mut checks,
        name(&wanted).unwrap_or_default().to_lowercase(),
        input.marker,
        input.max_items,
    );
    checks.done()?;
    let account = call.account()?;
    let owner = existing(account, &wanted)?;
    let keys = account.keys_of(&owner).map(|key| {
        let shown = wire::AccessKeyMetadata {
            user_name: name(&owner),
            access_key_id: key.id.clone(),
            status: key.status.name().into(),
            create_date: iso_seconds(key.created),
        };
        (key.id.clone(), shown)
    });
    let page = paging.cut(&call, keys)?;
    Ok(wire::ListAccessKeysResponse {
        is_truncated: page.is_truncated(),
        access_key_metadata: page.items,
        marker: page.marker,
    })
}

/// Activates or deactivates an access key, from the next request on.
pub async fn update_access_key(
    call: Call,
    permit: Permit<table::UpdateAccessKey>,
    input: wire::UpdateAccessKeyRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", input.user_name.as_deref(), Rule::USER);
    let id = checks.required("accessKeyId", input.access_key_id, Rule::ACCESS_KEY_ID);
    let status = match input.status.as_deref() {
        Some("Active") => AccessKeyStatus::Active,
        Some("Inactive") => AccessKeyStatus::Inactive,
        other => {
            let constraint = match other {
                Some(_) => Constraint::OneOf(&["Active", "Inactive"]),
                None => Constraint::NotNull,
            };
            checks.note("status", other, constraint);
            AccessKeyStatus::Inactive
        }
    };
    checks.done()?;
    let wanted = owner(&call, input.user_name)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut key = find(state, &account, &wanted, &id)?;
        key.status = status;
        Ok(changes::put(Record::AccessKey(key)))
    })
    .await
}

/// Tells when, for which service and in which region an access key was used last.
pub async fn get_access_key_last_used(
    call: Call,
    _permit: Permit<table::GetAccessKeyLastUsed>,
    input: wire::GetAccessKeyLastUsedRequest,
) -> Result<wire::GetAccessKeyLastUsedResponse, Refusal> {
    let mut checks = Checks::default();
    let id = checks.required("accessKeyId", input.access_key_id, Rule::ACCESS_KEY_ID);
    checks.done()?;
    let key = call
        .state()
        .access_key(&id)
        .filter(|key| key.account == call.account_id())
        .ok_or_else(|| refusals::no_access_key(&id))?;
    let used = call.services().last_used.of(&id);
    // AWS: "N/A" where the key was never used.
    let (date, service, region) = match used {
        Some(used) => (
            Some(iso_seconds(used.at)),
            used.service.name().to_owned(),
            used.region,
        ),
        None => (None, "N/A".to_owned(), "N/A".to_owned()),
    };
    Ok(wire::GetAccessKeyLastUsedResponse {
        user_name: name(&key.owner),
        access_key_last_used: Some(wire::AccessKeyLastUsed {
            last_used_date: date,
            service_name: service,
            region,
        }),
    })
}

/// Whose keys the call is about: the named user's; without a name, the caller's own.
fn owner(call: &Call, user_name: Option<String>) -> Result<KeyOwner, Refusal> {
    match (user_name, &call.caller().principal) {
        (Some(name), _) => Ok(KeyOwner::User(name)),
        (None, Principal::User { name, .. }) => Ok(KeyOwner::User(name.clone())),
        (None, Principal::Root) => Ok(KeyOwner::Root),
        (
            None,
            Principal::AssumedRole { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentity { .. },
        ) => Err(refusals::name_needed()),
    }
}

/// The owner with its name as it was given when it was made.
fn existing(account: &Account, owner: &KeyOwner) -> Result<KeyOwner, Refusal> {
    match owner {
        KeyOwner::Root => Ok(KeyOwner::Root),
        KeyOwner::User(name) => {
            users::find(account, name).map(|entry| KeyOwner::User(entry.user.name.clone()))
        }
    }
}

/// A copy of the owner's key of this id.
fn find(state: &State, account: &str, owner: &KeyOwner, id: &str) -> Result<AccessKey, Refusal> {
    let records = account_of(state, account)?;
    let owner = existing(records, owner)?;
    records
        .keys_of(&owner)
        .find(|key| key.id == id)
        .map(|key| (**key).clone())
        .ok_or_else(|| refusals::no_access_key(id))
}

fn name(owner: &KeyOwner) -> Option<String> {
    match owner {
        KeyOwner::Root => None,
        KeyOwner::User(name) => Some(name.clone()),
    }
}
