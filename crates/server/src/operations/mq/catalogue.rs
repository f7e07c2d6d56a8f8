//! DescribeBrokerEngineTypes and DescribeBrokerInstanceOptions.

use ::brokers::broker::{EngineType, StorageType};
use ::brokers::catalogue::Catalogue;
use ::brokers::validate::Invalid;
use api::refusal::Refusal;
use api::table;
use api::wire::mq;

use super::pages::Wanted;
use super::refuse::{refuse, shortened};
use crate::authorise::Permit;
use crate::call::Call;

/// DescribeBrokerEngineTypes.
pub async fn describe_broker_engine_types(
    call: Call,
    _permit: Permit<table::DescribeBrokerEngineTypes>,
    input: mq::DescribeBrokerEngineTypesRequest,
) -> Result<mq::DescribeBrokerEngineTypesResponse, Refusal> {
    let engine = engine(input.engine_type.as_deref())?;
    let wanted = Wanted::read(
        &call,
        input.max_results,
        input.next_token.as_deref(),
        &[engine.map(EngineType::model)],
    )?;
    let catalogue = call.services().catalogue.load();
    let (broker_engine_types, next_token) = wanted.slice(engine_types(&catalogue, engine))?;
    Ok(mq::DescribeBrokerEngineTypesResponse {
        broker_engine_types,
        max_results: wanted.max_results(),
        next_token,
    })
}

fn engine_types(catalogue: &Catalogue, only: Option<EngineType>) -> Vec<mq::BrokerEngineType> {
    catalogue
        .engines()
        .into_iter()
        .filter(|engine| only.is_none_or(|only| only == *engine))
        .map(|engine| mq::BrokerEngineType {
            engine_type: Some(engine.model().into()),
            engine_versions: catalogue
                .lines(engine)
                .into_iter()
                .map(|line| mq::EngineVersion {
                    name: Some(line.to_owned()),
                })
                .collect(),
        })
        .collect()
}

/// DescribeBrokerInstanceOptions.
pub async fn describe_broker_instance_options(
    call: Call,
    _permit: Permit<table::DescribeBrokerInstanceOptions>,
    input: mq::DescribeBrokerInstanceOptionsRequest,
) -> Result<mq::DescribeBrokerInstanceOptionsResponse, Refusal> {
    let engine = engine(input.engine_type.as_deref())?;
    let storage = input
        .storage_type
        .as_deref()
        .map(|text| {
            StorageType::parse(text).ok_or_else(|| {
                refuse(Invalid::NotOneOf {
                    what: "Broker storage type",
                    value: shortened(text),
                    valid: "EBS, EFS".into(),
                    attribute: "storageType",
                })
            })
        })
        .transpose()?;
    let host = input.host_instance_type.as_deref();
    let wanted = Wanted::read(
        &call,
        input.max_results,
        input.next_token.as_deref(),
        &[
            engine.map(EngineType::model),
            host,
            storage.map(StorageType::model),
        ],
    )?;
    let zones: Vec<mq::AvailabilityZone> = call
        .services()
        .settings
        .region(call.region())
        .map(|region| region.zones.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|zone| mq::AvailabilityZone {
            name: Some(zone.clone()),
        })
        .collect();
    let options = call
        .services()
        .catalogue
        .load()
        .options()
        .into_iter()
        .filter(|option| engine.is_none_or(|engine| engine == option.engine))
        .filter(|option| storage.is_none_or(|storage| storage == option.storage_type))
        .filter(|option| host.is_none_or(|host| host == option.host_instance_type))
        .map(|option| mq::BrokerInstanceOption {
            availability_zones: zones.clone(),
            engine_type: Some(option.engine.model().into()),
            host_instance_type: Some(option.host_instance_type.into()),
            storage_type: Some(option.storage_type.described().into()),
            supported_deployment_modes: option
                .deployment_modes
                .iter()
                .map(|mode| mode.model().to_owned())
                .collect(),
            supported_engine_versions: option.engine_versions,
        })
        .collect();
    let (broker_instance_options, next_token) = wanted.slice(options)?;
    Ok(mq::DescribeBrokerInstanceOptionsResponse {
        broker_instance_options,
        max_results: wanted.max_results(),
        next_token,
    })
}

/// The filter: an engine that exists, whether or not it is installed.
fn engine(text: Option<&str>) -> Result<Option<EngineType>, Refusal> {
    text.map(|text| {
        EngineType::parse(text).ok_or_else(|| {
            refuse(Invalid::EngineType {
                value: shortened(text),
                valid: "ACTIVEMQ, RABBITMQ".into(),
            })
        })
    })
    .transpose()
}
