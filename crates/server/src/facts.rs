//! What is known of a request besides its caller: it becomes condition keys and the audit record. Only what was signed, the
//! socket and the server itself decide; the user agent and the referer are carried because AWS has keys for them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use api::row::{Resource, Row, Service};
use api::table::OperationId;
use serde_json::Value;

/// What is known of a request.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row of the operation.
    pub row: &'static Row,
    /// The region that is served.
    pub region: String,
    /// When it came, in milliseconds since the Unix epoch.
    pub now: i64,
    /// The peer's address.
    pub source_ip: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
    /// The `User-Agent` header. Anyone can write anything there.
    pub user_agent: Option<String>,
    /// The `Referer` header.
    pub referer: Option<String>,
    /// The request's members: what the operation's input is read from. Null where the body could not be read.
    pub members: Value,
    /// The request's id.
    pub request_id: String,
}

impl Facts {
    /// A member that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    /// The texts of a member that is a text or a list of them.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.members.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The tags of EC2's dialect: of what is made with them, or of CreateTags and DeleteTags.
    fn network_tags(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        fn lists(members: &Value) -> Option<&Vec<Value>> {
            members.get("tag")?.as_array()
        }
        let specifications = self
            .members
            .get("tagSpecification")
            .and_then(Value::as_array);
        lists(&self.members)
            .into_iter()
            .chain(specifications.into_iter().flatten().filter_map(lists))
            .flatten()
            .filter_map(|tag| {
                let value = tag.get("value").and_then(Value::as_str);
                Some((tag.get("key")?.as_str()?, value))
            })
    }

    /// The tags that the request carries: `tags` of mq, `Tags` of iam, `Tag` and `TagSpecification` of ec2. A tag of EC2
    /// without a value has an empty one; where tags are removed, those without a value are asked for in any.
    pub fn request_tags(&self) -> BTreeMap<&str, &str> {
        if self.row.service == Service::Ec2 {
            let removes = self.row.id == OperationId::Ec2DeleteTags;
            return self
                .network_tags()
                .filter(|(_, value)| value.is_some() || !removes)
                .map(|(key, value)| (key, value.unwrap_or_default()))
                .collect();
        }
        if let Some(Value::Object(tags)) = self.members.get("tags") {
            return tags
                .iter()
                .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
                .collect();
        }
        if let Some(Value::Array(tags)) = self.members.get("tags") {
            return tags
                .iter()
                .filter_map(|tag| Some((tag.get("key")?.as_str()?, tag.get("value")?.as_str()?)))
                .collect();
        }
        BTreeMap::new()
    }

    /// The tag keys that the request names: of the tags it carries, or those to be removed. `None`: it has no such member.
    pub fn tag_keys(&self) -> Option<Vec<&str>> {
        if self.row.service == Service::Ec2 {
            let keys: Vec<&str> = self.network_tags().map(|(key, _)| key).collect();
            return (!keys.is_empty()).then_some(keys);
        }
        if self.members.get("tags").is_some() {
            return Some(self.request_tags().into_keys().collect());
        }
        let keys = self.members.get("tagKeys")?.as_array()?;
        Some(keys.iter().filter_map(Value::as_str).collect())
    }

    /// The text by which the row's resource is named in this request.
    pub fn resource_name(&self) -> Option<&str> {
        match self.row.resource {
            Resource::Any | Resource::Network(_) | Resource::CallingUser => None,
            Resource::Broker(member)
            | Resource::Configuration(member)
            | Resource::Tagged(member) => self.text(member),
            Resource::User(_) | Resource::NewUser => self.text("userName"),
            Resource::KeyOwner(_) => self.text("accessKeyId"),
            Resource::Group(_) | Resource::NewGroup => self.text("groupName"),
            Resource::Role(_) | Resource::NewRole => self.text("roleName"),
            Resource::NewServiceLinkedRole(_) => self.text("aWSServiceName"),
            Resource::OidcProvider(_) => self.text("openIDConnectProviderArn"),
            Resource::NewOidcProvider(_) => self.text("url"),
            Resource::SamlProvider(_) => self.text("sAMLProviderArn"),
            Resource::NewSamlProvider(_) => self.text("name"),
            Resource::InstanceProfile(_) | Resource::NewInstanceProfile => {
                self.text("instanceProfileName")
            }
            Resource::PolicySource(_) => self.text("policySourceArn"),
            Resource::RoleArn(_) => self.text("roleArn"),
            Resource::Federated(_) => self.text("name"),
            Resource::Policy(_) => self.text("policyArn"),
            Resource::NewPolicy => self.text("policyName"),
        }
    }
}
