use std::collections::BTreeMap;

use super::*;
use crate::broker::{
    ActionRequired, AuthenticationStrategy, BrokerUser, ConfigurationRef, DataReplicationMode,
    DayOfWeek, DeploymentMode, Encryption, EngineType, Failure, Logs, Observed, Pending,
    PendingUser, Settings, StorageType, UserSettings, WeeklyStartTime,
};
use crate::ids::{BrokerId, ConfigurationId};

fn configuration(n: u8, revision: u32) -> ConfigurationRef {
    ConfigurationRef {
        id: ConfigurationId::new([n; 16]),
        revision,
    }
}

fn user(password: &str) -> UserSettings {
    UserSettings {
        sealed_password: password.into(),
        console_access: false,
        groups: vec![],
        replication_user: false,
    }
}

fn broker() -> Broker {
    Broker {
        account: "111122223333".into(),
        region: "us-east-1".into(),
        id: BrokerId::new([1; 16]),
        name: "b".into(),
        created: 0,
        creator_request: None,
        engine: EngineType::ActiveMq,
        deployment_mode: DeploymentMode::SingleInstance,
        storage_type: StorageType::Efs,
        publicly_accessible: false,
        subnet_ids: vec![],
        encryption: Encryption {
            use_aws_owned_key: true,
            kms_key_id: None,
        },
        auto_minor_version_upgrade: true,
        maintenance_window: WeeklyStartTime {
            day_of_week: DayOfWeek::Monday,
            time_of_day: "02:00".into(),
            time_zone: "UTC".into(),
        },
        tags: BTreeMap::new(),
        current: Settings {
            engine_version: "5.18.6".into(),
            host_instance_type: "mq.m5.large".into(),
            security_groups: vec!["sg-1".into()],
            configuration: Some(configuration(1, 1)),
            logs: Logs::default(),
            authentication_strategy: AuthenticationStrategy::Simple,
            ldap: None,
            storage_size: Some(100),
            data_replication_mode: DataReplicationMode::None,
        },
        pending: Pending::default(),
        configuration_history: vec![],
        users: BTreeMap::new(),
        instances: vec![],
        intent: Intent::Run,
        reboots: 0,
        observed: Observed::default(),
    }
}

#[test]
fn the_state_is_read_off_the_record_in_a_fixed_order() {
    let failure = Failure {
        at: 1,
        reason: "no address".into(),
    };
    let action = ActionRequired {
        code: "BROKER_OOM".into(),
        info: "out of memory".into(),
    };
    let mut it = broker();
    assert_eq!(it.state(), BrokerState::CreationInProgress);
    it.observed.failure = Some(failure);
    assert_eq!(it.state(), BrokerState::CreationFailed);
    it.observed.created = true;
    assert_eq!(it.state(), BrokerState::Running);
    it.observed.actions_required.push(action);
    assert_eq!(it.state(), BrokerState::CriticalActionRequired);
    it.reboots = 1;
    assert_eq!(it.state(), BrokerState::RebootInProgress);
    it.intent = Intent::Delete;
    assert_eq!(it.state(), BrokerState::DeletionInProgress);
    it.intent = Intent::Run;
    it.observed.reboots_done = 1;
    assert_eq!(it.state(), BrokerState::CriticalActionRequired);
}

#[test]
fn a_reboot_makes_every_pending_setting_current_and_the_old_configuration_history() {
    let mut it = broker();
    it.pending = Pending {
        engine_version: Some("5.19.1".into()),
        host_instance_type: Some("mq.m5.xlarge".into()),
        security_groups: Some(vec!["sg-2".into()]),
        configuration: Some(configuration(2, 3)),
        logs: Some(Logs {
            general: true,
            audit: Some(true),
        }),
        authentication_strategy: Some(AuthenticationStrategy::Ldap),
        ldap: None,
        storage_size: Some(0),
        data_replication_mode: Some(DataReplicationMode::Crdr),
    };
    it.apply_pending();
    assert_eq!(it.pending, Pending::default());
    assert_eq!(it.current.engine_version, "5.19.1");
    assert_eq!(it.current.host_instance_type, "mq.m5.xlarge");
    assert_eq!(it.current.security_groups, ["sg-2"]);
    assert_eq!(it.current.configuration, Some(configuration(2, 3)));
    assert_eq!(it.configuration_history, [configuration(1, 1)]);
    assert_eq!(
        it.current.logs,
        Logs {
            general: true,
            audit: Some(true)
        }
    );
    assert_eq!(
        it.current.authentication_strategy,
        AuthenticationStrategy::Ldap
    );
    assert_eq!(it.current.storage_size, None);
    assert_eq!(it.current.data_replication_mode, DataReplicationMode::Crdr);
    let applied = it.clone();
    it.apply_pending();
    assert_eq!(it, applied, "a second time changes nothing");
}

#[test]
fn a_reboot_adds_changes_and_removes_users() {
    let mut it = broker();
    let entry = |current: Option<&str>, change, pending: Option<&str>| BrokerUser {
        current: current.map(user),
        pending: Some(PendingUser {
            change,
            settings: pending.map(user),
        }),
    };
    it.users.extend([
        ("new".to_owned(), entry(None, ChangeType::Create, Some("1"))),
        (
            "changed".to_owned(),
            entry(Some("old"), ChangeType::Update, Some("2")),
        ),
        (
            "gone".to_owned(),
            entry(Some("3"), ChangeType::Delete, None),
        ),
        (
            "kept".to_owned(),
            BrokerUser {
                current: Some(user("4")),
                pending: None,
            },
        ),
    ]);
    it.apply_pending();
    let now: Vec<(&str, &str)> = it
        .users
        .iter()
        .map(|(name, user)| {
            assert_eq!(user.pending, None);
            (
                name.as_str(),
                user.current.as_ref().unwrap().sealed_password.as_str(),
            )
        })
        .collect();
    assert_eq!(now, [("changed", "2"), ("kept", "4"), ("new", "1")]);
}
