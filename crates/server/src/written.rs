//! Answers of reads as they are written, and those of DescribeBroker that were written before: brokers are asked after far more
//! often than they change.

use std::marker::PhantomData;
use std::sync::Arc;

use api::refusal::Refusal;
use api::row::Operation;
use api::table::DescribeBroker;
use brokers::broker::Broker;
use bytes::Bytes;

use crate::generations::Generations;

/// What most answers of reads fit in, in bytes.
const USUAL: usize = 2048;

/// The most answers of one generation.
const GENERATION: usize = 1024;

/// The JSON of an operation's answer.
pub struct Written<Op>(Bytes, PhantomData<Op>);

impl<Op: Operation> Written<Op> {
    /// Writes an answer.
    ///
    /// # Errors
    /// An internal refusal: it cannot be written as JSON.
    pub fn of(output: &Op::Output) -> Result<Written<Op>, Refusal> {
        Self::sized(output, 0)
    }

    /// Writes an answer that may need about so many bytes more than most.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn sized(output: &Op::Output, expected: usize) -> Result<Written<Op>, Refusal> {
        let mut body = Vec::with_capacity(USUAL.saturating_add(expected));
        serde_json::to_writer(&mut body, output).map_err(Refusal::internal)?;
        Ok(Written(body.into(), PhantomData))
    }

    /// The bytes of the body.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

/// Answers of DescribeBroker by the broker's id, each with the very record that it was written from: a record never changes, it is
/// replaced by another.
pub struct Descriptions(Generations<String, (Arc<Broker>, Bytes)>);

impl Default for Descriptions {
    fn default() -> Self {
        Self(Generations::of(GENERATION))
    }
}

impl Descriptions {
    /// The answer that describes this record. `describe` must depend on nothing but the record and what is settled at the start.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn of(
        &self,
        broker: &Arc<Broker>,
        describe: impl FnOnce(&Broker) -> <DescribeBroker as Operation>::Output,
    ) -> Result<Written<DescribeBroker>, Refusal> {
        if let Some((record, body)) = self.0.find(broker.id.as_str())
            && Arc::ptr_eq(&record, broker)
        {
            return Ok(Written(body, PhantomData));
        }
        let written = Written::<DescribeBroker>::of(&describe(broker))?;
        let id = broker.id.to_string();
        self.0.keep(id, (Arc::clone(broker), written.0.clone()));
        Ok(written)
    }
}
