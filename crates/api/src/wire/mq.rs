//! Amazon MQ's shapes, as its service model (2017-11-27) and REST API reference name them. Members of requests are all optional
//! here: what is required and what is well-formed is decided in one place, the `brokers` crate, with AWS's own messages.
//! Absent members are left out of answers, as the service does; lists that the model requires are sent empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// An answer without members: the empty JSON object.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Empty {}

/// `ActionRequired` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionRequired {
    /// `actionRequiredCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_required_code: Option<String>,
    /// `actionRequiredInfo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_required_info: Option<String>,
}

/// `AvailabilityZone` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityZone {
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `BrokerEngineType` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokerEngineType {
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersions`.
    #[serde(default)]
    pub engine_versions: Vec<EngineVersion>,
}

/// `EngineVersion` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineVersion {
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `BrokerInstance` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokerInstance {
    /// `consoleURL`.
    #[serde(
        rename = "consoleURL",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub console_url: Option<String>,
    /// `endpoints`.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// `ipAddress`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
}

/// `BrokerInstanceOption` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokerInstanceOption {
    /// `availabilityZones`.
    #[serde(default)]
    pub availability_zones: Vec<AvailabilityZone>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `storageType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<String>,
    /// `supportedDeploymentModes`.
    #[serde(default)]
    pub supported_deployment_modes: Vec<String>,
    /// `supportedEngineVersions`.
    #[serde(default)]
    pub supported_engine_versions: Vec<String>,
}

/// `BrokerSummary` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokerSummary {
    /// `brokerArn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_arn: Option<String>,
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `brokerName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_name: Option<String>,
    /// `brokerState`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_state: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `deploymentMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_mode: Option<String>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
}

/// `Configuration` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// `arn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `latestRevision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_revision: Option<ConfigurationRevision>,
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `tags`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// `ConfigurationId` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationId {
    /// `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `revision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// `ConfigurationRevision` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationRevision {
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `revision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// `Configurations` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configurations {
    /// `current`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<ConfigurationId>,
    /// `history`.
    #[serde(default)]
    pub history: Vec<ConfigurationId>,
    /// `pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<ConfigurationId>,
}

/// `DataReplicationCounterpart` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataReplicationCounterpart {
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `region`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// `DataReplicationMetadataOutput` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataReplicationMetadataOutput {
    /// `dataReplicationCounterpart`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_counterpart: Option<DataReplicationCounterpart>,
    /// `dataReplicationRole`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_role: Option<String>,
}

/// `EncryptionOptions` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EncryptionOptions {
    /// `kmsKeyId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// `useAwsOwnedKey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_aws_owned_key: Option<bool>,
}

/// `LdapServerMetadataInput` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LdapServerMetadataInput {
    /// `hosts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// `roleBase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_base: Option<String>,
    /// `roleName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// `roleSearchMatching`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_search_matching: Option<String>,
    /// `roleSearchSubtree`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_search_subtree: Option<bool>,
    /// `serviceAccountPassword`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_password: Option<Secret>,
    /// `serviceAccountUsername`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_username: Option<String>,
    /// `userBase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_base: Option<String>,
    /// `userRoleName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_role_name: Option<String>,
    /// `userSearchMatching`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_search_matching: Option<String>,
    /// `userSearchSubtree`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_search_subtree: Option<bool>,
}

/// `LdapServerMetadataOutput` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LdapServerMetadataOutput {
    /// `hosts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// `roleBase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_base: Option<String>,
    /// `roleName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// `roleSearchMatching`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_search_matching: Option<String>,
    /// `roleSearchSubtree`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_search_subtree: Option<bool>,
    /// `serviceAccountUsername`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_username: Option<String>,
    /// `userBase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_base: Option<String>,
    /// `userRoleName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_role_name: Option<String>,
    /// `userSearchMatching`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_search_matching: Option<String>,
    /// `userSearchSubtree`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_search_subtree: Option<bool>,
}

/// `Logs` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logs {
    /// `audit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<bool>,
    /// `general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general: Option<bool>,
}

/// `LogsSummary` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogsSummary {
    /// `audit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<bool>,
    /// `auditLogGroup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_log_group: Option<String>,
    /// `general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general: Option<bool>,
    /// `generalLogGroup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general_log_group: Option<String>,
    /// `pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingLogs>,
}

/// `PendingLogs` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingLogs {
    /// `audit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<bool>,
    /// `general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general: Option<bool>,
}

/// `SanitizationWarning` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SanitizationWarning {
    /// `attributeName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_name: Option<String>,
    /// `elementName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element_name: Option<String>,
    /// `reason`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `SharedResource` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedResource {
    /// `dnsNames`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_names: Option<Vec<String>>,
    /// `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<SharedResourceError>,
    /// `resourceArn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// `resourceShareArns`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_share_arns: Option<Vec<String>>,
    /// `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `type`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// `SharedResourceError` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedResourceError {
    /// `code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// `User` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// `consoleAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_access: Option<bool>,
    /// `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `replicationUser`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication_user: Option<bool>,
}

/// `UserPendingChanges` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserPendingChanges {
    /// `consoleAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_access: Option<bool>,
    /// `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// `pendingChange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_change: Option<String>,
}

/// `UserSummary` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSummary {
    /// `pendingChange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_change: Option<String>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// `WeeklyStartTime` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeeklyStartTime {
    /// `dayOfWeek`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_week: Option<String>,
    /// `timeOfDay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_of_day: Option<String>,
    /// `timeZone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// `CreateBrokerRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateBrokerRequest {
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `autoMinorVersionUpgrade`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_minor_version_upgrade: Option<bool>,
    /// `brokerName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_name: Option<String>,
    /// `configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ConfigurationId>,
    /// `creatorRequestId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_request_id: Option<String>,
    /// `deploymentMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_mode: Option<String>,
    /// `encryptionOptions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_options: Option<EncryptionOptions>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `ldapServerMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ldap_server_metadata: Option<LdapServerMetadataInput>,
    /// `logs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
    /// `maintenanceWindowStartTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_window_start_time: Option<WeeklyStartTime>,
    /// `publiclyAccessible`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publicly_accessible: Option<bool>,
    /// `securityGroups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<String>>,
    /// `storageSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_size: Option<i64>,
    /// `storageType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<String>,
    /// `subnetIds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet_ids: Option<Vec<String>>,
    /// `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
    /// `users`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<User>>,
    /// `dataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_mode: Option<String>,
    /// `dataReplicationPrimaryBrokerArn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_primary_broker_arn: Option<String>,
}

/// `CreateBrokerResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateBrokerResponse {
    /// `brokerArn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_arn: Option<String>,
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `ListBrokersRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListBrokersRequest {
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListBrokersResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListBrokersResponse {
    /// `brokerSummaries`.
    #[serde(default)]
    pub broker_summaries: Vec<BrokerSummary>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `DescribeBrokerRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `DescribeBrokerResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerResponse {
    /// `actionsRequired`.
    #[serde(default)]
    pub actions_required: Vec<ActionRequired>,
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `autoMinorVersionUpgrade`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_minor_version_upgrade: Option<bool>,
    /// `brokerArn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_arn: Option<String>,
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `brokerInstances`.
    #[serde(default)]
    pub broker_instances: Vec<BrokerInstance>,
    /// `brokerName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_name: Option<String>,
    /// `brokerState`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_state: Option<String>,
    /// `configurations`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configurations: Option<Configurations>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `deploymentMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_mode: Option<String>,
    /// `encryptionOptions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_options: Option<EncryptionOptions>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `ldapServerMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ldap_server_metadata: Option<LdapServerMetadataOutput>,
    /// `logs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<LogsSummary>,
    /// `maintenanceWindowStartTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_window_start_time: Option<WeeklyStartTime>,
    /// `pendingAuthenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_authentication_strategy: Option<String>,
    /// `pendingEngineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_engine_version: Option<String>,
    /// `pendingHostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_host_instance_type: Option<String>,
    /// `pendingLdapServerMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_ldap_server_metadata: Option<LdapServerMetadataOutput>,
    /// `pendingSecurityGroups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_security_groups: Option<Vec<String>>,
    /// `pendingStorageSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_storage_size: Option<i64>,
    /// `publiclyAccessible`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publicly_accessible: Option<bool>,
    /// `securityGroups`.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// `storageSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_size: Option<i64>,
    /// `storageType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<String>,
    /// `subnetIds`.
    #[serde(default)]
    pub subnet_ids: Vec<String>,
    /// `tags`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `users`.
    #[serde(default)]
    pub users: Vec<UserSummary>,
    /// `dataReplicationMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_metadata: Option<DataReplicationMetadataOutput>,
    /// `dataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_mode: Option<String>,
    /// `pendingDataReplicationMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_data_replication_metadata: Option<DataReplicationMetadataOutput>,
    /// `pendingDataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_data_replication_mode: Option<String>,
}

/// `UpdateBrokerRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateBrokerRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `autoMinorVersionUpgrade`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_minor_version_upgrade: Option<bool>,
    /// `configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ConfigurationId>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `ldapServerMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ldap_server_metadata: Option<LdapServerMetadataInput>,
    /// `logs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
    /// `maintenanceWindowStartTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_window_start_time: Option<WeeklyStartTime>,
    /// `resourceShareArns`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_share_arns: Option<Vec<String>>,
    /// `securityGroups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<String>>,
    /// `storageSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_size: Option<i64>,
    /// `dataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_mode: Option<String>,
}

/// `UpdateBrokerResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateBrokerResponse {
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `autoMinorVersionUpgrade`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_minor_version_upgrade: Option<bool>,
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ConfigurationId>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `ldapServerMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ldap_server_metadata: Option<LdapServerMetadataOutput>,
    /// `logs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
    /// `maintenanceWindowStartTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_window_start_time: Option<WeeklyStartTime>,
    /// `resourceShareArns`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_share_arns: Option<Vec<String>>,
    /// `securityGroups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<String>>,
    /// `dataReplicationMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_metadata: Option<DataReplicationMetadataOutput>,
    /// `dataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_replication_mode: Option<String>,
    /// `pendingDataReplicationMetadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_data_replication_metadata: Option<DataReplicationMetadataOutput>,
    /// `pendingDataReplicationMode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_data_replication_mode: Option<String>,
    /// `storageSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_size: Option<i64>,
}

/// `DeleteBrokerRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteBrokerRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `DeleteBrokerResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteBrokerResponse {
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `RebootBrokerRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RebootBrokerRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `PromoteRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromoteRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `mode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

/// `PromoteResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromoteResponse {
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
}

/// `DescribeSharedResourcesRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSharedResourcesRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `DescribeSharedResourcesResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSharedResourcesResponse {
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// `sharedResources`.
    #[serde(default)]
    pub shared_resources: Vec<SharedResource>,
}

/// `CreateUserRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateUserRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `consoleAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_access: Option<bool>,
    /// `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// `replicationUser`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication_user: Option<bool>,
}

/// `ListUsersRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListUsersRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListUsersResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListUsersResponse {
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// `users`.
    #[serde(default)]
    pub users: Vec<UserSummary>,
}

/// `DescribeUserRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeUserRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// `DescribeUserResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeUserResponse {
    /// `brokerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `consoleAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_access: Option<bool>,
    /// `groups`.
    #[serde(default)]
    pub groups: Vec<String>,
    /// `pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<UserPendingChanges>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `replicationUser`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication_user: Option<bool>,
}

/// `UpdateUserRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateUserRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `consoleAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_access: Option<bool>,
    /// `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// `replicationUser`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication_user: Option<bool>,
}

/// `DeleteUserRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteUserRequest {
    /// `broker-id`.
    #[serde(rename = "broker-id", default, skip_serializing_if = "Option::is_none")]
    pub broker_id: Option<String>,
    /// `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// `CreateConfigurationRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateConfigurationRequest {
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// `CreateConfigurationResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateConfigurationResponse {
    /// `arn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `latestRevision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_revision: Option<ConfigurationRevision>,
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `ListConfigurationsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListConfigurationsRequest {
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListConfigurationsResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListConfigurationsResponse {
    /// `configurations`.
    #[serde(default)]
    pub configurations: Vec<Configuration>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `DescribeConfigurationRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeConfigurationRequest {
    /// `configuration-id`.
    #[serde(
        rename = "configuration-id",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_id: Option<String>,
}

/// `DescribeConfigurationResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeConfigurationResponse {
    /// `arn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `authenticationStrategy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_strategy: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `engineVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `latestRevision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_revision: Option<ConfigurationRevision>,
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `tags`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// `UpdateConfigurationRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateConfigurationRequest {
    /// `configuration-id`.
    #[serde(
        rename = "configuration-id",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_id: Option<String>,
    /// `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// `UpdateConfigurationResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateConfigurationResponse {
    /// `arn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `latestRevision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_revision: Option<ConfigurationRevision>,
    /// `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `warnings`.
    #[serde(default)]
    pub warnings: Vec<SanitizationWarning>,
}

/// `DeleteConfigurationRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteConfigurationRequest {
    /// `configuration-id`.
    #[serde(
        rename = "configuration-id",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_id: Option<String>,
}

/// `DeleteConfigurationResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteConfigurationResponse {
    /// `configurationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_id: Option<String>,
}

/// `ListConfigurationRevisionsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListConfigurationRevisionsRequest {
    /// `configuration-id`.
    #[serde(
        rename = "configuration-id",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_id: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListConfigurationRevisionsResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListConfigurationRevisionsResponse {
    /// `configurationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_id: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// `revisions`.
    #[serde(default)]
    pub revisions: Vec<ConfigurationRevision>,
}

/// `DescribeConfigurationRevisionRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeConfigurationRevisionRequest {
    /// `configuration-id`.
    #[serde(
        rename = "configuration-id",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_id: Option<String>,
    /// `configuration-revision`.
    #[serde(
        rename = "configuration-revision",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub configuration_revision: Option<String>,
}

/// `DescribeConfigurationRevisionResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeConfigurationRevisionResponse {
    /// `configurationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_id: Option<String>,
    /// `created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// `CreateTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateTagsRequest {
    /// `resource-arn`.
    #[serde(
        rename = "resource-arn",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub resource_arn: Option<String>,
    /// `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// `ListTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTagsRequest {
    /// `resource-arn`.
    #[serde(
        rename = "resource-arn",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub resource_arn: Option<String>,
}

/// `ListTagsResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTagsResponse {
    /// `tags`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// `DeleteTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteTagsRequest {
    /// `resource-arn`.
    #[serde(
        rename = "resource-arn",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub resource_arn: Option<String>,
    /// `tagKeys`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

/// `DescribeBrokerEngineTypesRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerEngineTypesRequest {
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `DescribeBrokerEngineTypesResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerEngineTypesResponse {
    /// `brokerEngineTypes`.
    #[serde(default)]
    pub broker_engine_types: Vec<BrokerEngineType>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `DescribeBrokerInstanceOptionsRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerInstanceOptionsRequest {
    /// `engineType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_type: Option<String>,
    /// `hostInstanceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_instance_type: Option<String>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// `storageType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<String>,
}

/// `DescribeBrokerInstanceOptionsResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeBrokerInstanceOptionsResponse {
    /// `brokerInstanceOptions`.
    #[serde(default)]
    pub broker_instance_options: Vec<BrokerInstanceOption>,
    /// `maxResults`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    /// `nextToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
