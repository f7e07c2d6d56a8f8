//! From what is invalid to a refusal, and the look-ups that refuse.

use std::sync::Arc;

use ::brokers::broker::{Broker, Configuration};
use ::brokers::validate::{Invalid, InvalidKind, Limits};
use api::refusal::{Code, Refusal};
use store::state::State;

use crate::call::{Call, account_of};
use crate::settings::{Quota, Settings};

/// The refusal of an invalid request.
pub(super) fn refuse(invalid: Invalid) -> Refusal {
    let code = match invalid.kind() {
        InvalidKind::BadRequest => Code::BadRequestException,
        InvalidKind::NotFound => Code::NotFoundException,
        InvalidKind::Conflict => Code::ConflictException,
    };
    Refusal::new(code, invalid.to_string()).at(invalid.attribute().unwrap_or_default())
}

/// The quotas that requests are read under.
pub(super) fn limits(settings: &Settings) -> Limits {
    Limits {
        users: settings.quota(Quota::UsersPerBroker),
        groups_per_user: settings.quota(Quota::GroupsPerUser),
        tags: settings.quota(Quota::TagsPerResource),
        security_groups: settings.quota(Quota::SecurityGroupsPerBroker),
    }
}

/// The broker with this id in the caller's account and region.
///
/// # Errors
/// 404.
pub(super) fn find_broker(
    call: &Call,
    state: &State,
    id: Option<&str>,
) -> Result<Arc<Broker>, Refusal> {
    let id = id.unwrap_or_default();
    account_of(state, call.account_id())?
        .broker(id)
        .filter(|broker| broker.region == call.region())
        .cloned()
        .ok_or_else(|| refuse(Invalid::NoSuchBroker(shortened(id))))
}

/// The configuration with this id in the caller's account and region.
///
/// # Errors
/// 404.
pub(super) fn find_configuration(
    call: &Call,
    state: &State,
    id: Option<&str>,
) -> Result<Arc<Configuration>, Refusal> {
    let id = id.unwrap_or_default();
    account_of(state, call.account_id())?
        .configuration(id)
        .filter(|configuration| configuration.region == call.region())
        .cloned()
        .ok_or_else(|| refuse(Invalid::NoSuchConfiguration(shortened(id))))
}

/// A text of the caller's, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
