//! One authorised call: what a handler has to work with.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::refusal::{Code, Refusal};
use api::row::{Dependent, Operation, Service};
use store::state::{Account, Record, State};
use store::{Change, Commit, CommitError, Failure, Snapshot};

use crate::audit::{Draft, InName, Made, Outcome};
use crate::authorise::{self, Permit, Target};
use crate::caller::Caller;
use crate::clock::random;
use crate::facts::Facts;
use crate::services::Services;

/// One authorised call. Cheap to clone.
#[derive(Clone)]
pub struct Call {
    inner: Arc<Inner>,
}

struct Inner {
    services: Arc<Services>,
    snapshot: Arc<Snapshot<State>>,
    caller: Caller,
    facts: Facts,
    draft: Draft,
    why: String,
    /// What the decision under way found that other services are asked to do.
    made: Mutex<Vec<Made>>,
}

/// What a change comes to: the records that change, and the answer.
pub struct Decided<T> {
    /// The changes, all of them or none.
    pub changes: Vec<Change<Record>>,
    /// The answer.
    pub output: T,
}

impl Call {
    pub(crate) fn new(
        services: Arc<Services>,
        snapshot: Arc<Snapshot<State>>,
        caller: Caller,
        facts: Facts,
        draft: Draft,
        why: String,
    ) -> Call {
        Call {
            inner: Arc::new(Inner {
                services,
                snapshot,
                caller,
                facts,
                draft,
                why,
                made: Mutex::default(),
            }),
        }
    }

    /// What is shared by all requests.
    pub fn services(&self) -> &Services {
        &self.inner.services
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.inner.caller
    }

    /// What is known of the request.
    pub fn facts(&self) -> &Facts {
        &self.inner.facts
    }

    /// The caller's account id.
    pub fn account_id(&self) -> &str {
        &self.inner.caller.account
    }

    /// The region that is served.
    pub fn region(&self) -> &str {
        &self.inner.facts.region
    }

    /// When the request came, in milliseconds since the Unix epoch.
    pub fn now(&self) -> i64 {
        self.inner.facts.now
    }

    /// The records as they were when the call was decided. Reads are answered from it.
    pub fn state(&self) -> &State {
        &self.inner.snapshot.state
    }

    /// The caller's account in [`Call::state`].
    ///
    /// # Errors
    /// An internal refusal where the account is gone, which does not happen to an authorised call.
    pub fn account(&self) -> Result<&Account, Refusal> {
        account_of(self.state(), self.account_id())
    }

    /// Fresh random bytes.
    ///
    /// # Errors
    /// An internal refusal where the machine has none.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Refusal> {
        random().map_err(|error| Refusal::internal(error.to_string()))
    }

    pub(crate) fn draft(&self) -> &Draft {
        &self.inner.draft
    }

    pub(crate) fn why(&self) -> &str {
        &self.inner.why
    }

    /// Whether EC2 is asked if it would do it, and not to do it.
    pub(crate) fn is_dry_run(&self) -> bool {
        let facts = self.facts();
        facts.row.service == Service::Ec2 && facts.text("dryRun") == Some("true")
    }

    /// Changes records in one transaction. `decide` is a pure function of the newest records and may run more than once; its
    /// changes, the call's audit record and nothing else are committed together. The permit is decided again on those records
    /// where the account has moved on since it was made: no write stands on a policy, key or tag that is gone.
    ///
    /// # Errors
    /// The refusal of `decide`, a denial on the newest records, or that the store or the audit journal cannot be written. Of a
    /// dry run of EC2: that it would have been done.
    pub async fn commit<Op: Operation>(
        &self,
        permit: Permit<Op>,
        mut decide: impl FnMut(&State) -> Result<Decided<Op::Output>, Refusal> + Send + 'static,
    ) -> Result<Op::Output, Refusal> {
        if !self.services().store.journal().writable() {
            return Err(unavailable().because("the audit journal cannot be written"));
        }
        if self.is_dry_run() {
            // AWS: who may call is told of wrong values all the same; only what would have been done is a dry run.
            return match decide(self.state()) {
                Ok(_) => Err(dry_run()),
                Err(refusal) => Err(refusal),
            };
        }
        let call = self.clone();
        let committed = self
            .services()
            .store
            .commit(self.account_id(), move |state: &State, revision| {
                if permit.revision() != revision {
                    call.decide_again(state)?;
                }
                // Order: what an earlier run of the decision found is not what this one does.
                call.take_made();
                let decided = decide(state)?;
                let answer = serde_json::to_value(&decided.output).map_err(Refusal::internal)?;
                let inner = &call.inner;
                let line = inner.draft.line(
                    &inner.facts,
                    Some(&inner.caller),
                    Some(&inner.why),
                    Outcome::Done(&answer),
                );
                let done = if decided.changes.is_empty() {
                    Vec::new()
                } else {
                    call.take_made()
                };
                let done = done.iter().map(|one| one.line(&inner.facts, &inner.caller));
                let line = line.followed_by(done.collect());
                Ok(Commit {
                    changes: decided.changes,
                    record: Some(line),
                    value: decided.output,
                })
            })
            .await;
        match committed {
            Ok(output) => {
                self.inner.draft.mark_written();
                Ok(output)
            }
            Err(CommitError::Refused(refusal)) => Err(refusal),
            Err(CommitError::Failed(failure)) => Err(match failure {
                Failure::AuditUnwritable | Failure::StoreFull | Failure::Busy | Failure::Closed => {
                    unavailable().because(failure)
                }
                Failure::Refused
                | Failure::ForeignAccount
                | Failure::DecisionPanicked
                | Failure::OutcomeUnknown => Refusal::internal(failure),
            }),
        }
    }

    fn decide_again(&self, state: &State) -> Result<(), Refusal> {
        if !self.caller().still_holds(state) {
            return Err(Refusal::new(
                Code::AccessDeniedException,
                format!(
                    "User: {} is not authorized to perform: {} because its access key was revoked",
                    self.caller().arn(),
                    self.facts().row.action
                ),
            ));
        }
        authorise::decide(state, self.caller(), self.facts())
            .map(|_| ())
            .map_err(|denied| denied.refusal)
    }

    /// Asks whether the caller may have one of the row's dependent actions done on its behalf, on each of the targets. To
    /// be asked inside the transaction, before anything is changed. Calls of other services are recorded with the transaction.
    ///
    /// # Errors
    /// AccessDenied in AWS's words, naming the action.
    pub fn on_behalf(
        &self,
        state: &State,
        dependent: &Dependent,
        targets: &[Target],
    ) -> Result<(), Refusal> {
        let mut why = String::new();
        for target in targets {
            why = authorise::authorise_on_behalf(
                state,
                self.caller(),
                self.facts(),
                dependent.action,
                dependent.authorized_service,
                target,
            )
            .map_err(|denied| denied.refusal)?;
        }
        // Other dependent actions, such as iam:PassRole, are permissions and no calls.
        if dependent.action.starts_with("ec2:") || dependent.action == "iam:CreateServiceLinkedRole"
        {
            self.record(InName::Caller, dependent.action, targets, why)?;
        }
        Ok(())
    }

    /// Asks whether a role of Amazon MQ's own allows what the service does with it, on each of the targets. To be asked
    /// inside the transaction; the call is recorded with it.
    ///
    /// # Errors
    /// AccessDenied in AWS's words, naming the role and the action.
    pub(crate) fn as_role(
        &self,
        state: &State,
        role: &Caller,
        action: &'static str,
        targets: &[Target],
    ) -> Result<(), Refusal> {
        let mut why = String::new();
        for target in targets {
            why = authorise::authorise_own(state, role, self.facts(), action, target)
                .map_err(|denied| denied.refusal)?;
        }
        self.record(InName::Role(Box::new(role.clone())), action, targets, why)
    }

    /// Records what Amazon MQ does by itself to what it was given to manage, with the transaction.
    ///
    /// # Errors
    /// There are no random bytes.
    pub(crate) fn as_service(
        &self,
        action: &'static str,
        targets: &[Target],
        why: &str,
    ) -> Result<(), Refusal> {
        self.record(InName::Service, action, targets, why.to_owned())
    }

    fn record(
        &self,
        by: InName,
        action: &'static str,
        targets: &[Target],
        why: String,
    ) -> Result<(), Refusal> {
        let made = Made {
            by,
            event_id: brokers::ids::uuid_v4(self.random()?),
            action,
            resources: targets.iter().map(|target| target.arn.clone()).collect(),
            why,
        };
        self.lock_made().push(made);
        Ok(())
    }

    fn lock_made(&self) -> MutexGuard<'_, Vec<Made>> {
        // A list that a panic left is as good as any: every decision begins with an empty one.
        self.inner
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn take_made(&self) -> Vec<Made> {
        std::mem::take(&mut *self.lock_made())
    }
}

/// An account's records.
///
/// # Errors
/// An internal refusal where the account is gone.
pub fn account_of<'a>(state: &'a State, id: &str) -> Result<&'a Account, Refusal> {
    state
        .account(id)
        .ok_or_else(|| Refusal::internal("the caller's account is gone"))
}

/// What a call of EC2 comes to that was only to be tried.
pub(crate) fn dry_run() -> Refusal {
    Refusal::new(
        Code::DryRunOperation,
        "Request would have succeeded, but DryRun flag is set.",
    )
}

fn unavailable() -> Refusal {
    Refusal::new(
        Code::ServiceUnavailable,
        "Service is unable to handle request. Retrying your request might resolve the issue.",
    )
}
