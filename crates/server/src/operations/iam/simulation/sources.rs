//! The policies that a simulation asks: those of a user, group or role, and those that the request carries.

use api::refusal::{Code, Refusal};
use api::wire::iam as wire;
use iam::simulate::Sheet;
use iam::wildcard;
use iam::{Arn, DocumentKind, PolicyDocument, PolicyKind};
use store::state::{Account, aws_managed};

use super::invalid;
use crate::operations::iam::documents::policy_name;
use crate::operations::iam::holder::Kind;
use crate::operations::iam::{groups, roles, users};

/// A policy and where it is from.
pub(super) struct Source {
    /// What answers call it: the name of a managed policy, `user_<user>_<policy>` of an inline one,
    /// `PolicyInputList.<number>` of one that the request carries.
    pub(super) id: String,
    origin: Origin,
    /// `None`: it is stored and cannot be read, which denies everything.
    document: Option<PolicyDocument>,
}

enum Origin {
    Request,
    Managed {
        arn: String,
    },
    Inline {
        of: Kind,
        owner: String,
        name: String,
    },
}

impl Source {
    /// As the simulation takes it.
    pub(super) fn sheet(&self) -> Sheet<'_> {
        Sheet {
            id: &self.id,
            kind: match self.origin {
                Origin::Managed { .. } => PolicyKind::Managed,
                Origin::Inline { .. } | Origin::Request => PolicyKind::Inline,
            },
            document: self.document.as_ref(),
        }
    }

    /// The condition keys that it asks about.
    pub(super) fn context_keys(&self) -> Vec<&str> {
        self.document
            .as_ref()
            .map(PolicyDocument::context_keys)
            .unwrap_or_default()
    }

    fn managed(account: &Account, arn: &str) -> Option<Source> {
        let text = match account.policy(arn) {
            Some(entry) => entry.policy.document(),
            None => aws_managed(arn)?.0.document,
        };
        Some(Source {
            id: policy_name(arn).to_owned(),
            document: PolicyDocument::parse(text, DocumentKind::Managed).ok(),
            origin: Origin::Managed {
                arn: arn.to_owned(),
            },
        })
    }
}

/// The policies that the member carries.
///
/// # Errors
/// One of them is not valid; the first such is named.
pub(super) fn given(member: &str, documents: Option<&[String]>) -> Result<Vec<Source>, Refusal> {
    let numbered = documents.unwrap_or_default().iter().zip(1_usize..);
    numbered
        .map(|(text, number)| {
            let id = format!("{member}.{number}");
            // Differs: AWS's text for this is not published.
            let document = PolicyDocument::parse(text, DocumentKind::Identity)
                .map_err(|error| invalid(format!("Invalid policy {id}: {error}")))?;
            Ok(Source {
                id,
                origin: Origin::Request,
                document: Some(document),
            })
        })
        .collect()
}

/// A user, group or role whose policies are asked.
pub(super) struct Entity {
    /// Its ARN.
    pub(super) arn: String,
    /// Its unique id.
    pub(super) id: String,
    /// Its tags; a group has none.
    pub(super) tags: Vec<(String, String)>,
    /// Its policies; of a user also those of its groups.
    pub(super) policies: Vec<Source>,
    /// Its permissions boundary; empty where that is gone, which allows nothing.
    pub(super) boundary: Option<Vec<Source>>,
}

/// What the ARN of a user, group or role says.
pub(super) struct Named {
    /// What it is.
    pub(super) kind: Kind,
    /// Its name, behind the path.
    pub(super) name: String,
    /// Its account.
    pub(super) account: String,
}

/// Reads the ARN of a user, group or role.
///
/// # Errors
/// InvalidInput: it is another one's.
pub(super) fn named(arn: &str) -> Result<Named, Refusal> {
    // AWS: recorded with SimulatePrincipalPolicy for the ARN of a session.
    let unclear = || {
        invalid(format!(
            "Invalid Entity Arn: {arn} does not clearly define entity type and name."
        ))
    };
    let parsed = Arn::parse(arn).map_err(|_| unclear())?;
    let (kind, rest) = parsed.resource().split_once('/').ok_or_else(unclear)?;
    let kind = match kind {
        "user" => Kind::User,
        "group" => Kind::Group,
        "role" => Kind::Role,
        _ => return Err(unclear()),
    };
    let name = rest.rsplit('/').next().unwrap_or_default();
    if parsed.service() != "iam" || !parsed.region().is_empty() || name.is_empty() {
        return Err(unclear());
    }
    Ok(Named {
        kind,
        name: name.to_owned(),
        account: parsed.account().to_owned(),
    })
}

/// Collects the policies of the user, group or role with this ARN.
///
/// # Errors
/// InvalidInput where it is no such ARN, NoSuchEntity where there is no such one in the account.
pub(super) fn entity(account: &Account, account_id: &str, arn: &str) -> Result<Entity, Refusal> {
    let named = named(arn)?;
    let name = named.name.as_str();
    let found = match named.kind {
        Kind::User => users::find(account, name).map(|entry| of_user(account, entry)),
        Kind::Group => groups::find(account, name).map(|entry| of_group(account, entry)),
        Kind::Role => roles::find(account, name).map(|entry| of_role(account, entry)),
    }?;
    if found.arn == arn && named.account == account_id {
        Ok(found)
    } else {
        let kind = named.kind.word();
        Err(Refusal::new(
            Code::NoSuchEntity,
            format!("The {kind} with name {name} cannot be found."),
        ))
    }
}

fn of_user(account: &Account, entry: &store::state::UserEntry) -> Entity {
    let user = &entry.user;
    let mut policies = Vec::new();
    written_on(
        &mut policies,
        account,
        Kind::User,
        &user.name,
        &user.inline,
        &user.attached,
    );
    let groups = user.groups.iter();
    for entry in groups.filter_map(|id| account.group_of_id(id)) {
        let group = &entry.group;
        written_on(
            &mut policies,
            account,
            Kind::Group,
            &group.name,
            &group.inline,
            &group.attached,
        );
    }
    Entity {
        arn: user.arn(),
        id: user.id.clone(),
        tags: tags(&user.tags),
        policies,
        boundary: boundary(account, user.boundary.as_deref()),
    }
}

fn of_group(account: &Account, entry: &store::state::GroupEntry) -> Entity {
    let group = &entry.group;
    let mut policies = Vec::new();
    written_on(
        &mut policies,
        account,
        Kind::Group,
        &group.name,
        &group.inline,
        &group.attached,
    );
    Entity {
        arn: group.arn(),
        id: group.id.clone(),
        tags: Vec::new(),
        policies,
        boundary: None,
    }
}

fn of_role(account: &Account, entry: &store::state::RoleEntry) -> Entity {
    let role = &entry.role;
    let mut policies = Vec::new();
    written_on(
        &mut policies,
        account,
        Kind::Role,
        &role.name,
        &role.inline,
        &role.attached,
    );
    Entity {
        arn: role.arn(),
        id: role.id.clone(),
        tags: tags(&role.tags),
        policies,
        boundary: boundary(account, role.boundary.as_deref()),
    }
}

fn tags(tags: &[iam::identity::Tag]) -> Vec<(String, String)> {
    let pairs = tags.iter();
    pairs
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect()
}

/// A boundary that is gone allows nothing.
fn boundary(account: &Account, arn: Option<&str>) -> Option<Vec<Source>> {
    arn.map(|arn| Source::managed(account, arn).into_iter().collect())
}

fn written_on(
    policies: &mut Vec<Source>,
    account: &Account,
    of: Kind,
    owner: &str,
    inline: &std::collections::BTreeMap<String, String>,
    attached: &[String],
) {
    policies.extend(inline.iter().map(|(name, text)| Source {
        id: format!("{}_{owner}_{name}", of.word()),
        document: PolicyDocument::parse(text, DocumentKind::Identity).ok(),
        origin: Origin::Inline {
            of,
            owner: owner.to_owned(),
            name: name.clone(),
        },
    }));
    policies.extend(
        attached
            .iter()
            .filter_map(|arn| Source::managed(account, arn)),
    );
}

/// What a policy is excluded by ("PolicyIdentifier").
pub(super) enum Exclusion {
    /// Every inline policy.
    Inline,
    /// Every managed policy, AWS's or the customer's.
    Managed {
        /// Whether AWS's are meant.
        of_aws: bool,
    },
    /// The permissions boundary.
    Boundary,
    /// Managed policies whose ARN is like this.
    Arn(String),
    /// The inline policies with this name of the entities whose name is like this.
    InlineOf {
        /// What they are written on.
        of: Kind,
        /// The entity's name, with wildcards.
        owner: String,
        /// The policy's name.
        name: String,
    },
    /// Policies that are not kept here, such as those of an organization.
    Nothing,
}

impl Exclusion {
    /// Reads an identifier.
    ///
    /// # Errors
    /// InvalidInput: it says nothing, or several things, or its wildcards stand where they may not.
    pub(super) fn read(identifier: wire::PolicyIdentifier) -> Result<Exclusion, Refusal> {
        let wire::PolicyIdentifier {
            policy_type,
            policy_arn,
            inline_policy_identifier,
        } = identifier;
        match (policy_type, policy_arn, inline_policy_identifier) {
            (Some(kind), None, None) => match kind.as_str() {
                "inline" => Ok(Exclusion::Inline),
                "aws-managed" => Ok(Exclusion::Managed { of_aws: true }),
                "user-managed" => Ok(Exclusion::Managed { of_aws: false }),
                "permission-boundary" => Ok(Exclusion::Boundary),
                "scp" | "rcp" => Ok(Exclusion::Nothing),
                other => Err(invalid(format!("Invalid policy type: {other}"))),
            },
            (None, Some(arn), None) => {
                let wrong = || invalid(format!("Invalid policy ARN: {arn}"));
                let parsed = Arn::parse(&arn).map_err(|_| wrong())?;
                let before = arn.strip_suffix(parsed.resource()).unwrap_or(&arn);
                let is_policy = parsed.service() == "iam"
                    && parsed.resource().starts_with("policy/")
                    && !before.contains(['*', '?'])
                    && arn.matches('*').count() <= 1;
                is_policy
                    .then(|| Exclusion::Arn(arn.clone()))
                    .ok_or_else(wrong)
            }
            (None, None, Some(inline)) => {
                let owner = inline.attachment_name.unwrap_or_default();
                let name = inline.policy_name.unwrap_or_default();
                let of = match inline.attachment_type.as_deref() {
                    Some("user") => Some(Kind::User),
                    Some("group") => Some(Kind::Group),
                    Some("role") => Some(Kind::Role),
                    Some(_) | None => None,
                };
                match of {
                    Some(of)
                        if !owner.is_empty()
                            && !name.is_empty()
                            && owner.matches('*').count() <= 1 =>
                    {
                        Ok(Exclusion::InlineOf { of, owner, name })
                    }
                    Some(_) | None => Err(invalid(
                        "Invalid inline policy identifier: it needs PolicyName, AttachmentType and AttachmentName.",
                    )),
                }
            }
            (_, _, _) => Err(invalid(
                "A policy identifier holds one of PolicyType, PolicyArn and InlinePolicyIdentifier.",
            )),
        }
    }

    /// Whether the policy is meant; a boundary's policy is only by its type or ARN.
    pub(super) fn covers(&self, source: &Source, is_boundary: bool) -> bool {
        match (self, &source.origin) {
            (_, Origin::Request) | (Exclusion::Nothing, _) => false,
            (Exclusion::Boundary, _) => is_boundary,
            (Exclusion::Arn(pattern), Origin::Managed { arn }) => wildcard::matches(pattern, arn),
            (Exclusion::Managed { of_aws }, Origin::Managed { arn }) => {
                !is_boundary && *of_aws == arn.starts_with("arn:aws:iam::aws:")
            }
            (Exclusion::Inline, Origin::Inline { .. }) => true,
            (
                Exclusion::InlineOf { of, owner, name },
                Origin::Inline {
                    of: on,
                    owner: who,
                    name: called,
                },
            ) => of == on && name == called && wildcard::matches(owner, who),
            (Exclusion::Managed { .. } | Exclusion::Arn(_), Origin::Inline { .. })
            | (Exclusion::Inline | Exclusion::InlineOf { .. }, Origin::Managed { .. }) => false,
        }
    }
}
