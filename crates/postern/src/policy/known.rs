//! What the rules are told: the operation table, the actions that are asked on a caller's behalf, and
//! the condition keys that the service supplies.

use api::row::{Row, Service};
use api::table::ROWS;
use iam::lint::{KeyKind, Known, KnownAction, KnownKey, KnownService};

/// Actions that no operation has, with the types of what they are asked on and their keys (Service
/// Authorization Reference, "Actions, resources, and condition keys for Amazon MQ" and "… Amazon EC2").
const PERMISSIONS: &[(&str, &[&str], &[&str])] = &[
    (
        "mq:CreateReplicaBroker",
        &["brokers"],
        &["aws:ResourceTag/${TagKey}"],
    ),
    (
        "mq:UpdateBrokerAccessConfiguration",
        &["brokers"],
        &["aws:ResourceTag/${TagKey}"],
    ),
    ("iam:PassRole", &["role"], &["iam:PassedToService"]),
    (
        "iam:CreateServiceLinkedRole",
        &["role"],
        &["iam:AWSServiceName"],
    ),
    (
        "ec2:CreateNetworkInterface",
        &["network-interface", "subnet", "security-group"],
        &[],
    ),
    (
        "ec2:CreateNetworkInterfacePermission",
        &["network-interface"],
        &["ec2:AuthorizedService"],
    ),
    (
        "ec2:DeleteNetworkInterfacePermission",
        &["network-interface"],
        &["ec2:AuthorizedService"],
    ),
    ("ec2:DeleteNetworkInterface", &["network-interface"], &[]),
    ("ec2:DetachNetworkInterface", &["network-interface"], &[]),
    // The guide's spelling and the true one: both stand in policies that were copied from it.
    ("ec2:DescribeNetworkInterfacePermission", &[], &[]),
    ("ec2:DescribeNetworkInterfacePermissions", &[], &[]),
];

/// The keys of every request, and what type the others have ("AWS global condition context keys").
const KEYS: &[(&str, KeyKind, bool, bool)] = &[
    ("aws:CurrentTime", KeyKind::Date, false, true),
    ("aws:EpochTime", KeyKind::Date, false, true),
    ("aws:SecureTransport", KeyKind::Flag, false, true),
    ("aws:SourceIp", KeyKind::Address, false, true),
    ("aws:UserAgent", KeyKind::Text, false, true),
    ("aws:Referer", KeyKind::Text, false, true),
    ("aws:RequestedRegion", KeyKind::Text, false, true),
    ("aws:PrincipalArn", KeyKind::Arn, false, true),
    ("aws:PrincipalAccount", KeyKind::Text, false, true),
    ("aws:PrincipalType", KeyKind::Text, false, true),
    ("aws:PrincipalIsAWSService", KeyKind::Flag, false, true),
    ("aws:PrincipalTag/${TagKey}", KeyKind::Text, false, true),
    ("aws:userid", KeyKind::Text, false, true),
    ("aws:username", KeyKind::Text, false, true),
    ("aws:ResourceAccount", KeyKind::Text, false, true),
    ("aws:ViaAWSService", KeyKind::Flag, false, true),
    ("aws:CalledVia", KeyKind::Text, true, true),
    ("aws:CalledViaFirst", KeyKind::Text, false, true),
    ("aws:CalledViaLast", KeyKind::Text, false, true),
    ("aws:TokenIssueTime", KeyKind::Date, false, true),
    ("aws:MultiFactorAuthPresent", KeyKind::Flag, false, true),
    ("aws:MultiFactorAuthAge", KeyKind::Number, false, true),
    ("aws:SourceIdentity", KeyKind::Text, false, true),
    ("aws:RequestTag/${TagKey}", KeyKind::Text, false, false),
    ("aws:ResourceTag/${TagKey}", KeyKind::Text, false, false),
    ("aws:TagKeys", KeyKind::Text, true, false),
    ("ec2:AuthorizedService", KeyKind::Text, false, false),
    ("iam:PolicyARN", KeyKind::Arn, false, false),
    ("iam:PermissionsBoundary", KeyKind::Arn, false, false),
    ("iam:PassedToService", KeyKind::Text, false, false),
    ("iam:AWSServiceName", KeyKind::Text, false, false),
    ("iam:ResourceTag/${TagKey}", KeyKind::Text, false, false),
    ("ec2:ResourceTag/${TagKey}", KeyKind::Text, false, false),
    ("sts:ExternalId", KeyKind::Text, false, false),
    ("sts:RoleSessionName", KeyKind::Text, false, false),
    ("sts:DurationSeconds", KeyKind::Number, false, false),
    ("sts:SourceIdentity", KeyKind::Text, false, false),
    ("sts:TransitiveTagKeys", KeyKind::Text, true, false),
];

/// Everything that is known.
pub(super) fn known(account: Option<String>) -> Known {
    let mut actions: Vec<KnownAction> = Vec::new();
    let mut add = |name: &str, types: &[&str], keys: &[&str]| {
        let service = name.split(':').next().unwrap_or_default();
        let known = actions
            .iter_mut()
            .find(|known| known.name.eq_ignore_ascii_case(name));
        let action = match known {
            Some(action) => action,
            None => {
                actions.push(KnownAction {
                    name: name.to_owned(),
                    resources: Vec::new(),
                    keys: Vec::new(),
                });
                match actions.last_mut() {
                    Some(action) => action,
                    None => return,
                }
            }
        };
        let shapes = arn_shapes(service, types).into_iter();
        let new: Vec<String> = shapes.filter(|it| !action.resources.contains(it)).collect();
        action.resources.extend(new);
        let keys = keys.iter().map(|key| (*key).to_owned());
        let new: Vec<String> = keys.filter(|it| !action.keys.contains(it)).collect();
        action.keys.extend(new);
    };
    for row in ROWS {
        add(row.action, row.resource.types(), row.condition_keys);
    }
    for (name, types, keys) in PERMISSIONS {
        add(name, types, keys);
    }
    for dependent in ROWS.iter().flat_map(|row| row.dependent) {
        let known = ROWS.iter().any(|row| row.action == dependent.action)
            || PERMISSIONS
                .iter()
                .any(|(name, ..)| *name == dependent.action);
        if !known {
            add(dependent.action, &[], &[]);
        }
    }
    let keys = KEYS.iter().map(|(name, kind, many, global)| KnownKey {
        name: (*name).to_owned(),
        kind: *kind,
        many: *many,
        global: *global,
    });
    Known {
        actions,
        services: Service::ALL
            .into_iter()
            .map(|service| KnownService {
                name: service.name().to_owned(),
                // Of the others Postern serves what Amazon MQ needs of them.
                complete: service == Service::Mq,
            })
            .collect(),
        keys: keys.collect(),
        account,
    }
}

/// Patterns of the ARNs of resource types.
fn arn_shapes(service: &str, types: &[&str]) -> Vec<String> {
    types
        .iter()
        .map(|kind| match (service, *kind) {
            ("mq", "brokers") => "arn:*:mq:?*:?*:broker:*:*".to_owned(),
            ("mq", "configurations") => "arn:*:mq:?*:?*:configuration:*".to_owned(),
            ("iam" | "sts", kind) => format!("arn:*:iam::*:{kind}/*"),
            (service, kind) => format!("arn:*:{service}:?*:?*:{kind}/*"),
        })
        .collect()
}

/// The row of an action, in any case. Two operations with one action are asked alike.
pub(super) fn row_of(action: &str) -> Option<&'static Row> {
    ROWS.iter()
        .copied()
        .find(|row| row.action.eq_ignore_ascii_case(action))
}

/// The row of a recorded event.
pub(crate) fn action_of(source: &str, name: &str) -> Option<&'static Row> {
    ROWS.iter()
        .copied()
        .find(|row| row.service.event_source() == source && row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_table_is_known_with_its_resources_and_keys() {
        let known = known(None);
        for row in ROWS {
            let action = known
                .actions
                .iter()
                .find(|known| known.name == row.action)
                .unwrap();
            assert!(action.resources.len() >= row.resource.types().len());
            for key in row.condition_keys {
                assert!(action.keys.iter().any(|it| it == key), "{key}");
                assert!(
                    known.keys.iter().any(|it| it.name == *key),
                    "{key} has no type"
                );
            }
        }
    }

    #[test]
    fn the_managed_policies_of_amazon_mq_are_free_of_warnings() {
        let known = known(None);
        for policy in iam::identity::AWS_MANAGED
            .iter()
            .filter(|it| it.is_attachable() && it.name.starts_with("AmazonMQ"))
        {
            let document =
                iam::PolicyDocument::parse(policy.document, iam::DocumentKind::Managed).unwrap();
            let warnings: Vec<_> = iam::lint::lint(&document, &known)
                .into_iter()
                .filter(|finding| finding.severity == iam::lint::Severity::Warning)
                .filter(|finding| finding.rule != iam::lint::Rule::UnservedAction)
                .collect();
            assert!(warnings.is_empty(), "{}: {warnings:?}", policy.name);
        }
    }
}
