//! The condition keys of a question.

use api::row::Service;
use iam::context::Context;
use store::state::Account;

use super::{Target, Way};
use crate::caller::Caller;
use crate::facts::Facts;
use crate::sessions;
use crate::time::timestamp;

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
            context
                .flag("aws:ViaAWSService", true)
                .texts("aws:CalledVia", [vpc::MANAGER])
                .text("aws:CalledViaFirst", vpc::MANAGER)
                .text("aws:CalledViaLast", vpc::MANAGER);
        }
        // A role of the service's own is used by the service directly: nobody's call is passed on.
        Way::Own => {
            context.flag("aws:ViaAWSService", false);
        }
    }
    if authorized_service {
        context.text("ec2:AuthorizedService", "mq.amazonaws.com");
    }
    sessions::add_principal(&mut context, account, caller);
    if way != Way::Own {
        sessions::add_request(&mut context, facts);
    }
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
    // What the caller's request says is not what the service asks for itself.
    let supplies = |key: &str| way != Way::Own && facts.row.condition_keys.contains(&key);
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
