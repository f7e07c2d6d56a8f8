//! What a request is about: the resource that its row names.

use api::row::{Resource, Service};
use api::table::OperationId;
use brokers::ids::{broker_arn, configuration_arn};
use iam::identity::{KeyOwner, OidcProvider, SamlProvider};
use store::state::{Account, State};

use super::Target;
use crate::caller::{Caller, Principal};
use crate::facts::Facts;
use crate::network;

/// The resources of the row in this request, at least one.
pub(super) fn targets(state: &State, caller: &Caller, facts: &Facts) -> Vec<Target> {
    if let Resource::Network(parts) = facts.row.resource {
        let account = state.account(&caller.account);
        return network::targets(account, &caller.account, facts, parts);
    }
    let mut found = vec![target(state, caller, facts)];
    found.extend(renamed(state, caller, facts));
    found
}

/// What a user or group will be called: whoever renames it needs the action on both ("UpdateUser", "UpdateGroup"), or a new
/// name or path would win what policies allow there.
fn renamed(state: &State, caller: &Caller, facts: &Facts) -> Option<Target> {
    let (kind, member) = if facts.row.id == OperationId::IamUpdateUser {
        ("user", "newUserName")
    } else if facts.row.id == OperationId::UpdateGroup {
        ("group", "newGroupName")
    } else {
        return None;
    };
    let (name, path) = (facts.text(member), facts.text("newPath"));
    if name.is_none() && path.is_none() {
        return None;
    }
    let before = target(state, caller, facts);
    let known = before.arn.splitn(6, ':').nth(5)?.strip_prefix(kind)?;
    let at = known.rfind('/')?;
    let (old_path, old_name) = (known.get(..=at)?, known.get(at + 1..)?);
    Some(Target {
        arn: format!(
            "arn:aws:iam::{}:{kind}{}{}",
            caller.account,
            path.unwrap_or(old_path),
            name.unwrap_or(old_name)
        ),
        ..before
    })
}

/// The role that the request hands to Amazon EC2. `None`: it names none, which its handler refuses.
pub(super) fn passed_role(state: &State, caller: &Caller, facts: &Facts) -> Option<Target> {
    let role = role_target(
        state.account(&caller.account),
        caller,
        facts.text("roleName")?,
    );
    Some(role.with("iam:PassedToService", "ec2.amazonaws.com"))
}

fn role_target(account: Option<&Account>, caller: &Caller, name: &str) -> Target {
    match account.and_then(|account| account.role(name)) {
        Some(entry) => Target::tagged(
            entry.role.arn(),
            entry.role.tags.iter().map(|tag| (&tag.key, &tag.value)),
        ),
        None => Target::arn(format!("arn:aws:iam::{}:role/{name}", caller.account)),
    }
}

/// The resource of the row in this request. What does not exist has the ARN it would have: an unknown broker's name is
/// empty, so that `broker:*` covers it and a broker's own name does not.
fn target(state: &State, caller: &Caller, facts: &Facts) -> Target {
    let account = state.account(&caller.account);
    let name = facts.resource_name();
    match facts.row.resource {
        Resource::Any if facts.row.id == OperationId::DescribeNetworkInterfacePermissions => {
            // The only service that has such permissions here is Amazon MQ; the developer guide's policy allows listing them
            // under this condition.
            Target::any().with("ec2:AuthorizedService", vpc::MANAGER)
        }
        // The parts of a network are found in `targets`.
        Resource::Any | Resource::Network(_) => Target::any(),
        Resource::Broker(_) => broker_target(account, caller, facts, name.unwrap_or_default()),
        Resource::Configuration(_) => {
            configuration_target(account, caller, facts, name.unwrap_or_default())
        }
        Resource::Tagged(_) => {
            let arn = name.unwrap_or_default();
            let id = arn.rsplit(':').next().unwrap_or_default();
            let found = if id.starts_with("c-") {
                configuration_target(account, caller, facts, id)
            } else {
                broker_target(account, caller, facts, id)
            };
            // An ARN that is not the resource's own names something that does not exist.
            if found.arn == arn {
                found
            } else {
                Target::arn(arn)
            }
        }
        Resource::User(_) | Resource::CallingUser => {
            let name = match (name, &caller.principal) {
                (Some(name), _) => name,
                (None, Principal::User { name, .. }) => name,
                (
                    None,
                    Principal::Root
                    | Principal::AssumedRole { .. }
                    | Principal::FederatedUser { .. }
                    | Principal::WebIdentity { .. },
                ) => return Target::arn(caller.arn()),
            };
            user_target(account, caller, name)
        }
        Resource::PolicySource(_) => {
            policy_source_target(account, caller, name.unwrap_or_default())
        }
        Resource::RoleArn(_) => Target::arn(name.unwrap_or("*")),
        Resource::Federated(_) => federated_target(caller, facts),
        Resource::NewUser => new_target("user", caller, facts),
        Resource::KeyOwner(_) => {
            let key = state
                .access_key(name.unwrap_or_default())
                .filter(|key| key.account == caller.account);
            match key.map(|key| &key.owner) {
                Some(KeyOwner::User(name)) => user_target(account, caller, name),
                Some(KeyOwner::Root) => {
                    Target::arn(format!("arn:aws:iam::{}:root", caller.account))
                }
                None => Target::any(),
            }
        }
        Resource::Group(_) => {
            let name = name.unwrap_or_default();
            Target::arn(match account.and_then(|account| account.group(name)) {
                Some(entry) => entry.group.arn(),
                None => format!("arn:aws:iam::{}:group/{name}", caller.account),
            })
        }
        Resource::NewGroup => new_target("group", caller, facts),
        Resource::Role(_) => role_target(account, caller, name.unwrap_or_default()),
        Resource::NewRole => new_target("role", caller, facts),
        Resource::NewServiceLinkedRole(_) => Target::arn(format!(
            "arn:aws:iam::{}:role/aws-service-role/{}/{}",
            caller.account,
            name.unwrap_or_default(),
            match name {
                Some("mq.amazonaws.com") => "AWSServiceRoleForAmazonMQ",
                Some(_) | None => "",
            }
        )),
        Resource::OidcProvider(_) => {
            let arn = name.unwrap_or_default();
            let found = account.and_then(|account| account.oidc_providers.get(arn));
            let tags = found.into_iter().flat_map(|provider| &provider.tags);
            Target::tagged(arn.to_owned(), tags.map(|tag| (&tag.key, &tag.value)))
        }
        Resource::NewOidcProvider(_) => Target::arn(OidcProvider::arn_of(
            &caller.account,
            name.unwrap_or_default(),
        )),
        Resource::SamlProvider(_) => {
            let arn = name.unwrap_or_default();
            let found = account.and_then(|account| account.saml_providers.get(arn));
            let tags = found.into_iter().flat_map(|provider| &provider.tags);
            Target::tagged(arn.to_owned(), tags.map(|tag| (&tag.key, &tag.value)))
        }
        Resource::NewSamlProvider(_) => Target::arn(SamlProvider::arn_of(
            &caller.account,
            name.unwrap_or_default(),
        )),
        Resource::InstanceProfile(_) => {
            let name = name.unwrap_or_default();
            match account.and_then(|account| account.instance_profiles.get(&name.to_lowercase())) {
                Some(profile) => Target::tagged(
                    profile.arn(),
                    profile.tags.iter().map(|tag| (&tag.key, &tag.value)),
                ),
                None => Target::arn(format!(
                    "arn:aws:iam::{}:instance-profile/{name}",
                    caller.account
                )),
            }
        }
        Resource::NewInstanceProfile => new_target("instance-profile", caller, facts),
        Resource::Policy(_) => {
            let arn = name.unwrap_or_default();
            match account.and_then(|account| account.policy(arn)) {
                Some(entry) => Target::tagged(
                    arn.to_owned(),
                    entry.policy.tags.iter().map(|tag| (&tag.key, &tag.value)),
                ),
                None => Target::arn(arn),
            }
        }
        Resource::NewPolicy => new_target("policy", caller, facts),
    }
}

/// The federated user that the request names.
fn federated_target(caller: &Caller, facts: &Facts) -> Target {
    match facts.text("name") {
        Some(name) => Target::arn(format!(
            "arn:aws:sts::{}:federated-user/{name}",
            caller.account
        )),
        None => Target::any(),
    }
}

/// What is about to be made in IAM: its ARN out of the request's path and name.
fn new_target(kind: &str, caller: &Caller, facts: &Facts) -> Target {
    Target::arn(format!(
        "arn:aws:iam::{}:{kind}{}{}",
        caller.account,
        facts.text("path").unwrap_or("/"),
        facts.resource_name().unwrap_or_default()
    ))
}

fn user_target(account: Option<&Account>, caller: &Caller, name: &str) -> Target {
    match account.and_then(|account| account.user(name)) {
        Some(entry) => Target::tagged(
            entry.user.arn(),
            entry.user.tags.iter().map(|tag| (&tag.key, &tag.value)),
        ),
        None => Target::arn(format!("arn:aws:iam::{}:user/{name}", caller.account)),
    }
}

/// The user, group or role with this ARN, whose policies are looked at.
fn policy_source_target(account: Option<&Account>, caller: &Caller, arn: &str) -> Target {
    let own = format!("arn:aws:iam::{}:", caller.account);
    let resource = arn.strip_prefix(&own).unwrap_or_default();
    let name = resource.rsplit('/').next().unwrap_or_default();
    let role = account
        .filter(|_| resource.starts_with("role/"))
        .and_then(|account| account.role(name));
    let found = match role {
        Some(entry) => Target::tagged(
            entry.role.arn(),
            entry.role.tags.iter().map(|tag| (&tag.key, &tag.value)),
        ),
        None if resource.starts_with("user/") => user_target(account, caller, name),
        None => Target::arn(arn),
    };
    // An ARN with another path names nobody.
    if found.arn == arn {
        found
    } else {
        Target::arn(arn)
    }
}

fn broker_target(account: Option<&Account>, caller: &Caller, facts: &Facts, id: &str) -> Target {
    match account
        .and_then(|account| account.broker(id))
        .filter(|broker| broker.region == facts.region)
    {
        Some(broker) => Target::tagged(broker.arn(), &broker.tags),
        None => Target::arn(broker_arn(&facts.region, &caller.account, "", id)),
    }
}

fn configuration_target(
    account: Option<&Account>,
    caller: &Caller,
    facts: &Facts,
    id: &str,
) -> Target {
    let found = account.and_then(|account| account.configuration(id));
    match found.filter(|configuration| configuration.region == facts.region) {
        Some(configuration) => Target::tagged(configuration.arn(), &configuration.tags),
        None => Target::arn(configuration_arn(&facts.region, &caller.account, id)),
    }
}

/// What tags are put on when something is made with them: it has no id yet.
pub(super) fn future_targets(state: &State, caller: &Caller, facts: &Facts) -> Vec<Target> {
    vec![match facts.row.service {
        Service::Ec2 => return network::tagged_at_birth(&caller.account, facts),
        Service::Sts => federated_target(caller, facts),
        // The row's own resource is what is about to be made.
        Service::Iam => target(state, caller, facts),
        Service::Mq => match facts.text("brokerName") {
            Some(name) => Target::arn(broker_arn(&facts.region, &caller.account, name, "*")),
            None => Target::arn(configuration_arn(&facts.region, &caller.account, "*")),
        },
    }]
}
