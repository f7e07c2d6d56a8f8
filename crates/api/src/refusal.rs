//! A refusal: AWS's code, a public text and a cause that only the log sees.

use std::error::Error;
use std::fmt;

/// An error code as AWS spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// mq: the input is wrong.
    BadRequestException,
    /// mq: modelled for CreateBroker only; never sent for a signature or a policy.
    UnauthorizedException,
    /// mq: the service itself refuses. Never an IAM denial: Terraform takes it for "gone".
    ForbiddenException,
    /// mq: there is no such resource.
    NotFoundException,
    /// mq: the resource is in the way.
    ConflictException,
    /// mq: a fault of ours.
    InternalServerErrorException,
    /// mq: over the account's rate.
    TooManyRequestsException,
    /// mq: a policy refuses.
    AccessDeniedException,
    /// mq: nothing at this method and path, or no credentials.
    MissingAuthenticationTokenException,
    /// mq: too large.
    RequestEntityTooLargeException,
    /// Any: cannot serve now (audit or store not writable, snapshot stale).
    ServiceUnavailable,
    /// Query: a policy refuses.
    AccessDenied,
    /// Query: over the account's rate.
    Throttling,
    /// Query: no such action.
    InvalidAction,
    /// Query: no action given.
    MissingAction,
    /// Query: a parameter breaks its constraint.
    ValidationError,
    /// Query: a fault of ours.
    InternalFailure,
    /// iam: there is no such entity.
    NoSuchEntity,
    /// iam: the name is taken.
    EntityAlreadyExists,
    /// iam: something still hangs on it.
    DeleteConflict,
    /// iam: a quota is reached.
    LimitExceeded,
    /// iam: the policy document is not acceptable.
    MalformedPolicyDocument,
    /// iam: the policy cannot be attached.
    PolicyNotAttachable,
    /// iam: the entity is AWS's own.
    UnmodifiableEntity,
    /// iam: the password is not acceptable.
    PasswordPolicyViolation,
    /// iam: a value is not acceptable.
    InvalidInput,
    /// ec2: a policy refuses.
    UnauthorizedOperation,
    /// ec2: over the account's rate.
    RequestLimitExceeded,
    /// ec2: a fault of ours.
    InternalError,
}

impl Code {
    /// The code's spelling on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Code::BadRequestException => "BadRequestException",
            Code::UnauthorizedException => "UnauthorizedException",
            Code::ForbiddenException => "ForbiddenException",
            Code::NotFoundException => "NotFoundException",
            Code::ConflictException => "ConflictException",
            Code::InternalServerErrorException => "InternalServerErrorException",
            Code::TooManyRequestsException => "TooManyRequestsException",
            Code::AccessDeniedException => "AccessDeniedException",
            Code::MissingAuthenticationTokenException => "MissingAuthenticationTokenException",
            Code::RequestEntityTooLargeException => "RequestEntityTooLargeException",
            Code::ServiceUnavailable => "ServiceUnavailable",
            Code::AccessDenied => "AccessDenied",
            Code::Throttling => "Throttling",
            Code::InvalidAction => "InvalidAction",
            Code::MissingAction => "MissingAction",
            Code::ValidationError => "ValidationError",
            Code::InternalFailure => "InternalFailure",
            Code::NoSuchEntity => "NoSuchEntity",
            Code::EntityAlreadyExists => "EntityAlreadyExists",
            Code::DeleteConflict => "DeleteConflict",
            Code::LimitExceeded => "LimitExceeded",
            Code::MalformedPolicyDocument => "MalformedPolicyDocument",
            Code::PolicyNotAttachable => "PolicyNotAttachable",
            Code::UnmodifiableEntity => "UnmodifiableEntity",
            Code::PasswordPolicyViolation => "PasswordPolicyViolation",
            Code::InvalidInput => "InvalidInput",
            Code::UnauthorizedOperation => "UnauthorizedOperation",
            Code::RequestLimitExceeded => "RequestLimitExceeded",
            Code::InternalError => "InternalError",
        }
    }

    /// The HTTP status that goes with the code.
    pub fn status(self) -> u16 {
        match self {
            Code::BadRequestException
            | Code::InvalidAction
            | Code::MissingAction
            | Code::ValidationError
            | Code::MalformedPolicyDocument
            | Code::PolicyNotAttachable
            | Code::UnmodifiableEntity
            | Code::PasswordPolicyViolation
            | Code::InvalidInput
            | Code::Throttling => 400,
            Code::UnauthorizedException => 401,
            Code::ForbiddenException
            | Code::AccessDeniedException
            | Code::MissingAuthenticationTokenException
            | Code::AccessDenied
            | Code::UnauthorizedOperation => 403,
            Code::NotFoundException | Code::NoSuchEntity => 404,
            Code::ConflictException
            | Code::EntityAlreadyExists
            | Code::DeleteConflict
            | Code::LimitExceeded => 409,
            Code::RequestEntityTooLargeException => 413,
            Code::TooManyRequestsException => 429,
            Code::InternalServerErrorException | Code::InternalFailure | Code::InternalError => 500,
            Code::ServiceUnavailable | Code::RequestLimitExceeded => 503,
        }
    }
}

/// Why a call was not carried out. The message is for the caller; the cause is for the log alone.
pub struct Refusal {
    /// AWS's code.
    pub code: Code,
    /// The text the caller sees.
    pub message: String,
    /// mq's `errorAttribute`: the member at fault.
    pub attribute: Option<String>,
    /// What went wrong inside. It never leaves the server.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Refusal {
    /// A refusal with a public text.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
            attribute: None,
            cause: None,
        }
    }

    /// mq: 400, the named member is wrong.
    pub fn bad_request(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::BadRequestException, message).at(attribute)
    }

    /// mq: 404.
    pub fn not_found(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::NotFoundException, message).at(attribute)
    }

    /// mq: 409.
    pub fn conflict(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::ConflictException, message).at(attribute)
    }

    /// A fault of ours: the caller learns nothing but that, the log gets the cause. The pipeline turns the code into
    /// the one of the protocol that answers.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        Refusal {
            code: Code::InternalServerErrorException,
            message:
                "Unexpected internal server error. Retrying your request might resolve the issue."
                    .into(),
            attribute: None,
            cause: Some(cause.into()),
        }
    }

    /// The same refusal, blaming this member.
    pub fn at(mut self, attribute: &str) -> Refusal {
        if !attribute.is_empty() {
            self.attribute = Some(attribute.into());
        }
        self
    }

    /// The same refusal with a cause for the log.
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)?;
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}
