use vpc::DefaultVpc;

use super::*;

struct Made {
    vpcs: Vec<Vpc>,
    subnets: Vec<Subnet>,
    groups: Vec<SecurityGroup>,
}

impl Made {
    /// The default VPC of three zones, and another VPC with two subnets in one zone.
    fn new(zones: usize) -> Made {
        let names: Vec<String> = ["a", "b", "c"]
            .iter()
            .take(zones)
            .map(|zone| format!("us-east-1{zone}"))
            .collect();
        let mut n = 0;
        let default = DefaultVpc::new("1", "us-east-1", &names, 64, || {
            n += 1;
            format!("d{n}")
        });
        let other = Vpc {
            id: "vpc-o".into(),
            is_default: false,
            ..default.vpc.clone()
        };
        let subnet = |id: &str| Subnet {
            id: id.into(),
            vpc_id: "vpc-o".into(),
            default_for_az: false,
            ..default.subnets[0].clone()
        };
        let group = SecurityGroup {
            id: "sg-o".into(),
            vpc_id: "vpc-o".into(),
            ..default.furnishings.group.clone()
        };
        let mut subnets = default.subnets.clone();
        subnets.extend([subnet("subnet-o1"), subnet("subnet-o2")]);
        Made {
            vpcs: vec![other, default.vpc],
            subnets,
            groups: vec![group, default.furnishings.group],
        }
    }

    fn place(
        &self,
        engine: EngineType,
        deployment_mode: DeploymentMode,
        publicly_accessible: bool,
        subnets: &[&str],
        groups: &[&str],
    ) -> Result<Placement, Invalid> {
        let owned =
            |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        Network {
            vpcs: self.vpcs.iter().collect(),
            subnets: self.subnets.iter().collect(),
            groups: self.groups.iter().collect(),
        }
        .place(Wanted {
            engine,
            deployment_mode,
            publicly_accessible,
            subnet_ids: &owned(subnets),
            security_groups: &owned(groups),
        })
    }
}

use DeploymentMode::{ActiveStandbyMultiAz, ClusterMultiAz, SingleInstance};
use EngineType::{ActiveMq, RabbitMq};

#[test]
fn without_subnets_a_broker_goes_into_the_default_vpc() {
    let made = Made::new(3);
    // subnet-d2, -d3, -d4 are the default subnets of zones a, b and c.
    for (engine, mode, public, shown, used) in [
        (
            ActiveMq,
            SingleInstance,
            false,
            vec!["subnet-d2"],
            vec!["subnet-d2"],
        ),
        (
            ActiveMq,
            SingleInstance,
            true,
            vec!["subnet-d2"],
            vec!["subnet-d2"],
        ),
        (
            ActiveMq,
            ActiveStandbyMultiAz,
            false,
            vec!["subnet-d2", "subnet-d3"],
            vec!["subnet-d2", "subnet-d3"],
        ),
        (
            RabbitMq,
            SingleInstance,
            false,
            vec!["subnet-d2"],
            vec!["subnet-d2"],
        ),
        (
            RabbitMq,
            ClusterMultiAz,
            false,
            vec!["subnet-d2", "subnet-d3", "subnet-d4"],
            vec!["subnet-d2", "subnet-d3", "subnet-d4"],
        ),
        (
            RabbitMq,
            ClusterMultiAz,
            true,
            vec![],
            vec!["subnet-d2", "subnet-d3", "subnet-d4"],
        ),
    ] {
        let placed = made.place(engine, mode, public, &[], &[]).unwrap();
        assert_eq!(placed.subnet_ids, shown);
        let instances: Vec<&str> = placed
            .instances
            .iter()
            .map(|subnet| subnet.id.as_str())
            .collect();
        assert_eq!(instances, used);
        assert_eq!(placed.interface_groups, ["sg-d9"]);
        let hidden = engine == RabbitMq && public;
        assert_eq!(placed.security_groups.is_empty(), hidden);
    }
}

#[test]
fn given_subnets_and_groups_are_used_and_a_vpc_without_a_group_given_lends_its_own() {
    let made = Made::new(3);
    let placed = made
        .place(ActiveMq, SingleInstance, false, &["subnet-o1"], &[])
        .unwrap();
    assert_eq!(
        (placed.subnet_ids, placed.security_groups),
        (vec!["subnet-o1".to_owned()], vec!["sg-o".to_owned()])
    );
    let placed = made
        .place(
            ActiveMq,
            ActiveStandbyMultiAz,
            true,
            &["subnet-d4", "subnet-d2"],
            &["sg-d9"],
        )
        .unwrap();
    assert_eq!(placed.subnet_ids, ["subnet-d4", "subnet-d2"]);
    // Three nodes share what they are given.
    let placed = made
        .place(
            RabbitMq,
            ClusterMultiAz,
            false,
            &["subnet-d2", "subnet-d3"],
            &[],
        )
        .unwrap();
    let instances: Vec<&str> = placed
        .instances
        .iter()
        .map(|subnet| subnet.id.as_str())
        .collect();
    assert_eq!(instances, ["subnet-d2", "subnet-d3", "subnet-d2"]);
    // AWS's own example gives subnets to a public RabbitMQ broker.
    let placed = made
        .place(
            RabbitMq,
            SingleInstance,
            true,
            &["subnet-d2", "subnet-d3"],
            &[],
        )
        .unwrap();
    assert_eq!(placed.subnet_ids, ["subnet-d2", "subnet-d3"]);
    assert_eq!(placed.instances.len(), 1);
}

#[test]
fn what_is_not_there_or_does_not_go_together_is_refused() {
    let made = Made::new(3);
    for (engine, mode, subnets, groups, attribute, text) in [
        (
            ActiveMq,
            SingleInstance,
            vec!["subnet-x"],
            vec![],
            "subnetIds",
            "Can't find requested subnet [subnet-x]. Make sure your subnet exists.",
        ),
        (
            ActiveMq,
            SingleInstance,
            vec!["subnet-d2", "subnet-d3"],
            vec![],
            "subnetIds",
            "Specify exactly [1] subnets for deployment mode [SINGLE_INSTANCE].",
        ),
        (
            RabbitMq,
            SingleInstance,
            vec!["subnet-d2", "subnet-d3"],
            vec![],
            "subnetIds",
            "Specify exactly [1] subnets for deployment mode [SINGLE_INSTANCE].",
        ),
        (
            ActiveMq,
            ActiveStandbyMultiAz,
            vec!["subnet-d2"],
            vec![],
            "subnetIds",
            "Specify exactly [2] subnets for deployment mode [ACTIVE_STANDBY_MULTI_AZ].",
        ),
        (
            ActiveMq,
            ActiveStandbyMultiAz,
            vec!["subnet-d2", "subnet-o1"],
            vec![],
            "subnetIds",
            "Subnets must belong to the same VPC.",
        ),
        (
            ActiveMq,
            ActiveStandbyMultiAz,
            vec!["subnet-o1", "subnet-o2"],
            vec![],
            "subnetIds",
            "Subnets must belong to different Availability Zones.",
        ),
        (
            ActiveMq,
            SingleInstance,
            vec![],
            vec!["sg-x"],
            "securityGroups",
            "Can't find requested security group [sg-x]. Make sure your security group exists.",
        ),
        (
            ActiveMq,
            SingleInstance,
            vec![],
            vec!["sg-o"],
            "securityGroups",
            "Security groups must belong to the same VPC as the subnets.",
        ),
    ] {
        let refused = made
            .place(engine, mode, false, &subnets, &groups)
            .unwrap_err();
        assert_eq!(refused.to_string(), text);
        assert_eq!(refused.attribute(), Some(attribute));
    }
    let one = Made::new(1);
    assert_eq!(
        one.place(ActiveMq, ActiveStandbyMultiAz, false, &[], &[])
            .unwrap_err()
            .to_string(),
        "Deployment mode [ACTIVE_STANDBY_MULTI_AZ] requires subnets in at least [2] Availability Zones."
    );
    let mut none = Made::new(3);
    none.vpcs.retain(|vpc| !vpc.is_default);
    let refused = none
        .place(ActiveMq, SingleInstance, false, &[], &[])
        .unwrap_err();
    assert_eq!(
        (refused.to_string().as_str(), refused.attribute()),
        ("Default VPC not found", None)
    );
    // With subnets and groups of one's own no default VPC is needed.
    assert!(
        none.place(ActiveMq, SingleInstance, false, &["subnet-o1"], &["sg-o"])
            .is_ok()
    );
}
