//! Where a broker's instances go: subnets, security groups, zones ("Amazon MQ: connecting to a broker in your VPC").

use vpc::{SecurityGroup, Subnet, Vpc};

use crate::broker::{DeploymentMode, EngineType};
use crate::validate::{Invalid, shortened};

/// The networks of an account in one region.
#[derive(Clone, Debug, Default)]
pub struct Network<'a> {
    /// VPCs.
    pub vpcs: Vec<&'a Vpc>,
    /// Subnets.
    pub subnets: Vec<&'a Subnet>,
    /// Security groups.
    pub groups: Vec<&'a SecurityGroup>,
}

/// What is known of a broker that needs a place.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The engine.
    pub engine: EngineType,
    /// The deployment mode.
    pub deployment_mode: DeploymentMode,
    /// Whether it is reachable from beyond its VPC.
    pub publicly_accessible: bool,
    /// Subnets as given.
    pub subnet_ids: &'a [String],
    /// Security groups as given.
    pub security_groups: &'a [String],
}

/// Where a broker goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The subnets that its description shows.
    pub subnet_ids: Vec<String>,
    /// The security groups that its description shows.
    pub security_groups: Vec<String>,
    /// The security groups of its interfaces.
    pub interface_groups: Vec<String>,
    /// The subnet of each instance.
    pub instances: Vec<Subnet>,
}

/// How many instances a broker has.
pub fn instance_count(mode: DeploymentMode) -> usize {
    match mode {
        DeploymentMode::SingleInstance => 1,
        DeploymentMode::ActiveStandbyMultiAz => 2,
        DeploymentMode::ClusterMultiAz => 3,
    }
}

impl Network<'_> {
    /// Finds the place.
    ///
    /// # Errors
    /// A subnet or group does not exist, they do not go together or with the deployment mode, or there is no default VPC.
    pub fn place(&self, wanted: Wanted<'_>) -> Result<Placement, Invalid> {
        let mode = wanted.deployment_mode;
        let (subnets, shown) = if wanted.subnet_ids.is_empty() {
            self.default_subnets(wanted)?
        } else {
            let found = self.given_subnets(wanted)?;
            (found.clone(), found)
        };
        let vpc = subnets.first().map(|subnet| subnet.vpc_id.as_str());
        let groups = if wanted.security_groups.is_empty() {
            self.default_groups(vpc)
        } else {
            self.check_groups(wanted.security_groups, vpc)?;
            wanted.security_groups.to_vec()
        };
        // AWS: public RabbitMQ brokers use neither subnets nor security groups.
        let hidden = wanted.security_groups.is_empty()
            && wanted.publicly_accessible
            && match wanted.engine {
                EngineType::RabbitMq => true,
                EngineType::ActiveMq => false,
            };
        Ok(Placement {
            subnet_ids: shown.iter().map(|subnet| subnet.id.clone()).collect(),
            security_groups: if hidden { Vec::new() } else { groups.clone() },
            interface_groups: groups,
            instances: subnets
                .iter()
                .copied()
                .cycle()
                .take(instance_count(mode))
                .cloned()
                .collect(),
        })
    }

    /// Checks that security groups exist and belong to the VPC.
    ///
    /// # Errors
    /// One does not.
    pub fn check_groups(&self, ids: &[String], vpc: Option<&str>) -> Result<(), Invalid> {
        for id in ids {
            let group = self
                .groups
                .iter()
                .find(|group| group.id == *id)
                .ok_or_else(|| Invalid::NoSuchSecurityGroup(shortened(id)))?;
            if vpc.is_some_and(|vpc| vpc != group.vpc_id) {
                return Err(Invalid::GroupsOfAnotherVpc);
            }
        }
        Ok(())
    }

    /// Those of the default VPC: the ones that are used, and the ones that are shown.
    fn default_subnets(&self, wanted: Wanted<'_>) -> Result<(Vec<&Subnet>, Vec<&Subnet>), Invalid> {
        let vpc = self
            .vpcs
            .iter()
            .find(|vpc| vpc.is_default)
            .ok_or(Invalid::NoDefaultVpc)?;
        let mut subnets: Vec<&Subnet> = self
            .subnets
            .iter()
            .copied()
            .filter(|subnet| subnet.vpc_id == vpc.id && subnet.default_for_az)
            .collect();
        subnets.sort_by(|a, b| a.availability_zone.cmp(&b.availability_zone));
        let too_few = |count| Invalid::TooFewZones {
            mode: wanted.deployment_mode.model(),
            count,
        };
        match (wanted.engine, wanted.deployment_mode) {
            (_, DeploymentMode::SingleInstance) => subnets.truncate(1),
            (_, DeploymentMode::ActiveStandbyMultiAz) => {
                subnets.truncate(2);
                if subnets.len() < 2 {
                    return Err(too_few(2));
                }
            }
            (_, DeploymentMode::ClusterMultiAz) => {}
        }
        if subnets.is_empty() {
            return Err(too_few(1));
        }
        let shown = match wanted.engine {
            EngineType::RabbitMq if wanted.publicly_accessible => Vec::new(),
            EngineType::RabbitMq | EngineType::ActiveMq => subnets.clone(),
        };
        Ok((subnets, shown))
    }

    fn given_subnets(&self, wanted: Wanted<'_>) -> Result<Vec<&Subnet>, Invalid> {
        let mode = wanted.deployment_mode;
        let exact = match (wanted.engine, mode) {
            (EngineType::ActiveMq, _) => Some(instance_count(mode)),
            (EngineType::RabbitMq, DeploymentMode::SingleInstance)
                if !wanted.publicly_accessible =>
            {
                Some(1)
            }
            (EngineType::RabbitMq, _) => None,
        };
        if let Some(count) = exact.filter(|count| *count != wanted.subnet_ids.len()) {
            return Err(Invalid::Exactly {
                what: "subnets",
                count,
                mode: mode.model(),
                attribute: "subnetIds",
            });
        }
        let mut found: Vec<&Subnet> = Vec::with_capacity(wanted.subnet_ids.len());
        for id in wanted.subnet_ids {
            let subnet = self
                .subnets
                .iter()
                .find(|subnet| subnet.id == *id)
                .ok_or_else(|| Invalid::NoSuchSubnet(shortened(id)))?;
            found.push(subnet);
        }
        for (at, subnet) in found.iter().enumerate() {
            for other in found.iter().take(at) {
                if other.vpc_id != subnet.vpc_id {
                    return Err(Invalid::SubnetsOfSeveralVpcs);
                }
                if other.availability_zone == subnet.availability_zone {
                    return Err(Invalid::SubnetsOfOneZone);
                }
            }
        }
        Ok(found)
    }

    /// The VPC's default group.
    pub fn default_groups(&self, vpc: Option<&str>) -> Vec<String> {
        self.groups
            .iter()
            .filter(|group| group.name == "default" && vpc == Some(group.vpc_id.as_str()))
            .map(|group| group.id.clone())
            .take(1)
            .collect()
    }
}

#[cfg(test)]
mod tests;
