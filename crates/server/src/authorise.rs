//! The gate: who may do what. A [`Permit`] is only made here, and a handler cannot be called without one.

use std::marker::PhantomData;
use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::row::{Gate, Operation, Resource, Row, Service, When};
use api::table::OperationId;
use brokers::ids::{broker_arn, configuration_arn};
use iam::compile::CompiledPolicy;
use iam::context::Context;
use iam::evaluate::{
    Cause, Decision, Denial, Grant as Allowed, Layers, Matched, PolicyKind, PolicyRef, Question,
    evaluate,
};
use iam::identity::{KeyOwner, OidcProvider, SamlProvider};
use store::Revision;
use store::state::{Account, State};

use crate::caller::{Caller, Principal, Voucher};
use crate::facts::Facts;
use crate::network;
use crate::sessions::{self, LiveSession};
pub use crate::target::Target;
use crate::time::timestamp;

/// The proof that the caller may carry out this operation on this request, and at which revision of the account that was
/// decided.
pub struct Permit<Op> {
    revision: Revision,
    operation: PhantomData<fn() -> Op>,
}

impl<Op: Operation> Permit<Op> {
    /// The account's revision at which it was decided.
    pub fn revision(&self) -> Revision {
        self.revision
    }
}

/// A decision in favour of the caller for the row of the request. It becomes a [`Permit`] for the row's own operation only.
pub struct Grant {
    row: &'static Row,
    revision: Revision,
    why: String,
}

impl Grant {
    /// What decided, for the audit record.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The permit for the operation. `None`: the grant is for another one.
    pub(crate) fn permit<Op: Operation>(self) -> Option<Permit<Op>> {
        (self.row.id == Op::ROW.id).then_some(Permit {
            revision: self.revision,
            operation: PhantomData,
        })
    }
}

/// A decision against the caller.
#[derive(Debug)]
pub struct Denied {
    /// What the caller is told: AccessDenied in AWS's words, naming the action.
    pub refusal: Refusal,
    /// What decided, for the audit record.
    pub why: String,
    /// What was asked.
    pub asked: Box<Asked>,
}

/// The question that a denial answers.
#[derive(Debug)]
pub struct Asked {
    /// Whether a Deny decided, and not the want of an Allow.
    pub explicit: bool,
    /// The action that was asked for.
    pub action: String,
    /// The ARN of what it was asked for, or `*`.
    pub resource: String,
}

impl Denied {
    /// A denial that no statement made.
    pub(crate) fn without_statement(
        refusal: Refusal,
        why: impl Into<String>,
        action: &str,
        resource: &str,
    ) -> Denied {
        Denied {
            refusal,
            why: why.into(),
            asked: Box::new(Asked {
                explicit: false,
                action: action.into(),
                resource: resource.into(),
            }),
        }
    }
}

/// Decides whether the caller may carry out the row of the request.
///
/// # Errors
/// The first action that is missing.
pub fn authorise(
    state: &State,
    revision: Revision,
    caller: &Caller,
    facts: &Facts,
) -> Result<Grant, Denied> {
    let why = decide(state, caller, facts)?;
    Ok(Grant {
        row: facts.row,
        revision,
        why,
    })
}

/// Decides, and says what decided.
///
/// # Errors
/// The first action that is missing.
pub fn decide(state: &State, caller: &Caller, facts: &Facts) -> Result<String, Denied> {
    if let Some(refusal) = sessions::refusal_of_sts(caller, facts.row) {
        let why = "temporary credentials cannot call it";
        let (action, resource) = (facts.row.action, "*");
        return Err(Denied::without_statement(refusal, why, action, resource));
    }
    match facts.row.gate {
        Gate::Policies => {}
        Gate::Trust | Gate::WebIdentity => return sessions::trust::decide(state, caller, facts),
        Gate::SignatureAlone => return Ok("no permission is needed".into()),
    }
    let mut why = String::new();
    for target in targets(state, caller, facts) {
        let way = Way::Direct;
        why = ask(state, caller, facts, facts.row.action, &target, way, false)?;
    }
    for dependent in facts.row.dependent {
        match dependent.when {
            When::Tags if !facts.request_tags().is_empty() => {
                for target in future_targets(caller, facts) {
                    let way = Way::Direct;
                    ask(state, caller, facts, dependent.action, &target, way, false)?;
                }
            }
            // The handler asks these: it knows subnets, groups and engine.
            When::Tags | When::Always | When::ActiveMq | When::Replica => {}
        }
    }
    Ok(why)
}

/// Decides whether the caller may have an action done on its behalf by Amazon MQ (IAM user guide, "Forward access
/// sessions"): the caller's own policies are asked, `aws:ViaAWSService` is true, and the caller's address is not known. Says
/// what decided.
///
/// # Errors
/// The action is missing.
pub fn authorise_on_behalf(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    action: &str,
    authorized_service: bool,
    target: &Target,
) -> Result<String, Denied> {
    ask(
        state,
        caller,
        facts,
        action,
        target,
        Way::OnBehalf,
        authorized_service,
    )
}

/// In whose hands an action is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The caller's own.
    Direct,
    /// The service's, on the caller's behalf.
    OnBehalf,
}

pub(crate) fn ask(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    action: &str,
    target: &Target,
    way: Way,
    authorized_service: bool,
) -> Result<String, Denied> {
    let arn = caller.arn();
    // A principal that is gone may do nothing.
    let Some(account) = state.account(&caller.account) else {
        let refusal = Refusal::new(
            Code::AccessDeniedException,
            format!("User: {arn} is not authorized to perform: {action}"),
        );
        return Err(Denied::without_statement(
            refusal,
            "the account is gone",
            action,
            &target.arn,
        ));
    };
    let mut context = context(account, caller, facts, target, way, authorized_service);
    if action == "iam:PassRole" {
        context.text("iam:PassedToService", "mq.amazonaws.com");
    }
    let question = Question {
        action,
        resource: &target.arn,
        context: &context,
    };
    with_layers(account, caller, |layers| {
        match evaluate(layers, &question) {
            Decision::Allowed { by: Allowed::Root } => {
                Ok("allowed: the caller is the account's root".to_owned())
            }
            Decision::Allowed {
                by: Allowed::Statement(by),
            } => Ok(format!("allowed by {}", named(&by))),
            Decision::Denied(denial) => {
                let shown = (target.arn != "*").then_some(target.arn.as_str());
                let mut message = denial.message(&arn, action, shown);
                if facts.row.service == Service::Ec2 {
                    // The pipeline adds the encoded copy of the reason.
                    message.insert_str(0, "You are not authorized to perform this operation. ");
                }
                Err(Denied {
                    why: reason(&denial, action, target),
                    refusal: Refusal::new(Code::AccessDeniedException, message),
                    asked: Box::new(Asked {
                        explicit: denial.is_explicit(),
                        action: action.into(),
                        resource: target.arn.clone(),
                    }),
                })
            }
        }
    })
}

/// The policy and statement that decided, for the audit record.
pub(crate) fn named(by: &Matched<'_>) -> String {
    let kind = match by.kind {
        PolicyKind::Inline => "inline policy",
        PolicyKind::Managed => "managed policy",
    };
    match &by.statement {
        Some(statement) => {
            let sid = statement
                .sid
                .map(|sid| format!(" ({sid})"))
                .unwrap_or_default();
            format!(
                "{kind} {}, statement {}{sid}, line {}",
                by.policy, statement.index, statement.line
            )
        }
        None => format!("{kind} {}, which cannot be read", by.policy),
    }
}

pub(crate) fn reason(denial: &Denial<'_>, action: &str, target: &Target) -> String {
    match &denial.cause {
        Cause::Explicit(by) => format!("denied by {}", named(by)),
        Cause::Implicit => format!(
            "no statement of the {:?} layer allows {action} on {}",
            denial.layer, target.arn
        ),
    }
}

/// Collects the caller's policies. A user or role that is gone, and an attached policy that is gone, give nothing.
pub(crate) fn with_layers<T>(
    account: &Account,
    caller: &Caller,
    ask: impl FnOnce(&Layers<'_>) -> T,
) -> T {
    let mut found = Found::default();
    match &caller.principal {
        Principal::Root => found.root = true,
        Principal::User { name, id, .. } => found.user(account, name, id),
        Principal::AssumedRole { role, role_id, .. } => {
            if let Some(entry) = account.role(role).filter(|it| it.role.id == *role_id) {
                written_on(
                    &mut found.identity,
                    account,
                    &entry.inline,
                    &entry.role.attached,
                );
                found.boundary = boundary(account, entry.role.boundary.as_deref());
            }
        }
        Principal::FederatedUser { by, .. } => match by {
            Voucher::Root => found.root = true,
            Voucher::User { name, id, .. } => found.user(account, name, id),
        },
        // Nothing of its own: only the role's trust policy speaks for it.
        Principal::WebIdentity { .. } => {}
    }
    let session = caller
        .session
        .as_ref()
        .filter(|live| live.session.has_policies())
        .map(|live| session_policies(account, live));
    ask(&Layers {
        identity: &found.identity,
        boundary: found.boundary.as_deref(),
        session: session.as_deref(),
        root: found.root,
    })
}

/// The policies of a caller without those of its session.
#[derive(Default)]
struct Found<'a> {
    identity: Vec<PolicyRef<'a>>,
    boundary: Option<Vec<PolicyRef<'a>>>,
    root: bool,
}

impl<'a> Found<'a> {
    /// Adds those of a user and its groups.
    fn user(&mut self, account: &'a Account, name: &str, id: &str) {
        let Some(entry) = account.user(name).filter(|entry| entry.user.id == id) else {
            return;
        };
        written_on(
            &mut self.identity,
            account,
            &entry.inline,
            &entry.user.attached,
        );
        let groups = entry.user.groups.iter();
        for group in groups.filter_map(|id| account.group_of_id(id)) {
            written_on(
                &mut self.identity,
                account,
                &group.inline,
                &group.group.attached,
            );
        }
        self.boundary = boundary(account, entry.user.boundary.as_deref());
    }
}

/// A boundary that is gone allows nothing.
fn boundary<'a>(account: &'a Account, arn: Option<&'a str>) -> Option<Vec<PolicyRef<'a>>> {
    let arn = arn?;
    let policy = account.managed(arn).map(|policy| managed(arn, policy));
    Some(policy.into_iter().collect())
}

/// A managed session policy that is gone allows nothing.
fn session_policies<'a>(account: &'a Account, live: &'a LiveSession) -> Vec<PolicyRef<'a>> {
    let inline = live.policy.as_ref().map(|policy| PolicyRef {
        id: "of the session",
        kind: PolicyKind::Inline,
        policy,
    });
    let arns = live.session.policy_arns.iter();
    let managed = arns.filter_map(|arn| account.managed(arn).map(|policy| managed(arn, policy)));
    inline.into_iter().chain(managed).collect()
}

/// Adds the policies of one identity.
fn written_on<'a>(
    policies: &mut Vec<PolicyRef<'a>>,
    account: &'a Account,
    inline: &'a [(String, Arc<CompiledPolicy>)],
    attached: &'a [String],
) {
    policies.extend(inline.iter().map(|(name, policy)| PolicyRef {
        id: name,
        kind: PolicyKind::Inline,
        policy,
    }));
    policies.extend(
        attached
            .iter()
            .filter_map(|arn| account.managed(arn).map(|policy| managed(arn, policy))),
    );
}

fn managed<'a>(arn: &'a str, policy: &'a CompiledPolicy) -> PolicyRef<'a> {
    PolicyRef {
        id: arn,
        kind: PolicyKind::Managed,
        policy,
    }
}

/// The resources of the row in this request, at least one.
fn targets(state: &State, caller: &Caller, facts: &Facts) -> Vec<Target> {
    if let Resource::Network(parts) = facts.row.resource {
        let account = state.account(&caller.account);
        return network::targets(account, &caller.account, facts, parts);
    }
    vec![target(state, caller, facts)]
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
        Resource::User(_) => {
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
        Resource::Role(_) => {
            let name = name.unwrap_or_default();
            match account.and_then(|account| account.role(name)) {
                Some(entry) => Target::tagged(
                    entry.role.arn(),
                    entry.role.tags.iter().map(|tag| (&tag.key, &tag.value)),
                ),
                None => Target::arn(format!("arn:aws:iam::{}:role/{name}", caller.account)),
            }
        }
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
fn future_targets(caller: &Caller, facts: &Facts) -> Vec<Target> {
    if facts.row.service == Service::Ec2 {
        return network::tagged_at_birth(&caller.account, facts);
    }
    if facts.row.service == Service::Sts {
        return vec![federated_target(caller, facts)];
    }
    vec![match facts.text("brokerName") {
        Some(name) => Target::arn(broker_arn(&facts.region, &caller.account, name, "*")),
        None => Target::arn(configuration_arn(&facts.region, &caller.account, "*")),
    }]
}

/// The condition keys. Absent stays absent; nothing is taken from a header but the two keys that are headers.
pub(crate) fn context<'a>(
    account: &'a Account,
    caller: &'a Caller,
    facts: &'a Facts,
    target: &'a Target,
    way: Way,
    authorized_service: bool,
) -> Context<'a> {
    let mut context = Context::new();
    let now = timestamp(facts.now);
    context
        .time("aws:CurrentTime", now)
        .epoch("aws:EpochTime", now)
        .flag("aws:SecureTransport", facts.secure)
        .optional("aws:UserAgent", facts.user_agent.as_deref())
        .optional("aws:Referer", facts.referer.as_deref())
        .text("aws:RequestedRegion", requested_region(facts))
        .text("aws:PrincipalArn", caller.principal_arn())
        .text("aws:PrincipalAccount", caller.account.as_str())
        .text("aws:PrincipalType", caller.principal_type())
        .text("aws:userid", caller.unique_id())
        .text("aws:ResourceAccount", caller.account.as_str())
        .flag("aws:PrincipalIsAWSService", false);
    match way {
        Way::Direct => {
            context
                .flag("aws:ViaAWSService", false)
                .address("aws:SourceIp", facts.source_ip);
        }
        Way::OnBehalf => {
            context.flag("aws:ViaAWSService", true);
        }
    }
    if authorized_service {
        context.text("ec2:AuthorizedService", "mq.amazonaws.com");
    }
    sessions::add_principal(&mut context, account, caller);
    sessions::add_request(&mut context, facts);
    for (key, value) in &target.tags {
        context.tag("aws:ResourceTag/", key, value.as_str());
        if matches!(facts.row.service, Service::Iam | Service::Sts) {
            context.tag("iam:ResourceTag/", key, value.as_str());
        }
        if target.arn.starts_with("arn:aws:ec2:") {
            context.tag("ec2:ResourceTag/", key, value.as_str());
        }
    }
    for (key, value) in &target.keys {
        context.text(key, value.as_str());
    }
    let supplies = |key: &str| facts.row.condition_keys.contains(&key);
    if supplies("aws:RequestTag/${TagKey}") {
        for (key, value) in facts.request_tags() {
            context.tag("aws:RequestTag/", key, value);
        }
    }
    if supplies("aws:TagKeys")
        && let Some(keys) = facts.tag_keys()
    {
        context.texts("aws:TagKeys", keys);
    }
    if supplies("iam:PolicyARN") {
        context.optional("iam:PolicyARN", facts.text("policyArn"));
    }
    if supplies("iam:AWSServiceName") {
        context.optional("iam:AWSServiceName", facts.text("aWSServiceName"));
    }
    if supplies("iam:PermissionsBoundary") {
        let user = facts.text("userName").and_then(|name| account.user(name));
        let role = facts.text("roleName").and_then(|name| account.role(name));
        let boundary = facts
            .text("permissionsBoundary")
            .or(user.and_then(|entry| entry.user.boundary.as_deref()))
            .or(role.and_then(|entry| entry.role.boundary.as_deref()));
        context.optional("iam:PermissionsBoundary", boundary);
    }
    context
}

/// `aws:RequestedRegion`: of global services always us-east-1 ("AWS global condition context keys").
fn requested_region(facts: &Facts) -> &str {
    match facts.row.service {
        Service::Iam => "us-east-1",
        Service::Mq | Service::Sts | Service::Ec2 => &facts.region,
    }
}
