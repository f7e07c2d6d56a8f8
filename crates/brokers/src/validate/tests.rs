//! Every rule of every member, with its text and the member it blames.

use std::collections::BTreeMap;

use super::*;
use crate::broker::{AuthenticationStrategy, EngineType, StorageType};
use crate::catalogue::Catalogue;

const LIMITS: Limits = Limits {
    users: 250,
    groups_per_user: 20,
    tags: 50,
    security_groups: 5,
};

const PASSWORD: &str = "s3cret-Pa55word!";

fn user(name: &'static str) -> UserRequest<'static> {
    UserRequest {
        username: Some(name),
        password: Some(PASSWORD),
        ..UserRequest::default()
    }
}

fn active() -> BrokerRequest<'static> {
    BrokerRequest {
        broker_name: Some("b"),
        engine_type: Some("ACTIVEMQ"),
        engine_version: Some("5.18"),
        host_instance_type: Some("mq.m5.large"),
        deployment_mode: Some("SINGLE_INSTANCE"),
        users: vec![user("admin")],
        ..BrokerRequest::default()
    }
}

fn rabbit() -> BrokerRequest<'static> {
    BrokerRequest {
        engine_type: Some("RABBITMQ"),
        engine_version: Some("3.13"),
        ..active()
    }
}

fn read(request: &BrokerRequest<'_>) -> Result<NewBroker, Invalid> {
    NewBroker::read(request, &Catalogue::amazon(), &LIMITS)
}

#[track_caller]
fn refused<T>(read: Result<T, Invalid>, attribute: &str, text: &str) {
    let invalid = read.err().expect(text);
    assert_eq!(invalid.to_string(), text);
    assert_eq!(invalid.attribute().unwrap_or_default(), attribute);
    assert_eq!(invalid.kind(), InvalidKind::BadRequest);
}

#[test]
fn the_smallest_request_gets_the_documented_defaults() {
    let made = read(&BrokerRequest {
        engine_version: None,
        ..active()
    })
    .ok()
    .unwrap();
    assert_eq!(made.offer.version, "5.19.1");
    assert_eq!(made.storage_type, StorageType::Efs);
    assert!(made.auto_minor_version_upgrade && !made.publicly_accessible);
    assert!(made.encryption.use_aws_owned_key && made.encryption.kms_key_id.is_none());
    assert_eq!(made.authentication_strategy, AuthenticationStrategy::Simple);
    assert_eq!((made.logs.general, made.logs.audit), (false, Some(false)));
    assert_eq!(made.maintenance_window, None);
    let made = read(&rabbit()).ok().unwrap();
    assert_eq!(made.storage_type, StorageType::Ebs);
    assert_eq!((made.logs.general, made.logs.audit), (false, None));
}

#[test]
fn what_has_to_be_there_is_asked_for_by_name() {
    for (request, member) in [
        (
            BrokerRequest {
                broker_name: None,
                ..active()
            },
            "brokerName",
        ),
        (
            BrokerRequest {
                engine_type: None,
                ..active()
            },
            "engineType",
        ),
        (
            BrokerRequest {
                host_instance_type: None,
                ..active()
            },
            "hostInstanceType",
        ),
        (
            BrokerRequest {
                deployment_mode: None,
                ..active()
            },
            "deploymentMode",
        ),
        (
            BrokerRequest {
                encryption: Some(EncryptionRequest::default()),
                ..active()
            },
            "encryptionOptions.useAwsOwnedKey",
        ),
        (
            BrokerRequest {
                configuration: Some((None, Some(1))),
                ..active()
            },
            "configuration.id",
        ),
        (
            BrokerRequest {
                maintenance_window: Some(WindowRequest::default()),
                ..active()
            },
            "maintenanceWindowStartTime.dayOfWeek",
        ),
        (
            BrokerRequest {
                maintenance_window: Some(WindowRequest {
                    day_of_week: Some("MONDAY"),
                    ..WindowRequest::default()
                }),
                ..active()
            },
            "maintenanceWindowStartTime.timeOfDay",
        ),
        (
            BrokerRequest {
                users: vec![UserRequest {
                    username: None,
                    ..user("x")
                }],
                ..active()
            },
            "username",
        ),
        (
            BrokerRequest {
                users: vec![UserRequest {
                    password: None,
                    ..user("admin")
                }],
                ..active()
            },
            "password",
        ),
    ] {
        refused(
            read(&request),
            member,
            &format!("Specify a value for [{member}]."),
        );
    }
}

#[test]
fn broker_names_are_1_to_50_letters_digits_and_two_marks() {
    let long = "x".repeat(51);
    let most = "x".repeat(50);
    for name in ["a", "A-b_9", &most] {
        assert!(
            read(&BrokerRequest {
                broker_name: Some(name),
                ..active()
            })
            .is_ok(),
            "{name}"
        );
    }
    for name in ["", "a.b", "a~b", "a b", "ä", &long] {
        refused(
            read(&BrokerRequest {
                broker_name: Some(name),
                ..active()
            }),
            "brokerName",
            &format!(
                "Broker name [{name}] is invalid. Use 1 to 50 characters: letters, digits, and [- _]."
            ),
        );
    }
}

#[test]
fn enumerations_are_read_in_any_case_and_refused_with_their_values() {
    assert!(
        read(&BrokerRequest {
            engine_type: Some("ActiveMQ"),
            deployment_mode: Some("single_instance"),
            storage_type: Some("Ebs"),
            authentication_strategy: Some("simple"),
            ..active()
        })
        .is_ok()
    );
    refused(
        read(&BrokerRequest {
            deployment_mode: Some("TWO"),
            ..active()
        }),
        "deploymentMode",
        "Broker deployment mode [TWO] is invalid. Valid values: [SINGLE_INSTANCE, ACTIVE_STANDBY_MULTI_AZ, CLUSTER_MULTI_AZ].",
    );
    refused(
        read(&BrokerRequest {
            storage_type: Some("TAPE"),
            ..active()
        }),
        "storageType",
        "Broker storage type [TAPE] is invalid. Valid values: [EBS, EFS].",
    );
    refused(
        read(&BrokerRequest {
            authentication_strategy: Some("LDAP"),
            ..rabbit()
        }),
        "authenticationStrategy",
        "Authentication strategy [LDAP] is invalid for broker engine type [RABBITMQ]. Valid values: [SIMPLE, CONFIG_MANAGED].",
    );
    refused(
        read(&BrokerRequest {
            data_replication_mode: Some("X"),
            ..active()
        }),
        "dataReplicationMode",
        "Data replication mode [X] is invalid. Valid values: [NONE, CRDR].",
    );
}

#[test]
fn amazons_own_texts_are_kept_to_the_letter() {
    refused(
        read(&BrokerRequest {
            users: vec![user("one"), user("two")],
            ..rabbit()
        }),
        "users",
        "Specify exactly one user for engine type [RABBITMQ].",
    );
    refused(
        read(&BrokerRequest {
            users: vec![],
            ..rabbit()
        }),
        "users",
        "Specify exactly one user for engine type [RABBITMQ].",
    );
    refused(
        read(&BrokerRequest {
            logs: Some(LogsRequest {
                audit: Some(false),
                general: Some(true),
            }),
            ..rabbit()
        }),
        "logs.audit",
        "Audit logging is not supported for RabbitMQ brokers.",
    );
    refused(
        read(&BrokerRequest {
            engine_version: Some("5.18.4"),
            ..active()
        }),
        "engineVersion",
        "Broker engine version [5.18.4] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18].",
    );
    refused(
        read(&BrokerRequest {
            auto_minor_version_upgrade: Some(false),
            ..active()
        }),
        "autoMinorVersionUpgrade",
        "Brokers on [ActiveMQ] version [5.18] must have [autoMinorVersionUpgrade] set to [true].",
    );
    refused(
        read(&BrokerRequest {
            auto_minor_version_upgrade: Some(false),
            ..rabbit()
        }),
        "autoMinorVersionUpgrade",
        "Brokers on [RabbitMQ] version [3.13] must have [autoMinorVersionUpgrade] set to [true].",
    );
    refused(
        NewUser::read(
            &UserRequest {
                replication_user: Some(true),
                console_access: Some(false),
                ..user("repl")
            },
            EngineType::ActiveMq,
            &LIMITS,
        ),
        "",
        "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive parameters.",
    );
    for (invalid, kind, attribute, text) in [
        (
            Invalid::NoSuchBroker("b-1".into()),
            InvalidKind::NotFound,
            "broker-id",
            "Can't find requested broker [b-1]. Make sure your broker exists.",
        ),
        (
            Invalid::NoSuchConfiguration("c-1".into()),
            InvalidKind::NotFound,
            "configuration_id",
            "Can't find requested configuration [c-1]. Make sure your configuration exists.",
        ),
        (
            Invalid::NoSuchUser("x".into()),
            InvalidKind::NotFound,
            "username",
            "Can't find requested user [x]. Make sure your user exists.",
        ),
        (
            Invalid::ConfigurationInUse,
            InvalidKind::Conflict,
            "configuration_id",
            "Configuration ID is already in use. Remove the configuration from all brokers and retry the request",
        ),
        (
            Invalid::NoDefaultVpc,
            InvalidKind::BadRequest,
            "",
            "Default VPC not found",
        ),
        (
            Invalid::SubnetsOfSeveralVpcs,
            InvalidKind::BadRequest,
            "subnetIds",
            "Subnets must belong to the same VPC.",
        ),
        (
            Invalid::InstanceDowngrade {
                from: "mq.m5.large".into(),
                to: "mq.t3.micro".into(),
            },
            InvalidKind::BadRequest,
            "hostInstanceType",
            "Downgrading from current instance type [mq.m5.large] to requested instance type [mq.t3.micro] is not supported for RabbitMQ brokers.",
        ),
        (
            Invalid::UpgradingWithoutAutoMinorVersionUpgrade {
                engine: EngineType::ActiveMq,
                version: "5.18".into(),
            },
            InvalidKind::BadRequest,
            "autoMinorVersionUpgrade",
            "Brokers upgrading to [ActiveMQ] version [5.18] must have [autoMinorVersionUpgrade] set to [true].",
        ),
    ] {
        assert_eq!(
            (
                invalid.kind(),
                invalid.attribute().unwrap_or_default(),
                invalid.to_string().as_str()
            ),
            (kind, attribute, text)
        );
    }
}

#[test]
fn passwords_are_long_varied_printable_and_without_three_marks() {
    let with = |password: &'static str| {
        NewUser::read(
            &UserRequest {
                password: Some(password),
                ..user("admin")
            },
            EngineType::ActiveMq,
            &LIMITS,
        )
    };
    let (long, longer): (&'static str, &'static str) =
        ("abcd".repeat(63).leak(), "abcd".repeat(62).leak());
    for good in ["abcdabcdabcd", "with a space 1", "~!@#$%^&*()_+", longer] {
        assert!(with(good).is_ok(), "{good}");
    }
    for (bad, text) in [
        (
            "abcdabcdabc",
            "Make sure your password is 12 to 250 characters long.",
        ),
        ("", "Make sure your password is 12 to 250 characters long."),
        (
            long,
            "Make sure your password is 12 to 250 characters long.",
        ),
        (
            "abcabcabcabc",
            "Make sure your password contains at least [4] unique characters.",
        ),
        (
            "abcdabcd,abcd",
            "Make sure your password doesn't contain invalid characters [, :=].",
        ),
        (
            "abcdabcd:abcd",
            "Make sure your password doesn't contain invalid characters [, :=].",
        ),
        (
            "abcdabcd=abcd",
            "Make sure your password doesn't contain invalid characters [, :=].",
        ),
        (
            "abcdabcd\tabcd",
            "Make sure your password contains printable ASCII characters only.",
        ),
        (
            "abcdabcdabcdé",
            "Make sure your password contains printable ASCII characters only.",
        ),
        (
            "abcdabcdabcd\u{7f}",
            "Make sure your password contains printable ASCII characters only.",
        ),
    ] {
        refused(with(bad), "password", text);
    }
}

#[test]
fn usernames_follow_their_engine() {
    let with = |name: &'static str, engine| NewUser::read(&user(name), engine, &LIMITS);
    let most: &'static str = "u".repeat(100).leak();
    let more: &'static str = "u".repeat(101).leak();
    for good in ["ab", "a-b.c_d~e", "guest", most] {
        assert!(with(good, EngineType::ActiveMq).is_ok(), "{good}");
    }
    for bad in ["a", "", "a b", "a,b", "a:b", "ää", more] {
        let shown: String = bad.chars().take(100).collect();
        refused(
            with(bad, EngineType::ActiveMq),
            "username",
            &format!(
                "Username [{shown}] is invalid. Use 2 to 100 characters: letters, digits, and [- . _ ~]."
            ),
        );
    }
    assert!(with("a-b.c_d", EngineType::RabbitMq).is_ok());
    for bad in ["a~b", "guest", "a"] {
        refused(
            with(bad, EngineType::RabbitMq),
            "username",
            &format!(
                "Username [{bad}] is invalid. Use 2 to 100 characters: letters, digits, and [- . _]. The name [guest] is reserved."
            ),
        );
    }
    refused(
        read(&BrokerRequest {
            users: vec![user("admin"), user("admin")],
            ..active()
        }),
        "users",
        "User [admin] is specified more than once.",
    );
    // AWS: what only ActiveMQ has is accepted and ignored.
    let groups = ["x".to_owned()];
    let made = NewUser::read(
        &UserRequest {
            console_access: Some(true),
            groups: Some(&groups),
            ..user("admin")
        },
        EngineType::RabbitMq,
        &LIMITS,
    )
    .ok()
    .unwrap();
    assert!(!made.console_access && made.groups.is_empty());
}

#[test]
fn windows_are_a_day_a_time_and_a_zone() {
    let window = |day, time, zone| {
        maintenance_window(&WindowRequest {
            day_of_week: Some(day),
            time_of_day: Some(time),
            time_zone: zone,
        })
    };
    for (zone, read_back) in [
        (None, "UTC"),
        (Some("UTC"), "UTC"),
        (Some("CET"), "CET"),
        (Some("Europe/Berlin"), "Europe/Berlin"),
        (Some("+05:30"), "+05:30"),
        (Some("UTC-03:00"), "UTC-03:00"),
    ] {
        assert_eq!(
            window("monday", "00:00", zone).unwrap().time_zone,
            read_back
        );
    }
    for zone in ["Mars/Olympus", "", "+15:00", "+5", "05:30", "UTC+"] {
        refused(
            window("MONDAY", "23:59", Some(zone)),
            "maintenanceWindowStartTime.timeZone",
            &format!(
                "Time zone [{zone}] is invalid. Use the format [Country/City], or an offset from UTC such as [+02:00]."
            ),
        );
    }
    for time in ["24:00", "2:00", "02:60", "0200", "", "02:00:00", "+2:00"] {
        refused(
            window("MONDAY", time, None),
            "maintenanceWindowStartTime.timeOfDay",
            &format!("Time of day [{time}] is invalid. Use the 24-hour format [HH:MM]."),
        );
    }
    refused(
        window("FUNDAY", "02:00", None),
        "maintenanceWindowStartTime.dayOfWeek",
        "Day of week [FUNDAY] is invalid. Valid values: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY].",
    );
}

#[test]
fn tags_have_lengths_characters_and_a_reserved_beginning() {
    let one = |key: &str, value: &str| {
        tags(
            Some(&BTreeMap::from([(key.to_owned(), value.to_owned())])),
            50,
        )
    };
    assert!(one("Kostenstelle ä/1", "a@b+c=d").is_ok());
    assert!(one(&"k".repeat(128), &"v".repeat(256)).is_ok());
    refused(
        one("AWS:x", ""),
        "tags",
        "Tag key [AWS:x] is invalid. Keys that begin with [aws:] are reserved.",
    );
    refused(
        one("", ""),
        "tags",
        "Tag key [] is invalid. Use 1 to 128 characters: letters, digits, spaces, and [_ . : / = + - @].",
    );
    refused(
        one("a", "<"),
        "tags",
        "Tag value [<] is invalid. Use at most 256 characters: letters, digits, spaces, and [_ . : / = + - @].",
    );
    assert!(one(&"k".repeat(129), "").is_err() && one("k", &"v".repeat(257)).is_err());
    let many: BTreeMap<String, String> =
        (0..51).map(|n| (format!("k{n}"), String::new())).collect();
    refused(tags(Some(&many), 50), "tags", "Specify at most [50] tags.");
}

#[test]
fn directories_need_the_strategy_and_all_of_their_members() {
    let hosts = ["ldap.example.com".to_owned()];
    let ldap = LdapRequest {
        hosts: Some(&hosts),
        role_base: Some("ou=Role"),
        role_search_matching: Some("(member:=uid={1})"),
        service_account_password: Some("x"),
        service_account_username: Some("cn=admin"),
        user_base: Some("ou=Users"),
        user_search_matching: Some("(uid={0})"),
        ..LdapRequest::default()
    };
    let with = |strategy, ldap| {
        read(&BrokerRequest {
            authentication_strategy: strategy,
            ldap,
            users: vec![],
            ..active()
        })
    };
    assert!(with(Some("LDAP"), Some(ldap)).is_ok());
    refused(
        with(Some("LDAP"), None),
        "ldapServerMetadata",
        "Specify [ldapServerMetadata] for authentication strategy [LDAP].",
    );
    refused(
        with(None, Some(ldap)),
        "ldapServerMetadata",
        "[ldapServerMetadata] is only supported for authentication strategy [LDAP].",
    );
    refused(
        read(&BrokerRequest {
            ldap: Some(ldap),
            ..rabbit()
        }),
        "ldapServerMetadata",
        "LDAP server metadata is not supported for RabbitMQ brokers.",
    );
    for (request, member) in [
        (
            LdapRequest {
                hosts: None,
                ..ldap
            },
            "hosts",
        ),
        (
            LdapRequest {
                role_base: None,
                ..ldap
            },
            "roleBase",
        ),
        (
            LdapRequest {
                role_search_matching: Some(""),
                ..ldap
            },
            "roleSearchMatching",
        ),
        (
            LdapRequest {
                service_account_password: None,
                ..ldap
            },
            "serviceAccountPassword",
        ),
        (
            LdapRequest {
                service_account_username: None,
                ..ldap
            },
            "serviceAccountUsername",
        ),
        (
            LdapRequest {
                user_base: None,
                ..ldap
            },
            "userBase",
        ),
        (
            LdapRequest {
                user_search_matching: None,
                ..ldap
            },
            "userSearchMatching",
        ),
    ] {
        let invalid = NewLdap::read(&request).err().unwrap();
        assert_eq!(
            invalid.to_string(),
            format!("Specify a value for [ldapServerMetadata.{member}].")
        );
    }
    for wrong in [
        "ldaps://ldap.example.com",
        "ldap.example.com:636",
        "localhost",
        "-a.example.com",
        "",
    ] {
        let hosts = [wrong.to_owned()];
        refused(
            NewLdap::read(&LdapRequest {
                hosts: Some(&hosts),
                ..ldap
            }),
            "ldapServerMetadata.hosts",
            &format!(
                "LDAP hosts [{wrong}] is invalid. Use one or two fully qualified domain names, without scheme and port."
            ),
        );
    }
}

#[test]
fn keys_replication_and_configuration_ids_have_their_rules() {
    let key = |own, id| {
        read(&BrokerRequest {
            encryption: Some(EncryptionRequest {
                use_aws_owned_key: Some(own),
                kms_key_id: id,
            }),
            ..active()
        })
    };
    assert!(
        key(true, None).is_ok() && key(false, None).is_ok() && key(false, Some("alias/x")).is_ok()
    );
    refused(
        key(true, Some("alias/x")),
        "encryptionOptions",
        "[kmsKeyId] and [useAwsOwnedKey] set to [true] are mutually exclusive parameters.",
    );
    refused(
        key(false, Some("a b")),
        "encryptionOptions.kmsKeyId",
        "KMS key ID [a b] is invalid. Use a key ID, a key ARN, an alias, or an alias ARN.",
    );
    let arn = "arn:aws:mq:us-east-2:111122223333:broker:p:b-00000000-0000-4000-8000-000000000000";
    let replica = |mode, primary| {
        read(&BrokerRequest {
            data_replication_mode: mode,
            data_replication_primary_broker_arn: primary,
            ..active()
        })
    };
    assert_eq!(
        replica(Some("CRDR"), Some(arn))
            .ok()
            .unwrap()
            .replica_of
            .as_deref(),
        Some(arn)
    );
    assert!(replica(Some("NONE"), None).is_ok());
    refused(
        replica(Some("CRDR"), None),
        "dataReplicationPrimaryBrokerArn",
        "Specify [dataReplicationPrimaryBrokerArn] for data replication mode [CRDR].",
    );
    refused(
        replica(None, Some(arn)),
        "dataReplicationPrimaryBrokerArn",
        "[dataReplicationPrimaryBrokerArn] is only supported for data replication mode [CRDR].",
    );
    refused(
        replica(Some("CRDR"), Some("x")),
        "dataReplicationPrimaryBrokerArn",
        "Data replication primary broker ARN [x] is invalid. Use the ARN of a broker.",
    );
    refused(
        read(&BrokerRequest {
            configuration: Some((Some("c-1"), None)),
            ..active()
        }),
        "configuration",
        "Can't find requested configuration [c-1]. Make sure your configuration exists.",
    );
    refused(
        read(&BrokerRequest {
            creator_request_id: Some("a\nb"),
            ..active()
        }),
        "creatorRequestId",
        "Creator request ID [a?b] is invalid. Use at most 256 characters, without control characters.",
    );
}

#[test]
fn real_engines_promise_no_encryption_with_a_customers_key() {
    let installed = Catalogue::installed([(EngineType::ActiveMq, "5.18.6".to_owned())]);
    let key = |id| BrokerRequest {
        encryption: Some(EncryptionRequest {
            use_aws_owned_key: Some(false),
            kms_key_id: id,
        }),
        ..active()
    };
    assert!(NewBroker::read(&key(None), &installed, &LIMITS).is_ok());
    refused(
        NewBroker::read(&key(Some("alias/x")), &installed, &LIMITS),
        "encryptionOptions.kmsKeyId",
        "Encryption with a KMS key is not supported for ActiveMQ brokers.",
    );
}

#[test]
fn a_password_is_never_in_a_message() {
    let secret = "TopSecret,with-comma";
    let users = vec![UserRequest {
        password: Some(secret),
        ..user("admin")
    }];
    let invalid = read(&BrokerRequest { users, ..active() }).err().unwrap();
    assert!(!format!("{invalid} {invalid:?}").contains("TopSecret"));
    let long = "s".repeat(2000);
    let hosts = ["ldap.example.com".to_owned()];
    let ldap = LdapRequest {
        hosts: Some(&hosts),
        service_account_password: Some(&long),
        ..LdapRequest::default()
    };
    let invalid = NewLdap::read(&ldap).err().unwrap();
    assert!(!format!("{invalid} {invalid:?}").contains("sss"));
}

#[test]
fn automatic_configurations_say_what_they_are() {
    let catalogue = Catalogue::amazon();
    for (engine, version, text) in [
        (
            EngineType::ActiveMq,
            "5.18",
            "Auto-generated default for b-configuration on ActiveMQ 5.18.6",
        ),
        (
            EngineType::RabbitMq,
            "4.2",
            "Auto-generated default for b-configuration on RabbitMQ 4.2",
        ),
        (
            EngineType::RabbitMq,
            "3.13",
            "Auto-generated default for b-configuration on RabbitMQ 3.13",
        ),
    ] {
        let offer = catalogue.version(engine, Some(version)).unwrap();
        let made = NewConfiguration::automatic("b-configuration", offer);
        assert_eq!(made.description, text);
        assert_eq!(made.engine_version, version);
    }
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    fn text() -> impl Strategy<Value = Option<String>> {
        prop_oneof![
            Just(None),
            any::<String>().prop_map(Some),
            "[A-Za-z0-9_:./+-]{0,60}".prop_map(Some),
            Just(Some("ACTIVEMQ".to_owned())),
            Just(Some("RABBITMQ".to_owned())),
            Just(Some("mq.m5.large".to_owned())),
            Just(Some("SINGLE_INSTANCE".to_owned())),
        ]
    }

    proptest! {
        /// Whatever comes is read or refused; a refusal is one line that names a member or says what AWS says, and is short.
        #[test]
        fn is_read_or_refused_in_one_short_line(
            texts in proptest::collection::vec(text(), 12),
            number in any::<i64>(),
            flag in any::<Option<bool>>(),
        ) {
            let at = |n: usize| texts[n].as_deref();
            let lists: Vec<String> = texts.iter().flatten().cloned().collect();
            let request = BrokerRequest {
                broker_name: at(0),
                engine_type: at(1).or(Some("ACTIVEMQ")),
                engine_version: at(2),
                host_instance_type: at(3).or(Some("mq.m5.large")),
                deployment_mode: at(4).or(Some("SINGLE_INSTANCE")),
                storage_type: at(5),
                storage_size: flag.map(|_| number),
                creator_request_id: at(6),
                authentication_strategy: at(7),
                auto_minor_version_upgrade: flag,
                maintenance_window: Some(WindowRequest { day_of_week: Some("MONDAY"), time_of_day: at(8), time_zone: at(9) }),
                users: vec![UserRequest { username: at(10), password: at(11), console_access: flag, groups: Some(&lists), replication_user: flag }],
                configuration: flag.map(|_| (at(6), Some(number))),
                security_groups: Some(&lists),
                subnet_ids: Some(&lists),
                ..BrokerRequest::default()
            };
            match read(&request) {
                Ok(made) => prop_assert!(made.name.len() <= 50),
                Err(invalid) => prop_assert!(invalid.to_string().chars().count() < 600),
            }
        }

        /// A password that is taken keeps every rule.
        #[test]
        fn a_password_that_is_taken_keeps_every_rule(password in "[ -~]{0,300}|.{0,40}") {
            let request = UserRequest { password: Some(&password), ..user("admin") };
            let taken = NewUser::read(&request, EngineType::ActiveMq, &LIMITS).is_ok();
            let unique: std::collections::BTreeSet<char> = password.chars().collect();
            let right = (12..=250).contains(&password.len())
                && unique.len() >= 4
                && password.chars().all(|mark| (' '..='~').contains(&mark) && !",:=".contains(mark));
            prop_assert_eq!(taken, right);
        }
    }
}
