//! What temporary credentials cannot call, whatever their policies say ("Compare AWS STS credentials").

use api::refusal::{Code, Refusal};
use api::row::{Row, Service};
use api::table::OperationId;
use iam::session::{Session, SessionPrincipal};

use crate::caller::{Caller, Principal};

/// Whether IAM takes the session. Sessions of users without MFA, and of federated users, it does not.
pub(crate) fn may_call_iam(session: &Session) -> bool {
    match session.principal {
        SessionPrincipal::Root
        | SessionPrincipal::User { .. }
        | SessionPrincipal::Federated { .. } => false,
        SessionPrincipal::Role { .. } => true,
    }
}

/// Why STS does not take the call of this caller. `None`: nothing speaks against it but perhaps a policy.
pub(crate) fn refusal_of_sts(caller: &Caller, row: &Row) -> Option<Refusal> {
    if row.service != Service::Sts || caller.session.is_none() {
        return None;
    }
    let taken = match &caller.principal {
        Principal::Root | Principal::User { .. } => matches!(
            row.id,
            OperationId::GetCallerIdentity | OperationId::AssumeRole
        ),
        Principal::AssumedRole { .. } => !matches!(
            row.id,
            OperationId::GetSessionToken | OperationId::GetFederationToken
        ),
        Principal::FederatedUser { .. } => row.id == OperationId::GetCallerIdentity,
        Principal::WebIdentity { .. } => row.id == OperationId::AssumeRoleWithWebIdentity,
    };
    (!taken).then(|| {
        Refusal::new(
            Code::AccessDenied,
            format!("Cannot call {} with session credentials", row.name),
        )
    })
}
