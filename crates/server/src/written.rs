//! Answers of reads as they are written, and what was written of brokers before: they are asked after far more often than they
//! change.

use std::marker::PhantomData;
use std::sync::Arc;

use api::refusal::Refusal;
use api::row::Operation;
use api::table::{DescribeBroker, ListBrokers};
use api::wire::mq;
use brokers::broker::Broker;
use bytes::Bytes;
use serde::Serialize;

use crate::generations::Generations;

/// What most answers of reads fit in, in bytes.
const USUAL: usize = 2048;

/// What most summaries fit in, in bytes.
const SUMMARY: usize = 384;

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
        write(output).map(|body| Written(body, PhantomData))
    }

    /// The bytes of the body.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

/// What was written of brokers, by their ids, each with the very record that it was written from: a record never changes, it is
/// replaced by another.
struct Kept(Generations<String, (Arc<Broker>, Bytes)>);

impl Default for Kept {
    fn default() -> Self {
        Self(Generations::of(GENERATION))
    }
}

impl Kept {
    fn of<T: Serialize>(
        &self,
        broker: &Arc<Broker>,
        show: impl FnOnce(&Broker) -> T,
    ) -> Result<Bytes, Refusal> {
        if let Some((record, body)) = self.0.find(broker.id.as_str())
            && Arc::ptr_eq(&record, broker)
        {
            return Ok(body);
        }
        let body = write(&show(broker))?;
        let id = broker.id.to_string();
        self.0.keep(id, (Arc::clone(broker), body.clone()));
        Ok(body)
    }
}

/// Answers about brokers that were written before. What is shown must depend on nothing but the record and what is settled at the
/// start.
#[derive(Default)]
pub struct Descriptions {
    whole: Kept,
    summaries: Kept,
}

impl Descriptions {
    /// The answer that describes this record.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn of(
        &self,
        broker: &Arc<Broker>,
        describe: impl FnOnce(&Broker) -> mq::DescribeBrokerResponse,
    ) -> Result<Written<DescribeBroker>, Refusal> {
        let body = self.whole.of(broker, describe)?;
        Ok(Written(body, PhantomData))
    }

    /// The answer that lists these records.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn page(
        &self,
        brokers: &[Arc<Broker>],
        next_token: Option<String>,
        summarise: impl Fn(&Broker) -> mq::BrokerSummary,
    ) -> Result<Written<ListBrokers>, Refusal> {
        // Everything but the summaries, which are put between the brackets.
        let frame = write(&mq::ListBrokersResponse {
            broker_summaries: Vec::new(),
            next_token,
        })?;
        let split = memchr::memmem::find(&frame, b"[]").map(|place| frame.split_at(place + 1));
        let (before, after) = split.ok_or_else(|| Refusal::internal("a list without brackets"))?;
        let most = brokers.len().saturating_mul(SUMMARY);
        let mut body = Vec::with_capacity(frame.len().saturating_add(most));
        body.extend_from_slice(before);
        for (number, broker) in brokers.iter().enumerate() {
            if number > 0 {
                body.push(b',');
            }
            body.extend_from_slice(&self.summaries.of(broker, &summarise)?);
        }
        body.extend_from_slice(after);
        Ok(Written(body.into(), PhantomData))
    }
}

fn write(value: &impl Serialize) -> Result<Bytes, Refusal> {
    let mut body = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut body, value).map_err(Refusal::internal)?;
    Ok(body.into())
}
