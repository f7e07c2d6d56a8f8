//! Users and policies with their compiled documents.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use iam::compile::CompiledPolicy;
use iam::identity::{AWS_MANAGED, AwsManagedPolicy, Group, ManagedPolicy, Role, User};
use iam::policy::{DocumentKind, PolicyDocument};

/// A user and its inline policies, compiled.
#[derive(Clone)]
pub struct UserEntry {
    /// The record.
    pub user: Arc<User>,
    /// Inline policies by name.
    pub inline: Vec<(String, Arc<CompiledPolicy>)>,
}

impl UserEntry {
    pub(super) fn new(user: &User) -> UserEntry {
        UserEntry {
            user: Arc::new(user.clone()),
            inline: inline(&user.inline),
        }
    }
}

/// A group and its inline policies, compiled.
#[derive(Clone)]
pub struct GroupEntry {
    /// The record.
    pub group: Arc<Group>,
    /// Inline policies by name.
    pub inline: Vec<(String, Arc<CompiledPolicy>)>,
}

impl GroupEntry {
    pub(super) fn new(group: &Group) -> GroupEntry {
        GroupEntry {
            group: Arc::new(group.clone()),
            inline: inline(&group.inline),
        }
    }
}

/// A role, its trust policy and its inline policies, compiled.
#[derive(Clone)]
pub struct RoleEntry {
    /// The record.
    pub role: Arc<Role>,
    /// Who may assume it.
    pub trust: Arc<CompiledPolicy>,
    /// Inline policies by name.
    pub inline: Vec<(String, Arc<CompiledPolicy>)>,
}

impl RoleEntry {
    pub(super) fn new(role: &Role) -> RoleEntry {
        RoleEntry {
            role: Arc::new(role.clone()),
            trust: Arc::new(
                prepared(&role.trust, DocumentKind::Trust).with_unique_ids(&role.trusted),
            ),
            inline: inline(&role.inline),
        }
    }
}

fn inline(documents: &BTreeMap<String, String>) -> Vec<(String, Arc<CompiledPolicy>)> {
    documents
        .iter()
        .map(|(name, document)| (name.clone(), compiled(document, DocumentKind::Identity)))
        .collect()
}

/// A customer managed policy, compiled.
#[derive(Clone)]
pub struct PolicyEntry {
    /// The record.
    pub policy: Arc<ManagedPolicy>,
    /// Its document.
    pub compiled: Arc<CompiledPolicy>,
}

impl PolicyEntry {
    pub(super) fn new(policy: &ManagedPolicy) -> PolicyEntry {
        PolicyEntry {
            policy: Arc::new(policy.clone()),
            compiled: compiled(policy.document(), DocumentKind::Managed),
        }
    }
}

/// A stored document that cannot be read denies everything: it may have held the Deny that mattered.
fn compiled(document: &str, kind: DocumentKind) -> Arc<CompiledPolicy> {
    Arc::new(prepared(document, kind))
}

fn prepared(document: &str, kind: DocumentKind) -> CompiledPolicy {
    match PolicyDocument::parse(document, kind) {
        Ok(document) => CompiledPolicy::compile(&document),
        Err(_) => CompiledPolicy::unreadable(),
    }
}

type AwsManaged = (String, &'static AwsManagedPolicy, Arc<CompiledPolicy>);

static COMPILED_AWS_MANAGED: LazyLock<Vec<AwsManaged>> = LazyLock::new(|| {
    AWS_MANAGED
        .iter()
        .map(|policy| {
            (
                policy.arn(),
                policy,
                compiled(policy.document, DocumentKind::Managed),
            )
        })
        .collect()
});

/// AWS's managed policy with this ARN, compiled.
pub fn aws_managed(arn: &str) -> Option<(&'static AwsManagedPolicy, &'static Arc<CompiledPolicy>)> {
    COMPILED_AWS_MANAGED
        .iter()
        .find(|(candidate, ..)| candidate == arn)
        .map(|(_, policy, compiled)| (*policy, compiled))
}

/// AWS's managed policies.
pub fn aws_managed_policies() -> impl Iterator<Item = &'static AwsManagedPolicy> {
    COMPILED_AWS_MANAGED.iter().map(|(_, policy, _)| *policy)
}
