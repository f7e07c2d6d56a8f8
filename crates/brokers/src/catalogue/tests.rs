use super::*;

#[test]
fn amazons_lists_are_newest_first_and_the_refusal_quotes_them() {
    let catalogue = Catalogue::amazon();
    assert_eq!(catalogue.lines(EngineType::ActiveMq), ["5.19", "5.18"]);
    assert_eq!(
        catalogue.lines(EngineType::RabbitMq),
        ["4.3", "4.2", "3.13"]
    );
    assert_eq!(
        catalogue.version(EngineType::ActiveMq, None).unwrap().line,
        "5.19"
    );
    assert_eq!(
        catalogue
            .version(EngineType::ActiveMq, Some("5.18"))
            .unwrap()
            .version,
        "5.18.6"
    );
    let refused = catalogue
        .version(EngineType::ActiveMq, Some("5.17.6"))
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Broker engine version [5.17.6] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18]."
    );
    assert_eq!(refused.attribute(), Some("engineVersion"));
    let refused = catalogue.engine("KAFKA").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Broker engine type [KAFKA] is invalid. Valid values are: [ACTIVEMQ, RABBITMQ]"
    );
    assert_eq!(refused.attribute(), Some("engineType"));
    assert_eq!(catalogue.engine("ActiveMQ"), Ok(EngineType::ActiveMq));
}

#[test]
fn an_installed_line_means_its_newest_patch_and_a_full_version_itself() {
    let catalogue = Catalogue::installed([
        (EngineType::ActiveMq, "5.18.3".to_owned()),
        (EngineType::ActiveMq, "6.1.7".to_owned()),
        (EngineType::ActiveMq, "5.18.10".to_owned()),
        (EngineType::ActiveMq, "nonsense".to_owned()),
    ]);
    assert_eq!(catalogue.lines(EngineType::ActiveMq), ["6.1", "5.18"]);
    let version = |text| {
        catalogue
            .version(EngineType::ActiveMq, Some(text))
            .unwrap()
            .version
            .clone()
    };
    assert_eq!(version("5.18"), "5.18.10");
    assert_eq!(version("5.18.3"), "5.18.3");
    assert_eq!(
        catalogue.engine("RABBITMQ").unwrap_err().to_string(),
        "Broker engine type [RABBITMQ] is invalid. Valid values are: [ACTIVEMQ]"
    );
}

#[test]
fn with_nothing_installed_the_refusal_says_what_to_run() {
    let catalogue = Catalogue::installed([]);
    assert!(catalogue.is_empty());
    assert_eq!(
        catalogue.engine("ACTIVEMQ").unwrap_err().to_string(),
        "No broker engine is installed. Run [postern engine install activemq], and then retry your request."
    );
    assert_eq!(catalogue.options(), []);
}

#[test]
fn what_does_not_go_together_is_refused_with_what_would() {
    use DeploymentMode::*;
    use EngineType::*;
    use StorageType::*;
    let catalogue = Catalogue::amazon();
    let check = |engine, version, kind, storage, mode| {
        let offer = catalogue.version(engine, Some(version)).unwrap();
        catalogue.check(offer, kind, storage, mode)
    };
    for (engine, version, kind, storage, mode) in [
        (ActiveMq, "5.18", "mq.t3.micro", Efs, SingleInstance),
        (ActiveMq, "5.18", "mq.t3.micro", Efs, ActiveStandbyMultiAz),
        (ActiveMq, "5.19", "mq.m5.large", Ebs, SingleInstance),
        (ActiveMq, "5.19", "mq.m5.4xlarge", Efs, ActiveStandbyMultiAz),
        (RabbitMq, "3.13", "mq.m5.large", Ebs, ClusterMultiAz),
        (RabbitMq, "3.13", "mq.m7g.medium", Ebs, SingleInstance),
        (RabbitMq, "4.2", "mq.m7g.16xlarge", Ebs, ClusterMultiAz),
    ] {
        assert!(
            check(engine, version, kind, storage, mode).is_ok(),
            "{kind} {storage:?} {mode:?}"
        );
    }
    for (engine, version, kind, storage, mode, attribute, text) in [
        (
            ActiveMq,
            "5.18",
            "mq.m9.huge",
            Efs,
            SingleInstance,
            "hostInstanceType",
            "Broker instance type [mq.m9.huge] is invalid for broker engine type [ACTIVEMQ]. Valid values: [mq.t3.micro, mq.m5.large, mq.m5.xlarge, mq.m5.2xlarge, mq.m5.4xlarge].",
        ),
        (
            ActiveMq,
            "5.18",
            "mq.m7g.large",
            Efs,
            SingleInstance,
            "hostInstanceType",
            "Broker instance type [mq.m7g.large] is invalid for broker engine type [ACTIVEMQ]. Valid values: [mq.t3.micro, mq.m5.large, mq.m5.xlarge, mq.m5.2xlarge, mq.m5.4xlarge].",
        ),
        (
            RabbitMq,
            "4.2",
            "mq.m5.large",
            Ebs,
            SingleInstance,
            "hostInstanceType",
            "Broker instance type [mq.m5.large] is invalid for broker engine version [4.2]. Valid values: [mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge, mq.m7g.2xlarge, mq.m7g.4xlarge, mq.m7g.8xlarge, mq.m7g.12xlarge, mq.m7g.16xlarge].",
        ),
        (
            ActiveMq,
            "5.18",
            "mq.m5.large",
            Efs,
            ClusterMultiAz,
            "deploymentMode",
            "Broker deployment mode [CLUSTER_MULTI_AZ] is invalid for broker engine type [ACTIVEMQ]. Valid values: [ACTIVE_STANDBY_MULTI_AZ, SINGLE_INSTANCE].",
        ),
        (
            RabbitMq,
            "3.13",
            "mq.m5.large",
            Ebs,
            ActiveStandbyMultiAz,
            "deploymentMode",
            "Broker deployment mode [ACTIVE_STANDBY_MULTI_AZ] is invalid for broker engine type [RABBITMQ]. Valid values: [CLUSTER_MULTI_AZ, SINGLE_INSTANCE].",
        ),
        (
            RabbitMq,
            "3.13",
            "mq.m5.large",
            Efs,
            SingleInstance,
            "storageType",
            "Broker storage type [EFS] is invalid for broker engine type [RABBITMQ]. Valid values: [EBS].",
        ),
        (
            ActiveMq,
            "5.18",
            "mq.t3.micro",
            Ebs,
            SingleInstance,
            "storageType",
            "Broker storage type [EBS] is invalid for broker instance type [mq.t3.micro]. Valid values: [EFS].",
        ),
        (
            ActiveMq,
            "5.18",
            "mq.m5.large",
            Ebs,
            ActiveStandbyMultiAz,
            "storageType",
            "Broker storage type [EBS] is invalid for broker deployment mode [ACTIVE_STANDBY_MULTI_AZ]. Valid values: [EFS].",
        ),
    ] {
        let refused = check(engine, version, kind, storage, mode).unwrap_err();
        assert_eq!(refused.to_string(), text);
        assert_eq!(refused.attribute(), Some(attribute));
    }
    // AWS: existing brokers only.
    assert!(check(RabbitMq, "3.13", "mq.t3.micro", Ebs, SingleInstance).is_err());
}

#[test]
fn every_option_that_is_listed_is_accepted_and_the_recorded_row_is_among_them() {
    let catalogue = Catalogue::amazon();
    let options = catalogue.options();
    for option in &options {
        for line in &option.engine_versions {
            let offer = catalogue.version(option.engine, Some(line)).unwrap();
            for mode in &option.deployment_modes {
                let checked =
                    catalogue.check(offer, option.host_instance_type, option.storage_type, *mode);
                assert!(checked.is_ok(), "{option:?}");
            }
        }
    }
    // ActiveMQ: one type with one storage type, four with two; RabbitMQ: four and eight with one.
    assert_eq!(options.len(), 9 + 12);
    let recorded = options
        .iter()
        .find(|option| option.host_instance_type == "mq.m7g.large")
        .unwrap();
    assert_eq!(recorded.storage_type, StorageType::Ebs);
    assert_eq!(
        recorded.deployment_modes,
        [
            DeploymentMode::ClusterMultiAz,
            DeploymentMode::SingleInstance
        ]
    );
    assert_eq!(recorded.engine_versions, ["4.3", "4.2", "3.13"]);
}

#[test]
fn with_real_engines_only_what_can_be_run_is_offered() {
    let catalogue = Catalogue::installed([(EngineType::ActiveMq, "5.18.6".to_owned())]);
    let offer = catalogue
        .version(EngineType::ActiveMq, Some("5.18"))
        .unwrap();
    let refused = catalogue
        .check(
            offer,
            "mq.m5.large",
            StorageType::Efs,
            DeploymentMode::ActiveStandbyMultiAz,
        )
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Broker deployment mode [ACTIVE_STANDBY_MULTI_AZ] is invalid for broker engine type [ACTIVEMQ]. Valid values: [SINGLE_INSTANCE]."
    );
    assert_eq!(
        catalogue.strategies(EngineType::ActiveMq),
        [AuthenticationStrategy::Simple]
    );
    for option in catalogue.options() {
        assert_eq!(option.engine, EngineType::ActiveMq);
        assert_eq!(option.deployment_modes, [DeploymentMode::SingleInstance]);
    }
}
