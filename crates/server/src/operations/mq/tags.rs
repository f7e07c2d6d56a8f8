//! Tags of brokers and configurations. They change at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::brokers::broker::{Broker, Configuration};
use ::brokers::validate::{Invalid, check_tags, tag_key, tags};
use api::refusal::Refusal;
use api::table;
use api::wire::mq;
use store::Change;
use store::state::{Record, State};

use super::lifecycle::put;
use super::refuse::{limits, refuse, shortened};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

/// Something that has tags.
enum Tagged {
    Broker(Arc<Broker>),
    Configuration(Arc<Configuration>),
}

impl Tagged {
    /// The resource with this ARN in the caller's account and region. The whole ARN has to be its own: that is what was
    /// authorised.
    fn find(call: &Call, state: &State, arn: Option<&str>) -> Result<Tagged, Refusal> {
        let arn = arn.unwrap_or_default();
        if !arn.starts_with("arn:") {
            return Err(refuse(Invalid::Malformed {
                what: "Resource ARN",
                value: shortened(arn),
                rule: "Use the ARN of a broker or of a configuration.",
                attribute: "resource-arn",
            }));
        }
        let account = account_of(state, call.account_id())?;
        let id = arn.rsplit(':').next().unwrap_or_default();
        let broker = account
            .broker(id)
            .filter(|broker| broker.region == call.region() && broker.arn() == arn);
        let configuration = account
            .configuration(id)
            .filter(|found| found.region == call.region() && found.arn() == arn);
        match (broker, configuration) {
            (Some(broker), _) => Ok(Tagged::Broker(Arc::clone(broker))),
            (None, Some(configuration)) => Ok(Tagged::Configuration(Arc::clone(configuration))),
            (None, None) => Err(refuse(Invalid::NoSuchResource(shortened(arn)))),
        }
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        match self {
            Tagged::Broker(broker) => &broker.tags,
            Tagged::Configuration(configuration) => &configuration.tags,
        }
    }

    fn with(&self, tags: BTreeMap<String, String>) -> Change<Record> {
        match self {
            Tagged::Broker(broker) => put(Broker {
                tags,
                ..(**broker).clone()
            }),
            Tagged::Configuration(configuration) => {
                Change::put(Record::Configuration(Arc::new(Configuration {
                    tags,
                    ..(**configuration).clone()
                })))
            }
        }
    }
}

/// CreateTags: adds tags, or changes their values.
pub async fn create_tags(
    call: Call,
    permit: Permit<table::CreateTags>,
    input: mq::CreateTagsRequest,
) -> Result<mq::Empty, Refusal> {
    let most = limits(&call.services().settings).tags;
    let given = input
        .tags
        .as_ref()
        .ok_or_else(|| refuse(Invalid::Missing("tags")))?;
    let given = tags(Some(given), most).map_err(refuse)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let found = Tagged::find(&cx, state, input.resource_arn.as_deref())?;
        let mut all = found.tags().clone();
        all.extend(given.clone());
        check_tags(&all, most).map_err(refuse)?;
        Ok(Decided {
            changes: vec![found.with(all)],
            output: mq::Empty {},
        })
    })
    .await
}

/// DeleteTags: keys that are not there are ignored.
pub async fn delete_tags(
    call: Call,
    permit: Permit<table::DeleteTags>,
    input: mq::DeleteTagsRequest,
) -> Result<mq::Empty, Refusal> {
    let keys = input
        .tag_keys
        .ok_or_else(|| refuse(Invalid::Missing("tagKeys")))?;
    for key in &keys {
        tag_key(key).map_err(refuse)?;
    }
    let arn = input.resource_arn;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let found = Tagged::find(&cx, state, arn.as_deref())?;
        let mut left = found.tags().clone();
        left.retain(|key, _| !keys.contains(key));
        Ok(Decided {
            changes: vec![found.with(left)],
            output: mq::Empty {},
        })
    })
    .await
}

/// ListTags.
pub async fn list_tags(
    call: Call,
    _permit: Permit<table::ListTags>,
    input: mq::ListTagsRequest,
) -> Result<mq::ListTagsResponse, Refusal> {
    let found = Tagged::find(&call, call.state(), input.resource_arn.as_deref())?;
    Ok(mq::ListTagsResponse {
        tags: found.tags().clone(),
    })
}
