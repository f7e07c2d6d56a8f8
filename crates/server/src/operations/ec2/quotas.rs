//! How much of everything an account may have in a region ("Amazon VPC quotas"), and what it is told beyond.

use api::refusal::{Code, Refusal};

use crate::call::Call;
use crate::settings::Quota;

/// A limit: which one, and how EC2 refuses what is beyond it.
pub(super) struct Limit {
    quota: Quota,
    code: Code,
    noun: &'static str,
}

/// VPCs per region.
pub(super) const VPCS: Limit = Limit {
    quota: Quota::VpcsPerRegion,
    code: Code::VpcLimitExceeded,
    noun: "VPCs",
};

/// Subnets per VPC.
pub(super) const SUBNETS: Limit = Limit {
    quota: Quota::SubnetsPerVpc,
    code: Code::SubnetLimitExceeded,
    noun: "subnets",
};

/// Security groups per region.
pub(super) const SECURITY_GROUPS: Limit = Limit {
    quota: Quota::VpcSecurityGroupsPerRegion,
    code: Code::SecurityGroupLimitExceeded,
    noun: "security groups",
};

/// Internet gateways per region.
pub(super) const INTERNET_GATEWAYS: Limit = Limit {
    quota: Quota::InternetGatewaysPerRegion,
    code: Code::InternetGatewayLimitExceeded,
    noun: "internet gateways",
};

/// Route tables per VPC.
pub(super) const ROUTE_TABLES: Limit = Limit {
    quota: Quota::RouteTablesPerVpc,
    code: Code::RouteTableLimitExceeded,
    noun: "route tables",
};

/// Network interfaces per region.
pub(super) const NETWORK_INTERFACES: Limit = Limit {
    quota: Quota::NetworkInterfacesPerRegion,
    code: Code::NetworkInterfaceLimitExceeded,
    noun: "network interfaces",
};

impl Limit {
    /// Checks that there is room for one more. `there` is how many there are.
    ///
    /// # Errors
    /// The quota is reached.
    pub(super) fn room(&self, call: &Call, there: usize) -> Result<(), Refusal> {
        let most = call.services().settings.quota(self.quota);
        if there < usize::try_from(most).unwrap_or(usize::MAX) {
            return Ok(());
        }
        Err(Refusal::new(
            self.code,
            format!("The maximum number of {} has been reached.", self.noun),
        ))
    }
}
