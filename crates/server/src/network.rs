//! The resources of EC2 that a request concerns, as the Service Authorization Reference lists them: their ARNs, tags and
//! condition keys. What does not exist has the ARN it would have, and neither tags nor keys.

use api::row::{NetworkKind, Part};
use api::table::OperationId;
use store::state::Account;
use vpc::{Grantee, Tags};

use crate::authorise::Target;
use crate::facts::Facts;

/// The ARN of a part of the network; `*` for one that is about to be made.
pub(crate) fn arn(region: &str, account: &str, kind: NetworkKind, id: &str) -> String {
    format!("arn:aws:ec2:{region}:{account}:{}/{id}", kind.name())
}

/// The resources on which the action has to be allowed, at least one.
pub(crate) fn targets(
    account: Option<&Account>,
    account_id: &str,
    facts: &Facts,
    parts: &[Part],
) -> Vec<Target> {
    let finder = Finder {
        account,
        account_id,
        region: &facts.region,
    };
    let mut found = Vec::new();
    for part in parts {
        match *part {
            Part::New(kind) => found.push(finder.to_be_made(kind, facts)),
            Part::Required(kind, member) => {
                let target = finder.target(kind, facts.text(member).unwrap_or_default());
                found.push(permission_keys(target, account, facts));
            }
            Part::Given(kind, member) => {
                let ids = facts.texts(member);
                found.extend(ids.into_iter().map(|id| finder.target(kind, id)));
            }
            Part::Group(id, name) => {
                let id = match (facts.text(id), facts.text(name)) {
                    (Some(id), _) => id,
                    (None, Some(name)) => finder.group_named(name),
                    (None, None) => "",
                };
                found.push(finder.target(NetworkKind::SecurityGroup, id));
            }
            Part::Association(member) => {
                let id = facts.text(member).unwrap_or_default();
                found.extend(finder.association(id));
            }
            Part::Attachment(member) => {
                let id = facts.text(member).unwrap_or_default();
                let interface = account
                    .and_then(|account| {
                        let mut all = account.interfaces.values();
                        all.find(|interface| interface.attachment_id().as_deref() == Some(id))
                    })
                    .map_or("", |interface| interface.id.as_str());
                found.push(finder.target(NetworkKind::NetworkInterface, interface));
            }
            Part::Permission(member) => {
                let id = facts.text(member).unwrap_or_default();
                let interface = account
                    .and_then(|account| {
                        let mut all = account.interfaces.values();
                        all.find(|interface| {
                            interface
                                .permissions
                                .iter()
                                .any(|permission| permission.id == id)
                        })
                    })
                    .map_or("", |interface| interface.id.as_str());
                let target = finder.target(NetworkKind::NetworkInterface, interface);
                found.push(permission_keys(target, account, facts));
            }
            Part::Tagged(member) => {
                for id in facts.texts(member) {
                    found.push(match NetworkKind::of_id(id) {
                        Some(kind) => finder.target(kind, id),
                        None => {
                            Target::arn(format!("arn:aws:ec2:{}:{account_id}:*/{id}", facts.region))
                        }
                    });
                }
            }
        }
    }
    if found.is_empty() {
        found.push(Target::any());
    }
    found
}

/// What the tags of the request are put on as it is made ("Grant permission to tag Amazon EC2 resources during creation").
pub(crate) fn tagged_at_birth(account_id: &str, facts: &Facts) -> Vec<Target> {
    let specifications = facts
        .members
        .get("tagSpecification")
        .and_then(|specifications| specifications.as_array());
    specifications
        .into_iter()
        .flatten()
        .map(|specification| {
            let kind = specification
                .get("resourceType")
                .and_then(|kind| kind.as_str())
                .unwrap_or("*");
            Target::arn(format!(
                "arn:aws:ec2:{}:{account_id}:{kind}/*",
                facts.region
            ))
            .with("ec2:CreateAction", facts.row.name)
            .with("ec2:Region", facts.region.as_str())
        })
        .collect()
}

/// The keys of calls that give or take permissions on an interface: who has it, and which.
fn permission_keys(target: Target, account: Option<&Account>, facts: &Facts) -> Target {
    if facts.row.id == OperationId::CreateNetworkInterfacePermission {
        let mut target = target;
        if let Some(service) = facts.text("awsService") {
            target = target.with("ec2:AuthorizedService", service);
        }
        if let Some(user) = facts.text("awsAccountId") {
            target = target.with("ec2:AuthorizedUser", format!("arn:aws:iam::{user}:root"));
        }
        if let Some(permission) = facts.text("permission") {
            target = target.with("ec2:Permission", permission);
        }
        return target;
    }
    if facts.row.id == OperationId::DeleteNetworkInterfacePermission {
        let id = facts.text("networkInterfacePermissionId");
        let permission = account.and_then(|account| {
            account
                .interfaces
                .values()
                .flat_map(|interface| &interface.permissions)
                .find(|permission| Some(permission.id.as_str()) == id)
        });
        return match permission.map(|permission| &permission.grantee) {
            Some(Grantee::Service(service)) => {
                target.with("ec2:AuthorizedService", service.as_str())
            }
            Some(Grantee::Account(user)) => {
                target.with("ec2:AuthorizedUser", format!("arn:aws:iam::{user}:root"))
            }
            None => target,
        };
    }
    target
}

/// Finds the parts of an account's network in a region.
pub(crate) struct Finder<'a> {
    /// The account, where it is still there.
    pub(crate) account: Option<&'a Account>,
    /// Its id.
    pub(crate) account_id: &'a str,
    /// The region.
    pub(crate) region: &'a str,
}

impl Finder<'_> {
    fn arn(&self, kind: NetworkKind, id: &str) -> String {
        arn(self.region, self.account_id, kind, id)
    }

    fn bare(&self, kind: NetworkKind, id: &str) -> Target {
        Target::arn(self.arn(kind, id)).with("ec2:Region", self.region)
    }

    fn tagged(&self, kind: NetworkKind, id: &str, tags: &Tags) -> Target {
        Target::tagged(self.arn(kind, id), tags).with("ec2:Region", self.region)
    }

    /// An interface that is about to be made in a subnet.
    pub(crate) fn new_interface(&self, subnet: &str) -> Target {
        let target = self.bare(NetworkKind::NetworkInterface, "*");
        match self.account.and_then(|account| account.subnets.get(subnet)) {
            Some(subnet) => self.in_subnet(target, subnet),
            None => target,
        }
    }

    fn in_subnet(&self, target: Target, subnet: &vpc::Subnet) -> Target {
        target
            .with("ec2:Vpc", self.arn(NetworkKind::Vpc, &subnet.vpc_id))
            .with("ec2:Subnet", self.arn(NetworkKind::Subnet, &subnet.id))
            .with("ec2:AvailabilityZone", subnet.availability_zone.as_str())
    }

    fn to_be_made(&self, kind: NetworkKind, facts: &Facts) -> Target {
        let in_vpc = |target: Target| match facts.text("vpcId") {
            Some(vpc) => target.with("ec2:Vpc", self.arn(NetworkKind::Vpc, vpc)),
            None => target,
        };
        match kind {
            NetworkKind::NetworkInterface => {
                self.new_interface(facts.text("subnetId").unwrap_or_default())
            }
            NetworkKind::Subnet => {
                let target = in_vpc(self.bare(kind, "*"));
                match facts.text("availabilityZone") {
                    Some(zone) => target.with("ec2:AvailabilityZone", zone),
                    None => target,
                }
            }
            NetworkKind::SecurityGroup | NetworkKind::RouteTable | NetworkKind::NetworkAcl => {
                in_vpc(self.bare(kind, "*"))
            }
            NetworkKind::Vpc | NetworkKind::SecurityGroupRule | NetworkKind::InternetGateway => {
                self.bare(kind, "*")
            }
        }
    }

    /// The part with this id: its ARN, and what is known of it.
    pub(crate) fn target(&self, kind: NetworkKind, id: &str) -> Target {
        self.known(kind, id).unwrap_or_else(|| self.bare(kind, id))
    }

    fn known(&self, kind: NetworkKind, id: &str) -> Option<Target> {
        let account = self.account?;
        let here = |region: &str| region == self.region;
        let of_vpc =
            |target: Target, vpc: &str| target.with("ec2:Vpc", self.arn(NetworkKind::Vpc, vpc));
        Some(match kind {
            NetworkKind::Vpc => {
                let vpc = account.vpcs.get(id).filter(|vpc| here(&vpc.region))?;
                self.tagged(kind, id, &vpc.tags)
                    .with("ec2:VpcID", id)
                    .with("ec2:Tenancy", "default")
            }
            NetworkKind::Subnet => {
                let subnet = account
                    .subnets
                    .get(id)
                    .filter(|subnet| here(&subnet.region))?;
                of_vpc(self.tagged(kind, id, &subnet.tags), &subnet.vpc_id)
                    .with("ec2:SubnetID", id)
                    .with("ec2:AvailabilityZone", subnet.availability_zone.as_str())
            }
            NetworkKind::SecurityGroup => {
                let group = account
                    .security_groups
                    .get(id)
                    .filter(|group| here(&group.region))?;
                of_vpc(self.tagged(kind, id, &group.tags), &group.vpc_id)
                    .with("ec2:SecurityGroupID", id)
            }
            NetworkKind::SecurityGroupRule => {
                let rule = account
                    .security_groups
                    .values()
                    .filter(|group| here(&group.region))
                    .flat_map(|group| &group.rules)
                    .find(|rule| rule.id == id)?;
                self.tagged(kind, id, &rule.tags)
            }
            NetworkKind::InternetGateway => {
                let gateway = account
                    .internet_gateways
                    .get(id)
                    .filter(|gateway| here(&gateway.region))?;
                self.tagged(kind, id, &gateway.tags)
                    .with("ec2:InternetGatewayID", id)
            }
            NetworkKind::RouteTable => {
                let table = account
                    .route_tables
                    .get(id)
                    .filter(|table| here(&table.region))?;
                of_vpc(self.tagged(kind, id, &table.tags), &table.vpc_id)
                    .with("ec2:RouteTableID", id)
            }
            NetworkKind::NetworkAcl => {
                let acl = account
                    .network_acls
                    .get(id)
                    .filter(|acl| here(&acl.region))?;
                of_vpc(self.tagged(kind, id, &acl.tags), &acl.vpc_id).with("ec2:NetworkAclID", id)
            }
            NetworkKind::NetworkInterface => {
                let interface = account
                    .interfaces
                    .get(id)
                    .filter(|interface| here(&interface.region))?;
                let target = self
                    .tagged(kind, id, &interface.tags)
                    .with("ec2:NetworkInterfaceID", id);
                match account.subnets.get(&interface.subnet_id) {
                    Some(subnet) => self.in_subnet(target, subnet),
                    None => target,
                }
            }
        })
    }

    /// The group with this name in the default VPC; empty where there is none.
    fn group_named(&self, name: &str) -> &str {
        let Some(account) = self.account else {
            return "";
        };
        let default = account
            .vpcs
            .values()
            .find(|vpc| vpc.is_default && vpc.region == self.region);
        account
            .security_groups
            .values()
            .find(|group| group.name == name && default.is_some_and(|vpc| vpc.id == group.vpc_id))
            .map_or("", |group| group.id.as_str())
    }

    fn association(&self, id: &str) -> Vec<Target> {
        let found = self.account.and_then(|account| {
            account.route_tables.values().find_map(|table| {
                let mut all = table.associations.iter();
                let association = all.find(|association| association.id == id)?;
                Some((table, association))
            })
        });
        match found {
            None => vec![self.bare(NetworkKind::RouteTable, "")],
            Some((table, association)) => {
                let mut targets = vec![self.target(NetworkKind::RouteTable, &table.id)];
                if let Some(subnet) = &association.subnet_id {
                    targets.push(self.target(NetworkKind::Subnet, subnet));
                }
                targets
            }
        }
    }
}
