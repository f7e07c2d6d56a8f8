//! DescribeBrokerEngineTypes and DescribeBrokerInstanceOptions.

use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn engine_types_are_listed_and_filtered() {
    let server = Server::start().await;
    let active =
        json!({"engineType": "ACTIVEMQ", "engineVersions": [{"name": "5.19"}, {"name": "5.18"}]});
    let rabbit = json!({"engineType": "RABBITMQ", "engineVersions": [{"name": "4.3"}, {"name": "4.2"}, {"name": "3.13"}]});
    let get = async |query: &str| {
        server
            .done(
                "GET",
                &format!("/v1/broker-engine-types{query}"),
                Value::Null,
            )
            .await
    };
    assert_eq!(
        get("").await,
        json!({"brokerEngineTypes": [active, rabbit], "maxResults": 20})
    );
    assert_eq!(
        get("?engineType=RabbitMQ&maxResults=5").await,
        json!({"brokerEngineTypes": [rabbit], "maxResults": 5})
    );
    let page = get("?maxResults=1").await;
    assert_eq!(page["brokerEngineTypes"], json!([active]));
    let token = page["nextToken"]
        .as_str()
        .unwrap()
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    assert_eq!(
        get(&format!("?maxResults=1&nextToken={token}")).await,
        json!({"brokerEngineTypes": [rabbit], "maxResults": 1})
    );
    let reply = server
        .call(
            "GET",
            "/v1/broker-engine-types?engineType=KAFKA",
            Value::Null,
        )
        .await;
    refused(
        &reply,
        400,
        "engineType",
        "Broker engine type [KAFKA] is invalid. Valid values are: [ACTIVEMQ, RABBITMQ]",
    );
}

#[tokio::test]
async fn instance_options_are_listed_and_filtered() {
    let server = Server::start().await;
    let get = async |query: &str| {
        let answer = server
            .done(
                "GET",
                &format!("/v1/broker-instance-options{query}"),
                Value::Null,
            )
            .await;
        answer["brokerInstanceOptions"].as_array().unwrap().clone()
    };
    let zones = json!([{"name": "us-east-1a"}, {"name": "us-east-1b"}, {"name": "us-east-1c"}]);
    assert_eq!(get("?maxResults=100").await.len(), 21);
    assert_eq!(
        get("?hostInstanceType=mq.m7g.large&storageType=EBS&engineType=rabbitmq").await,
        [json!({
            "availabilityZones": zones, "engineType": "RABBITMQ", "hostInstanceType": "mq.m7g.large",
            "storageType": "ebs", "supportedDeploymentModes": ["CLUSTER_MULTI_AZ", "SINGLE_INSTANCE"],
            "supportedEngineVersions": ["4.3", "4.2", "3.13"],
        })]
    );
    assert_eq!(
        get("?hostInstanceType=mq.t3.micro").await,
        [json!({
            "availabilityZones": zones, "engineType": "ACTIVEMQ", "hostInstanceType": "mq.t3.micro",
            "storageType": "efs", "supportedDeploymentModes": ["ACTIVE_STANDBY_MULTI_AZ", "SINGLE_INSTANCE"],
            "supportedEngineVersions": ["5.19", "5.18"],
        })]
    );
    assert!(
        get("?storageType=EFS")
            .await
            .iter()
            .all(|row| row["storageType"] == "efs")
    );
    assert_eq!(get("?hostInstanceType=mq.none").await, [] as [Value; 0]);
    let reply = server
        .call(
            "GET",
            "/v1/broker-instance-options?storageType=TAPE",
            Value::Null,
        )
        .await;
    refused(
        &reply,
        400,
        "storageType",
        "Broker storage type [TAPE] is invalid. Valid values: [EBS, EFS].",
    );
}

#[tokio::test]
async fn a_service_without_engines_says_what_to_install() {
    let server = Server::start().await;
    let services = server.postern.service().services();
    services.catalogue.store(std::sync::Arc::new(
        brokers::catalogue::Catalogue::installed([]),
    ));
    let types = server
        .done("GET", "/v1/broker-engine-types", Value::Null)
        .await;
    assert_eq!(types, json!({"brokerEngineTypes": [], "maxResults": 20}));
    let reply = server.call("POST", "/v1/brokers", activemq("b")).await;
    refused(
        &reply,
        400,
        "engineType",
        "No broker engine is installed. Run [postern engine install activemq], and then retry your request.",
    );
}
