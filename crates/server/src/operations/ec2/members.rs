//! Reading members: ids, texts, tags; and making ids.

use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::wire::ec2 as wire;
use sha2::{Digest, Sha256};
use store::state::Account;
use vpc::{
    Cidr, ClientToken, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup,
    Subnet, Tags, Vpc,
};

use super::refusals::{invalid, invalid_value, malformed, missing, not_found};
use crate::call::Call;

/// The most tags that a resource may have ("Tag restrictions").
const MAX_TAGS: usize = 50;

/// A member that has to be there.
pub(super) fn required<'a>(name: &str, member: Option<&'a str>) -> Result<&'a str, Refusal> {
    member
        .filter(|text| !text.is_empty())
        .ok_or_else(|| missing(name))
}

/// Checks that a text is an id of the kind: its beginning, and 8 or 17 hexadecimal digits.
pub(super) fn check_id(kind: NetworkKind, id: &str) -> Result<(), Refusal> {
    let well_formed = id
        .strip_prefix(kind.prefix())
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|digits| {
            matches!(digits.len(), 8 | 17)
                && digits
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        });
    if well_formed {
        Ok(())
    } else {
        Err(malformed(kind, &shortened(id)))
    }
}

/// A text for a message: what is long is cut.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(128).collect()
}

macro_rules! finders {
    ($($(#[$doc:meta])* $find:ident: $kind:ident in $map:ident -> $type:ty;)+) => {
        $(
            $(#[$doc])*
            pub(super) fn $find<'a>(account: &'a Account, region: &str, id: &str) -> Result<&'a Arc<$type>, Refusal> {
                check_id(NetworkKind::$kind, id)?;
                account
                    .$map
                    .get(id)
                    .filter(|found| found.region == region)
                    .ok_or_else(|| not_found(NetworkKind::$kind, id))
            }
        )+
    };
}

finders! {
    /// The VPC with this id.
    find_vpc: Vpc in vpcs -> Vpc;
    /// The subnet with this id.
    find_subnet: Subnet in subnets -> Subnet;
    /// The security group with this id.
    find_group: SecurityGroup in security_groups -> SecurityGroup;
    /// The internet gateway with this id.
    find_gateway: InternetGateway in internet_gateways -> InternetGateway;
    /// The route table with this id.
    find_route_table: RouteTable in route_tables -> RouteTable;
    /// The network ACL with this id.
    find_acl: NetworkAcl in network_acls -> NetworkAcl;
    /// The network interface with this id.
    find_interface: NetworkInterface in interfaces -> NetworkInterface;
}

/// The region's default VPC.
pub(super) fn default_vpc<'a>(account: &'a Account, region: &str) -> Option<&'a Arc<Vpc>> {
    account
        .vpcs
        .values()
        .find(|vpc| vpc.is_default && vpc.region == region)
}

/// A range as a member gives it, in its canonical form.
pub(super) fn range(text: &str, parameter: &str) -> Result<Cidr, Refusal> {
    Cidr::canonical(text).map_err(|_| {
        invalid_value(
            &shortened(text),
            parameter,
            "This is not a valid CIDR block.",
        )
    })
}

/// Ids that a decision makes. It may be made more than once and then makes the same ones.
#[derive(Clone, Copy)]
pub(super) struct Unique {
    seed: [u8; 16],
    made: u32,
}

impl Unique {
    /// Fresh ids.
    pub(super) fn new(call: &Call) -> Result<Unique, Refusal> {
        Ok(Unique {
            seed: call.random()?,
            made: 0,
        })
    }

    /// 17 hexadecimal digits.
    pub(super) fn digits(&mut self) -> String {
        let hash = Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.made.to_be_bytes())
            .finalize();
        self.made = self.made.saturating_add(1);
        hex(&hash).chars().take(17).collect()
    }

    /// An id of this kind.
    pub(super) fn id(&mut self, kind: NetworkKind) -> String {
        format!("{}-{}", kind.prefix(), self.digits())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The client token of the request, with what it asks for.
pub(super) fn client_token(
    call: &Call,
    token: Option<&str>,
) -> Result<Option<ClientToken>, Refusal> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    if token.len() > 64 || !token.is_ascii() {
        return Err(invalid_value(
            &shortened(token),
            "clientToken",
            "It must be no more than 64 ASCII characters.",
        ));
    }
    let mut members = call.facts().members.clone();
    if let Some(members) = members.as_object_mut() {
        members.remove("clientToken");
        members.remove("dryRun");
    }
    Ok(Some(ClientToken {
        token: token.into(),
        request: hex(&Sha256::digest(members.to_string().as_bytes())),
    }))
}

/// Whether the request that a record was made for is repeated.
///
/// # Errors
/// The token is, but not the request.
pub(super) fn is_repeated(
    asked: Option<&ClientToken>,
    recorded: Option<&ClientToken>,
) -> Result<bool, Refusal> {
    match (asked, recorded) {
        (Some(asked), Some(recorded)) if asked.token == recorded.token => {
            if asked.request == recorded.request {
                Ok(true)
            } else {
                Err(Refusal::new(
                    Code::IdempotentParameterMismatch,
                    "The request uses the same client token as a previous, but non-identical request.",
                ))
            }
        }
        _ => Ok(false),
    }
}

/// The tags that something of this kind is made with.
pub(super) fn birth_tags(
    kind: NetworkKind,
    specifications: &[wire::TagSpecification],
) -> Result<Tags, Refusal> {
    let mut tags = Vec::new();
    for specification in specifications {
        let named = required("resourceType", specification.resource_type.as_deref())?;
        if named != kind.name() {
            return Err(invalid(format!(
                "'{}' is not a valid taggable resource type for this operation.",
                shortened(named)
            )));
        }
        tags.extend(specification.tags.iter());
    }
    let mut made = Tags::new();
    for tag in tags {
        let (key, value) = check_tag(tag)?;
        if made.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    check_count(&made)?;
    Ok(made)
}

/// A tag's key and value.
pub(super) fn check_tag(tag: &wire::RequestedTag) -> Result<(String, String), Refusal> {
    let key = required("Tag.Key", tag.key.as_deref())?;
    let value = tag.value.as_deref().unwrap_or_default();
    if key.chars().count() > 127 {
        return Err(invalid(format!(
            "Tag key exceeds the maximum length of 127 characters: '{}'",
            shortened(key)
        )));
    }
    if value.chars().count() > 255 {
        return Err(invalid(
            "Tag value exceeds the maximum length of 255 characters",
        ));
    }
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(invalid(
            "Tag keys starting with 'aws:' are reserved for internal use",
        ));
    }
    Ok((key.into(), value.into()))
}

/// Checks that a resource has no more tags than it may have.
pub(super) fn check_count(tags: &Tags) -> Result<(), Refusal> {
    if tags.len() > MAX_TAGS {
        return Err(Refusal::new(
            Code::TagLimitExceeded,
            "The maximum number of Tags for a resource has been reached.",
        ));
    }
    Ok(())
}

/// Tags as answers show them.
pub(super) fn shown(tags: &Tags) -> Vec<wire::Tag> {
    tags.iter()
        .map(|(key, value)| wire::Tag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}
