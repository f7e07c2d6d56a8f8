//! Tags.

use serde_json::{Value, json};

use crate::support::*;

fn encoded(arn: &str) -> String {
    format!("/v1/tags/{}", arn.replace(':', "%3A"))
}

#[tokio::test]
async fn tags_of_brokers_and_configurations_are_added_changed_listed_and_removed() {
    let server = Server::start_with(|settings| {
        settings
            .quotas
            .insert(server::settings::Quota::TagsPerResource, 3);
    })
    .await;
    let broker = server
        .done(
            "POST",
            "/v1/brokers",
            with(activemq("b"), json!({"tags": {"a": "1"}})),
        )
        .await;
    let configuration = server
        .done(
            "POST",
            "/v1/configurations",
            json!({"engineType": "ACTIVEMQ", "name": "c", "tags": {"a": "1"}}),
        )
        .await;
    for arn in [&broker["brokerArn"], &configuration["arn"]] {
        let path = encoded(arn.as_str().unwrap());
        let list = async || server.done("GET", &path, Value::Null).await;
        assert_eq!(list().await, json!({"tags": {"a": "1"}}));
        let reply = server
            .call("POST", &path, json!({"tags": {"a": "2", "b c": ""}}))
            .await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        assert_eq!(list().await, json!({"tags": {"a": "2", "b c": ""}}));
        let reply = server
            .call("POST", &path, json!({"tags": {"x": "", "y": ""}}))
            .await;
        refused(&reply, 400, "tags", "Specify at most [3] tags.");
        let reply = server
            .call(
                "DELETE",
                &format!("{path}?tagKeys=a&tagKeys=none"),
                Value::Null,
            )
            .await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        assert_eq!(list().await, json!({"tags": {"b c": ""}}));
        refused(
            &server.call("DELETE", &path, Value::Null).await,
            400,
            "tagKeys",
            "Specify a value for [tagKeys].",
        );
        refused(
            &server.call("POST", &path, json!({})).await,
            400,
            "tags",
            "Specify a value for [tags].",
        );
        // The path's raw colons mean the same.
        assert_eq!(
            server
                .done(
                    "GET",
                    &format!("/v1/tags/{}", arn.as_str().unwrap()),
                    Value::Null
                )
                .await,
            json!({"tags": {"b c": ""}})
        );
    }
    let id = broker["brokerId"].as_str().unwrap();
    assert_eq!(server.describe(id).await["tags"], json!({"b c": ""}));
}

#[tokio::test]
async fn an_arn_that_is_not_a_resources_own_has_no_tags() {
    let server = Server::start().await;
    let broker = server.broker(activemq("b")).await;
    for arn in [
        format!("arn:aws:mq:us-east-1:{ACCOUNT}:broker:other:{broker}"),
        format!("arn:aws:mq:us-west-2:{ACCOUNT}:broker:b:{broker}"),
        format!(
            "arn:aws:mq:us-east-1:{ACCOUNT}:configuration:c-00000000-0000-4000-8000-000000000000"
        ),
    ] {
        let reply = server.call("GET", &encoded(&arn), Value::Null).await;
        refused(
            &reply,
            404,
            "resource-arn",
            &format!("Can't find requested resource [{arn}]. Make sure your resource exists."),
        );
    }
    let reply = server.call("GET", "/v1/tags/nonsense", Value::Null).await;
    refused(
        &reply,
        400,
        "resource-arn",
        "Resource ARN [nonsense] is invalid. Use the ARN of a broker or of a configuration.",
    );
}
