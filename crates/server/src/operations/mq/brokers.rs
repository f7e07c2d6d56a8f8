//! CreateBroker.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::brokers::broker::{
    Broker, BrokerUser, Configuration, ConfigurationRef, CreatorRequest, DataReplicationMode,
    DayOfWeek, EngineType, Intent, Ldap, Observed, Pending, Revision, RevisionData, Settings,
    UserSettings, WeeklyStartTime,
};
use ::brokers::ids::{BrokerId, ConfigurationId};
use ::brokers::network::Wanted;
use ::brokers::validate::{
    BrokerRequest, Configurations, EncryptionRequest, Invalid, LdapRequest, LogsRequest, MeantFor,
    NewBroker, NewConfiguration, Usable, UserRequest, WindowRequest,
};
use api::refusal::Refusal;
use api::row::{Dependent, When};
use api::table;
use api::wire::mq;
use sha2::{Digest, Sha256};
use store::Change;
use store::state::{Account, Record, State};
use zeroize::Zeroizing;

use super::network::{
    InterfaceIds, creation_targets, interface_ids, interfaces, looks, network, network_actions,
};
use super::refuse::{limits, refuse};
use super::service_role;
use crate::authorise::{Permit, Target};
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;

/// A role that a configuration makes the engine take has to be the caller's to pass (IAM user guide, "Grant a user permissions
/// to pass a role to an AWS service").
pub(super) const PASS_ROLE: Dependent = Dependent {
    action: "iam:PassRole",
    when: When::Always,
    authorized_service: false,
};

/// CreateBroker.
pub async fn create_broker(
    call: Call,
    permit: Permit<table::CreateBroker>,
    input: mq::CreateBrokerRequest,
) -> Result<mq::CreateBrokerResponse, Refusal> {
    let services = call.services();
    let catalogue = services.catalogue.load_full();
    let new = NewBroker::read(
        &broker_request(&input),
        &catalogue,
        &limits(&services.settings),
    )
    .map_err(refuse)?;
    let id = BrokerId::new(call.random()?);
    let prepared = Prepared {
        users: sealed_users(&call, &id, &new)?,
        ldap: sealed_ldap(&call, &id, &new)?,
        creator_request: creator_request(&call, &new, &input)?,
        fingerprint: fingerprint(&input)?,
        interface_ids: interface_ids(&call)?,
        configuration_id: ConfigurationId::new(call.random()?),
        id,
        new,
    };
    let cx = call.clone();
    call.commit(permit, move |state| decide(&cx, state, &prepared))
        .await
}

/// Everything that the decision needs and does not find in the records: it is made before, and used as often as the decision
/// is made.
struct Prepared {
    id: BrokerId,
    new: NewBroker,
    users: BTreeMap<String, BrokerUser>,
    ldap: Option<Ldap>,
    creator_request: Option<CreatorRequest>,
    fingerprint: [u8; 32],
    interface_ids: InterfaceIds,
    configuration_id: ConfigurationId,
}

fn decide(
    call: &Call,
    state: &State,
    prepared: &Prepared,
) -> Result<Decided<mq::CreateBrokerResponse>, Refusal> {
    let account = account_of(state, call.account_id())?;
    let new = &prepared.new;
    if let Some(answer) = repeated(call, account, prepared)? {
        return Ok(Decided {
            changes: Vec::new(),
            output: answer,
        });
    }
    // Order: nothing is said about what exists before the caller was found to be allowed to look.
    for dependent in network_actions(call, new.offer.engine).filter(|dependent| looks(dependent)) {
        call.on_behalf(state, dependent, &[Target::any()])?;
    }
    let mut changes = Vec::new();
    let role = match service_role::is_needed(new.offer.engine, new.publicly_accessible) {
        true => Some(service_role::find_or_make(call, state, &mut changes)?),
        false => None,
    };
    let placement = network(account, call.region())
        .place(Wanted {
            engine: new.offer.engine,
            deployment_mode: new.deployment_mode,
            publicly_accessible: new.publicly_accessible,
            subnet_ids: &new.subnet_ids,
            security_groups: &new.security_groups,
        })
        .map_err(refuse)?;
    for dependent in network_actions(call, new.offer.engine).filter(|dependent| !looks(dependent)) {
        call.on_behalf(
            state,
            dependent,
            &creation_targets(call, account, dependent, &placement),
        )?;
    }
    if let Some(primary) = &new.replica_of {
        for dependent in call.facts().row.dependent {
            match dependent.when {
                When::Replica => {
                    call.on_behalf(state, dependent, &[Target::arn(primary.as_str())])?;
                }
                When::Always
                | When::ActiveMq
                | When::PrivateRabbitMq
                | When::Groups
                | When::Tags
                | When::PassesRole => {}
            }
        }
        return Err(refuse(Invalid::ReplicationRegion(call.region().into())));
    }
    let region = call.region();
    if account.broker_named(region, &new.name).is_some() {
        return Err(refuse(Invalid::BrokerNameInUse(new.name.clone())));
    }
    quota(
        call,
        account.broker_count(region),
        Quota::BrokersPerRegion,
        "brokers in this Region",
        "brokerName",
    )?;
    let usable = configuration(call, account, prepared, &mut changes)?;
    if let Some(role) = &usable.assume_role_arn {
        call.on_behalf(state, &PASS_ROLE, &[Target::arn(role.as_str())])?;
    }
    match new.offer.engine {
        // Without other back ends nobody could log in.
        EngineType::RabbitMq
            if new.users.is_empty()
                && usable.authentication_strategy
                    == ::brokers::broker::AuthenticationStrategy::Simple =>
        {
            return Err(refuse(Invalid::OneRabbitUser));
        }
        EngineType::RabbitMq | EngineType::ActiveMq => {}
    }
    let (instances, made) = interfaces(
        state,
        call,
        &prepared.id,
        &placement,
        &prepared.interface_ids,
    )?;
    changes.extend(
        made.into_iter()
            .map(|interface| Change::put(Record::NetworkInterface(interface))),
    );
    let broker = Broker {
        account: call.account_id().into(),
        region: region.into(),
        id: prepared.id.clone(),
        name: new.name.clone(),
        created: call.now(),
        creator_request: prepared.creator_request.clone(),
        engine: new.offer.engine,
        deployment_mode: new.deployment_mode,
        storage_type: new.storage_type,
        publicly_accessible: new.publicly_accessible,
        subnet_ids: placement.subnet_ids,
        encryption: new.encryption.clone(),
        auto_minor_version_upgrade: new.auto_minor_version_upgrade,
        maintenance_window: new
            .maintenance_window
            .clone()
            .unwrap_or_else(|| assigned_window(&prepared.id)),
        tags: new.tags.clone(),
        current: Settings {
            engine_version: new.offer.version.clone(),
            host_instance_type: new.host_instance_type.clone(),
            security_groups: placement.security_groups,
            configuration: Some(usable.reference),
            logs: new.logs,
            authentication_strategy: usable.authentication_strategy,
            ldap: prepared.ldap.clone(),
            storage_size: new.storage_size,
            data_replication_mode: DataReplicationMode::None,
        },
        pending: Pending::default(),
        configuration_history: Vec::new(),
        users: prepared.users.clone(),
        instances,
        intent: Intent::Run,
        reboots: 0,
        observed: Observed::default(),
    };
    if let Some(role) = &role {
        service_role::make_endpoint(call, role, &broker)?;
    }
    let output = answer(&broker);
    changes.push(Change::put(Record::Broker(Arc::new(broker))));
    Ok(Decided { changes, output })
}

fn answer(broker: &Broker) -> mq::CreateBrokerResponse {
    mq::CreateBrokerResponse {
        broker_arn: Some(broker.arn()),
        broker_id: Some(broker.id.to_string()),
    }
}

/// The answer of the request that this one repeats.
fn repeated(
    call: &Call,
    account: &Account,
    prepared: &Prepared,
) -> Result<Option<mq::CreateBrokerResponse>, Refusal> {
    let Some(token) = &prepared.new.creator_request_id else {
        return Ok(None);
    };
    let Some((broker, first)) = account
        .broker_of_token(call.region(), token)
        .and_then(|broker| Some((broker, broker.creator_request.as_ref()?)))
    else {
        return Ok(None);
    };
    let identity = fingerprint_identity(call.account_id(), call.region(), token);
    let same = call
        .services()
        .open(&first.fingerprint, &identity)
        .is_ok_and(|opened| opened.as_slice() == hex(&prepared.fingerprint).as_bytes());
    if same {
        Ok(Some(answer(broker)))
    } else {
        Err(refuse(Invalid::CreatorRequestInUse(token.clone())))
    }
}

/// The configuration that was named, or the one that every broker is given.
fn configuration(
    call: &Call,
    account: &Account,
    prepared: &Prepared,
    changes: &mut Vec<Change<Record>>,
) -> Result<Usable, Refusal> {
    let new = &prepared.new;
    if let Some((id, revision)) = &new.configuration {
        return with_configurations(call, account, |configurations| {
            configurations.usable(
                id,
                *revision,
                MeantFor {
                    engine: new.offer.engine,
                    engine_version: &new.offer.line,
                    host_instance_type: &new.host_instance_type,
                    deployment_mode: new.deployment_mode,
                    authentication_strategy: new.authentication_strategy,
                },
            )
        })
        .map_err(refuse);
    }
    quota(
        call,
        account.configuration_count(call.region()),
        Quota::ConfigurationsPerRegion,
        "configurations in this Region",
        "configuration",
    )?;
    let mut automatic =
        NewConfiguration::automatic(&format!("{}-configuration", new.name), &new.offer);
    let strategy = match new.offer.engine {
        EngineType::ActiveMq => new.authentication_strategy,
        // The default configuration names no other back end.
        EngineType::RabbitMq => ::brokers::broker::AuthenticationStrategy::Simple,
    };
    automatic.authentication_strategy = strategy;
    let (reference, made) = first_revision(call, prepared.configuration_id.clone(), automatic);
    changes.extend(made);
    Ok(Usable {
        reference,
        authentication_strategy: strategy,
        assume_role_arn: None,
    })
}

/// The records of a new configuration.
pub(super) fn first_revision(
    call: &Call,
    id: ConfigurationId,
    new: NewConfiguration,
) -> (ConfigurationRef, [Change<Record>; 2]) {
    let reference = ConfigurationRef { id, revision: 1 };
    let configuration = Configuration {
        account: call.account_id().into(),
        region: call.region().into(),
        id: reference.id.clone(),
        name: new.name,
        created: call.now(),
        engine: new.engine,
        engine_version: new.engine_version,
        authentication_strategy: new.authentication_strategy,
        tags: new.tags,
        revisions: vec![Revision {
            revision: 1,
            created: call.now(),
            description: Some(new.description),
        }],
    };
    let data = RevisionData {
        account: call.account_id().into(),
        of: reference.clone(),
        data: new.data.into(),
    };
    (
        reference,
        [
            Change::put(Record::Configuration(Arc::new(configuration))),
            Change::put(Record::RevisionData(Arc::new(data))),
        ],
    )
}

/// Asks something of the configurations of the account and region.
pub(super) fn with_configurations<T>(
    call: &Call,
    account: &Account,
    ask: impl FnOnce(Configurations<'_>) -> T,
) -> T {
    let find = |id: &ConfigurationId| -> Option<Arc<Configuration>> {
        account
            .configuration(id.as_str())
            .filter(|found| found.region == call.region())
            .cloned()
    };
    let data = |of: &ConfigurationRef| account.revision_data(of).cloned();
    ask(Configurations {
        find: &find,
        data: &data,
    })
}

/// Refuses what a quota does not allow.
///
/// # Errors
/// The quota is reached.
pub(super) fn quota(
    call: &Call,
    count: usize,
    quota: Quota,
    what: &'static str,
    attribute: &'static str,
) -> Result<(), Refusal> {
    let limit = call.services().settings.quota(quota);
    if count < limit as usize {
        return Ok(());
    }
    Err(refuse(Invalid::Quota {
        what,
        limit,
        attribute,
    }))
}

/// A window chosen for the broker, in UTC: it is spread over the week by the broker's id.
fn assigned_window(id: &BrokerId) -> WeeklyStartTime {
    let digest = Sha256::digest(id.as_str());
    let byte = |at: usize| usize::from(digest.get(at).copied().unwrap_or_default());
    let day = byte(0) % DayOfWeek::ALL.len();
    WeeklyStartTime {
        day_of_week: DayOfWeek::ALL
            .get(day)
            .copied()
            .unwrap_or(DayOfWeek::Sunday),
        time_of_day: format!("{:02}:00", byte(1) % 24),
        time_zone: "UTC".into(),
    }
}

fn sealed_users(
    call: &Call,
    id: &BrokerId,
    new: &NewBroker,
) -> Result<BTreeMap<String, BrokerUser>, Refusal> {
    let mut users = BTreeMap::new();
    for user in &new.users {
        let identity = BrokerUser::seal_identity(id.as_str(), &user.username);
        let sealed_password = call
            .services()
            .seal(user.password.expose(), &identity)
            .map_err(Refusal::internal)?;
        users.insert(
            user.username.clone(),
            BrokerUser {
                current: Some(UserSettings {
                    sealed_password,
                    console_access: user.console_access,
                    groups: user.groups.clone(),
                    replication_user: user.replication_user,
                }),
                pending: None,
            },
        );
    }
    Ok(users)
}

fn sealed_ldap(call: &Call, id: &BrokerId, new: &NewBroker) -> Result<Option<Ldap>, Refusal> {
    let Some(ldap) = &new.ldap else {
        return Ok(None);
    };
    let sealed = call
        .services()
        .seal(ldap.password.expose(), &Ldap::seal_identity(id.as_str()))
        .map_err(Refusal::internal)?;
    Ok(Some(ldap.sealed(sealed)))
}

/// The digest of a request holds its passwords, so it is kept sealed: nobody can try passwords against it.
fn creator_request(
    call: &Call,
    new: &NewBroker,
    input: &mq::CreateBrokerRequest,
) -> Result<Option<CreatorRequest>, Refusal> {
    let Some(token) = &new.creator_request_id else {
        return Ok(None);
    };
    let identity = fingerprint_identity(call.account_id(), call.region(), token);
    let fingerprint = call
        .services()
        .seal(&hex(&fingerprint(input)?), &identity)
        .map_err(Refusal::internal)?;
    Ok(Some(CreatorRequest {
        token: token.clone(),
        fingerprint,
    }))
}

pub(crate) fn fingerprint_identity(account: &str, region: &str, token: &str) -> String {
    format!("{account}/{region}/creator-request/{token}")
}

fn fingerprint(input: &mq::CreateBrokerRequest) -> Result<[u8; 32], Refusal> {
    let text = Zeroizing::new(serde_json::to_vec(input).map_err(Refusal::internal)?);
    Ok(Sha256::digest(text.as_slice()).into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn broker_request(input: &mq::CreateBrokerRequest) -> BrokerRequest<'_> {
    BrokerRequest {
        authentication_strategy: input.authentication_strategy.as_deref(),
        auto_minor_version_upgrade: input.auto_minor_version_upgrade,
        broker_name: input.broker_name.as_deref(),
        configuration: input
            .configuration
            .as_ref()
            .map(|given| (given.id.as_deref(), given.revision)),
        creator_request_id: input.creator_request_id.as_deref(),
        deployment_mode: input.deployment_mode.as_deref(),
        encryption: input
            .encryption_options
            .as_ref()
            .map(|given| EncryptionRequest {
                kms_key_id: given.kms_key_id.as_deref(),
                use_aws_owned_key: given.use_aws_owned_key,
            }),
        engine_type: input.engine_type.as_deref(),
        engine_version: input.engine_version.as_deref(),
        host_instance_type: input.host_instance_type.as_deref(),
        ldap: input.ldap_server_metadata.as_ref().map(ldap_request),
        logs: input.logs.as_ref().map(logs_request),
        maintenance_window: input
            .maintenance_window_start_time
            .as_ref()
            .map(window_request),
        publicly_accessible: input.publicly_accessible,
        security_groups: input.security_groups.as_deref(),
        storage_size: input.storage_size,
        storage_type: input.storage_type.as_deref(),
        subnet_ids: input.subnet_ids.as_deref(),
        tags: input.tags.as_ref(),
        users: input
            .users
            .iter()
            .flatten()
            .map(|user| UserRequest {
                username: user.username.as_deref(),
                password: user.password.as_ref().map(|password| password.expose()),
                console_access: user.console_access,
                groups: user.groups.as_deref(),
                replication_user: user.replication_user,
            })
            .collect(),
        data_replication_mode: input.data_replication_mode.as_deref(),
        data_replication_primary_broker_arn: input.data_replication_primary_broker_arn.as_deref(),
    }
}

pub(super) fn logs_request(given: &mq::Logs) -> LogsRequest {
    LogsRequest {
        audit: given.audit,
        general: given.general,
    }
}

pub(super) fn window_request(given: &mq::WeeklyStartTime) -> WindowRequest<'_> {
    WindowRequest {
        day_of_week: given.day_of_week.as_deref(),
        time_of_day: given.time_of_day.as_deref(),
        time_zone: given.time_zone.as_deref(),
    }
}

pub(super) fn ldap_request(given: &mq::LdapServerMetadataInput) -> LdapRequest<'_> {
    LdapRequest {
        hosts: given.hosts.as_deref(),
        role_base: given.role_base.as_deref(),
        role_name: given.role_name.as_deref(),
        role_search_matching: given.role_search_matching.as_deref(),
        role_search_subtree: given.role_search_subtree,
        service_account_password: given
            .service_account_password
            .as_ref()
            .map(|password| password.expose()),
        service_account_username: given.service_account_username.as_deref(),
        user_base: given.user_base.as_deref(),
        user_role_name: given.user_role_name.as_deref(),
        user_search_matching: given.user_search_matching.as_deref(),
        user_search_subtree: given.user_search_subtree,
    }
}
