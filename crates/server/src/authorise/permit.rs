//! The proofs that a caller may do something.

use std::marker::PhantomData;

use api::row::{Operation, Row};
use store::Revision;

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
    /// Only the gate makes one.
    pub(super) fn new(row: &'static Row, revision: Revision, why: String) -> Grant {
        Grant { row, revision, why }
    }

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
