//! Configurations and their revisions.

use std::sync::Arc;

use ::brokers::broker::{
    AuthenticationStrategy, Configuration, ConfigurationRef, EngineType, Revision, RevisionData,
};
use ::brokers::configuration::{
    self, MAX_REPORTED_WARNINGS, Warning, activemq, decode, encode, rabbitmq,
};
use ::brokers::ids::ConfigurationId;
use ::brokers::pages::Position;
use ::brokers::validate::{ConfigurationRequest, Invalid, NewConfiguration};
use api::refusal::Refusal;
use api::table;
use api::wire::mq;
use store::state::{Account, Record};
use store::{Change, Document};

use super::brokers::{first_revision, quota};
use super::describe::created_after;
use super::pages::Wanted;
use super::refuse::{find_configuration, limits, refuse, shortened};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;
use crate::time::iso_millis;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 1000;

/// CreateConfiguration.
pub async fn create_configuration(
    call: Call,
    permit: Permit<table::CreateConfiguration>,
    input: mq::CreateConfigurationRequest,
) -> Result<mq::CreateConfigurationResponse, Refusal> {
    let catalogue = call.services().catalogue.load_full();
    let new = NewConfiguration::read(
        &ConfigurationRequest {
            authentication_strategy: input.authentication_strategy.as_deref(),
            engine_type: input.engine_type.as_deref(),
            engine_version: input.engine_version.as_deref(),
            name: input.name.as_deref(),
            tags: input.tags.as_ref(),
        },
        &catalogue,
        &limits(&call.services().settings),
    )
    .map_err(refuse)?;
    let id = ConfigurationId::new(call.random()?);
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        quota(
            &cx,
            account.configuration_count(cx.region()),
            Quota::ConfigurationsPerRegion,
            "configurations in this Region",
            "name",
        )?;
        let arn = ::brokers::ids::configuration_arn(cx.region(), cx.account_id(), id.as_str());
        let created = iso_millis(cx.now());
        let output = mq::CreateConfigurationResponse {
            arn: Some(arn),
            authentication_strategy: Some(new.authentication_strategy.described().into()),
            created: Some(created.clone()),
            id: Some(id.to_string()),
            latest_revision: Some(mq::ConfigurationRevision {
                created: Some(created),
                description: Some(new.description.clone()),
                revision: Some(1),
            }),
            name: Some(new.name.clone()),
        };
        let (_, changes) = first_revision(&cx, id.clone(), new.clone());
        Ok(Decided {
            changes: changes.into(),
            output,
        })
    })
    .await
}

/// ListConfigurations.
pub async fn list_configurations(
    call: Call,
    _permit: Permit<table::ListConfigurations>,
    input: mq::ListConfigurationsRequest,
) -> Result<mq::ListConfigurationsResponse, Refusal> {
    let wanted = Wanted::read(&call, input.max_results, input.next_token.as_deref(), &[])?;
    let after = created_after(&wanted)?;
    let page = call
        .account()?
        .configurations_page(call.region(), after.as_ref(), wanted.limit);
    Ok(mq::ListConfigurationsResponse {
        configurations: page
            .items
            .iter()
            .map(|configuration| listed(configuration))
            .collect(),
        max_results: wanted.max_results(),
        next_token: wanted.token(page.next.map(|(at, id)| Position::Created(at, id)))?,
    })
}

fn listed(configuration: &Configuration) -> mq::Configuration {
    mq::Configuration {
        arn: Some(configuration.arn()),
        authentication_strategy: Some(configuration.authentication_strategy.described().into()),
        created: Some(iso_millis(configuration.created)),
        description: description(configuration),
        engine_type: Some(configuration.engine.described().into()),
        engine_version: Some(configuration.engine_version.clone()),
        id: Some(configuration.id.to_string()),
        latest_revision: configuration.latest().map(revision),
        name: Some(configuration.name.clone()),
        tags: configuration.tags.clone(),
    }
}

/// AWS: the latest revision's, and always there.
fn description(configuration: &Configuration) -> Option<String> {
    let latest = configuration.latest()?;
    Some(latest.description.clone().unwrap_or_default())
}

fn revision(revision: &Revision) -> mq::ConfigurationRevision {
    mq::ConfigurationRevision {
        created: Some(iso_millis(revision.created)),
        description: revision.description.clone(),
        revision: Some(i64::from(revision.revision)),
    }
}

/// DescribeConfiguration.
pub async fn describe_configuration(
    call: Call,
    _permit: Permit<table::DescribeConfiguration>,
    input: mq::DescribeConfigurationRequest,
) -> Result<mq::DescribeConfigurationResponse, Refusal> {
    let found = find_configuration(&call, call.state(), input.configuration_id.as_deref())?;
    let shown = listed(&found);
    Ok(mq::DescribeConfigurationResponse {
        arn: shown.arn,
        authentication_strategy: shown.authentication_strategy,
        created: shown.created,
        description: shown.description,
        engine_type: shown.engine_type,
        engine_version: shown.engine_version,
        id: shown.id,
        latest_revision: shown.latest_revision,
        name: shown.name,
        tags: shown.tags,
    })
}

/// UpdateConfiguration: always a new revision. ActiveMQ's XML is sanitised, RabbitMQ's keys are refused if they are not known.
pub async fn update_configuration(
    call: Call,
    permit: Permit<table::UpdateConfiguration>,
    input: mq::UpdateConfigurationRequest,
) -> Result<mq::UpdateConfigurationResponse, Refusal> {
    let found = find_configuration(&call, call.state(), input.configuration_id.as_deref())?;
    let (data, warnings) = checked(&found, input.data.as_deref()).map_err(refuse)?;
    let description = checked_description(input.description.as_deref()).map_err(refuse)?;
    let id = input.configuration_id;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let found = find_configuration(&cx, state, id.as_deref())?;
        let most = cx
            .services()
            .settings
            .quota(Quota::RevisionsPerConfiguration);
        if found.revisions.len() >= most as usize {
            return Err(refuse(Invalid::Quota {
                what: "revisions per configuration",
                limit: most,
                attribute: "configuration_id",
            }));
        }
        let made = Revision {
            revision: found
                .latest()
                .map_or(0, |latest| latest.revision)
                .saturating_add(1),
            created: cx.now(),
            description: description.clone(),
        };
        let content = RevisionData {
            account: found.account.clone(),
            of: ConfigurationRef {
                id: found.id.clone(),
                revision: made.revision,
            },
            data: data.clone(),
        };
        let output = mq::UpdateConfigurationResponse {
            arn: Some(found.arn()),
            created: Some(iso_millis(found.created)),
            id: Some(found.id.to_string()),
            latest_revision: Some(revision(&made)),
            name: Some(found.name.clone()),
            warnings: warnings
                .iter()
                .take(MAX_REPORTED_WARNINGS)
                .map(warning)
                .collect(),
        };
        let mut configuration = (*found).clone();
        configuration.revisions.push(made);
        Ok(Decided {
            changes: vec![
                Change::put(Record::Configuration(Arc::new(configuration))),
                Change::put(Record::RevisionData(Arc::new(content))),
            ],
            output,
        })
    })
    .await
}

/// The stored form of `data`, and what was removed from it.
fn checked(
    configuration: &Configuration,
    data: Option<&str>,
) -> Result<(String, Vec<Warning>), Invalid> {
    let bytes = decode(data.ok_or(Invalid::Missing("data"))?)?;
    match configuration.engine {
        EngineType::ActiveMq => {
            let strategy = match configuration.authentication_strategy {
                AuthenticationStrategy::Ldap => activemq::Strategy::Ldap,
                AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged => {
                    activemq::Strategy::Simple
                }
            };
            let sanitised = activemq::sanitise(&bytes, strategy)?;
            Ok((sanitised.document.to_xml(), sanitised.warnings))
        }
        EngineType::RabbitMq => {
            let series = rabbitmq::Series::of_version(&configuration.engine_version)
                .unwrap_or(rabbitmq::Series::Four);
            rabbitmq::parse(&bytes, series)?;
            let text =
                String::from_utf8(bytes).map_err(|_| configuration::ConfigurationError::NotUtf8)?;
            Ok((text, Vec::new()))
        }
    }
}

fn checked_description(text: Option<&str>) -> Result<Option<String>, Invalid> {
    match text {
        Some(text) if text.chars().count() > MAX_DESCRIPTION => Err(Invalid::Malformed {
            what: "Configuration description",
            value: shortened(text),
            rule: "Use at most 1000 characters.",
            attribute: "description",
        }),
        text => Ok(text.map(str::to_owned)),
    }
}

fn warning(warning: &Warning) -> mq::SanitizationWarning {
    mq::SanitizationWarning {
        attribute_name: warning.attribute_name.clone(),
        element_name: Some(warning.element_name.clone()),
        reason: Some(warning.reason.as_str().into()),
    }
}

/// DeleteConfiguration, unless a broker uses it or is about to.
pub async fn delete_configuration(
    call: Call,
    permit: Permit<table::DeleteConfiguration>,
    input: mq::DeleteConfigurationRequest,
) -> Result<mq::DeleteConfigurationResponse, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let found = find_configuration(&cx, state, input.configuration_id.as_deref())?;
        if in_use(account_of(state, cx.account_id())?, &found.id) {
            return Err(refuse(Invalid::ConfigurationInUse));
        }
        let mut changes: Vec<Change<Record>> = found
            .revisions
            .iter()
            .map(|revision| {
                // The key of the content; the content itself does not matter for it.
                let content = RevisionData {
                    account: found.account.clone(),
                    of: ConfigurationRef {
                        id: found.id.clone(),
                        revision: revision.revision,
                    },
                    data: String::new(),
                };
                Change::Delete(Record::RevisionData(Arc::new(content)).key())
            })
            .collect();
        changes.push(Change::Delete(
            Record::Configuration(Arc::clone(&found)).key(),
        ));
        Ok(Decided {
            changes,
            output: mq::DeleteConfigurationResponse {
                configuration_id: Some(found.id.to_string()),
            },
        })
    })
    .await
}

fn in_use(account: &Account, id: &ConfigurationId) -> bool {
    account.brokers().any(|broker| {
        [&broker.current.configuration, &broker.pending.configuration]
            .into_iter()
            .flatten()
            .any(|used| used.id == *id)
    })
}

/// ListConfigurationRevisions, newest first.
pub async fn list_configuration_revisions(
    call: Call,
    _permit: Permit<table::ListConfigurationRevisions>,
    input: mq::ListConfigurationRevisionsRequest,
) -> Result<mq::ListConfigurationRevisionsResponse, Refusal> {
    let id = input.configuration_id.as_deref();
    let found = find_configuration(&call, call.state(), id)?;
    let wanted = Wanted::read(&call, input.max_results, input.next_token.as_deref(), &[id])?;
    let before = match &wanted.after {
        None => u32::MAX,
        Some(Position::Revision(revision)) => *revision,
        Some(Position::Created(..) | Position::Name(_) | Position::Place(_)) => {
            return Err(refuse(Invalid::NextToken));
        }
    };
    let mut older = found
        .revisions
        .iter()
        .rev()
        .filter(|revision| revision.revision < before);
    let page: Vec<&Revision> = older.by_ref().take(wanted.limit).collect();
    let last = page
        .last()
        .filter(|_| older.next().is_some())
        .map(|last| Position::Revision(last.revision));
    Ok(mq::ListConfigurationRevisionsResponse {
        configuration_id: Some(found.id.to_string()),
        max_results: wanted.max_results(),
        next_token: wanted.token(last)?,
        revisions: page.into_iter().map(revision).collect(),
    })
}

/// DescribeConfigurationRevision.
pub async fn describe_configuration_revision(
    call: Call,
    _permit: Permit<table::DescribeConfigurationRevision>,
    input: mq::DescribeConfigurationRevisionRequest,
) -> Result<mq::DescribeConfigurationRevisionResponse, Refusal> {
    let found = find_configuration(&call, call.state(), input.configuration_id.as_deref())?;
    let text = input.configuration_revision.as_deref().unwrap_or_default();
    let number: i64 = text.parse().map_err(|_| {
        refuse(Invalid::Malformed {
            what: "Configuration revision",
            value: shortened(text),
            rule: "Use a whole number.",
            attribute: "configuration_revision",
        })
    })?;
    let revision = u32::try_from(number)
        .ok()
        .and_then(|number| found.revision(number))
        .ok_or_else(|| {
            refuse(Invalid::NoSuchRevision {
                id: found.id.to_string(),
                revision: shortened(text),
            })
        })?;
    let of = ConfigurationRef {
        id: found.id.clone(),
        revision: revision.revision,
    };
    let content = call
        .account()?
        .revision_data(&of)
        .ok_or_else(|| Refusal::internal("a revision without content"))?;
    Ok(mq::DescribeConfigurationRevisionResponse {
        configuration_id: Some(found.id.to_string()),
        created: Some(iso_millis(revision.created)),
        data: Some(encode(&content.data)),
        description: Some(revision.description.clone().unwrap_or_default()),
    })
}
