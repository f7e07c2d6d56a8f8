//! AWS IAM's shapes, as its service model (2010-05-08) names them. Members of requests are all optional here: what is
//! required and what is well-formed is decided by the handlers, with AWS's own messages.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// What an operation without output answers. It is written as nothing at all, where an output without members is an empty
/// element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing;

/// `SummaryMap` of the service model: a map is written as entries of key and value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SummaryMap {
    /// The entries.
    pub entry: Vec<SummaryEntry>,
}

/// One entry of [`SummaryMap`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SummaryEntry {
    /// What is counted.
    pub key: String,
    /// How many there are, or may be.
    pub value: i64,
}

impl Absent for SummaryMap {}

/// `EvalDecisionDetailsType` of the service model: which kind of policy decided what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EvalDecisionDetails {
    /// The entries.
    pub entry: Vec<EvalDecisionDetail>,
}

/// One entry of [`EvalDecisionDetails`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EvalDecisionDetail {
    /// The kind of policy.
    pub key: String,
    /// What its policies decide.
    pub value: String,
}

impl Absent for EvalDecisionDetails {}

/// Whether a member is left out of an answer.
trait Absent {
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {}
impl Absent for String {}
impl Absent for Secret {}
impl Absent for i64 {}
impl Absent for bool {}

macro_rules! shapes {
    ($( $name:ident { $( $field:ident: $type:ty = $wire:literal ),* $(,)? } )*) => { $(
        #[doc = concat!("`", stringify!($name), "` of the service model.")]
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        pub struct $name { $(
            #[doc = concat!("`", $wire, "`.")]
            #[serde(rename = $wire, default, skip_serializing_if = "Absent::is_absent")]
            pub $field: $type,
        )* }

        impl Absent for $name {}
    )* };
}

// Shapes of several operations.
shapes! {
    Tag { key: Option<String> = "Key", value: Option<String> = "Value" }
    User {
        path: Option<String> = "Path", user_name: Option<String> = "UserName", user_id: String = "UserId",
        arn: String = "Arn", create_date: String = "CreateDate",
        password_last_used: Option<String> = "PasswordLastUsed",
        permissions_boundary: Option<AttachedPermissionsBoundary> = "PermissionsBoundary",
        tags: Option<Vec<Tag>> = "Tags",
    }
    AccessKey {
        user_name: Option<String> = "UserName", access_key_id: String = "AccessKeyId", status: String = "Status",
        secret_access_key: Secret = "SecretAccessKey", create_date: Option<String> = "CreateDate",
    }
    AccessKeyMetadata {
        user_name: Option<String> = "UserName", access_key_id: String = "AccessKeyId", status: String = "Status",
        create_date: String = "CreateDate",
    }
    Policy {
        policy_name: String = "PolicyName", policy_id: String = "PolicyId", arn: String = "Arn",
        path: String = "Path", default_version_id: String = "DefaultVersionId",
        attachment_count: i64 = "AttachmentCount",
        permissions_boundary_usage_count: i64 = "PermissionsBoundaryUsageCount", is_attachable: bool = "IsAttachable",
        description: Option<String> = "Description", create_date: String = "CreateDate",
        update_date: String = "UpdateDate", tags: Option<Vec<Tag>> = "Tags",
    }
    AttachedPolicy { policy_name: String = "PolicyName", policy_arn: String = "PolicyArn" }
    Group {
        path: String = "Path", group_name: String = "GroupName", group_id: String = "GroupId", arn: String = "Arn",
        create_date: String = "CreateDate",
    }
    PolicyVersion {
        document: Option<String> = "Document", version_id: String = "VersionId",
        is_default_version: bool = "IsDefaultVersion", create_date: String = "CreateDate",
    }
    PolicyGroup { group_name: String = "GroupName", group_id: String = "GroupId" }
    PolicyUser { user_name: String = "UserName", user_id: String = "UserId" }
    PolicyRole { role_name: String = "RoleName", role_id: String = "RoleId" }
    AccessKeyLastUsed {
        last_used_date: Option<String> = "LastUsedDate", service_name: String = "ServiceName",
        region: String = "Region",
    }
    Role {
        path: String = "Path", role_name: String = "RoleName", role_id: String = "RoleId", arn: String = "Arn",
        create_date: String = "CreateDate", assume_role_policy_document: Option<String> = "AssumeRolePolicyDocument",
        description: Option<String> = "Description", max_session_duration: Option<i64> = "MaxSessionDuration",
        permissions_boundary: Option<AttachedPermissionsBoundary> = "PermissionsBoundary",
        tags: Option<Vec<Tag>> = "Tags", role_last_used: Option<RoleLastUsed> = "RoleLastUsed",
    }
    DeletionTaskFailureReasonType {
        reason: Option<String> = "Reason", role_usage_list: Vec<RoleUsageType> = "RoleUsageList",
    }
    InstanceProfile {
        path: String = "Path", instance_profile_name: String = "InstanceProfileName",
        instance_profile_id: String = "InstanceProfileId", arn: String = "Arn", create_date: String = "CreateDate",
        roles: Vec<Role> = "Roles", tags: Option<Vec<Tag>> = "Tags",
    }
    PasswordPolicy {
        minimum_password_length: i64 = "MinimumPasswordLength", require_symbols: bool = "RequireSymbols",
        require_numbers: bool = "RequireNumbers", require_uppercase_characters: bool = "RequireUppercaseCharacters",
        require_lowercase_characters: bool = "RequireLowercaseCharacters",
        allow_users_to_change_password: bool = "AllowUsersToChangePassword",
        expire_passwords: bool = "ExpirePasswords", max_password_age: Option<i64> = "MaxPasswordAge",
        password_reuse_prevention: Option<i64> = "PasswordReusePrevention", hard_expiry: Option<bool> = "HardExpiry",
    }
    UserDetail {
        path: String = "Path", user_name: String = "UserName", user_id: String = "UserId", arn: String = "Arn",
        create_date: String = "CreateDate", user_policy_list: Vec<PolicyDetail> = "UserPolicyList",
        group_list: Vec<String> = "GroupList",
        attached_managed_policies: Vec<AttachedPolicy> = "AttachedManagedPolicies",
        permissions_boundary: Option<AttachedPermissionsBoundary> = "PermissionsBoundary",
        tags: Option<Vec<Tag>> = "Tags",
    }
    GroupDetail {
        path: String = "Path", group_name: String = "GroupName", group_id: String = "GroupId", arn: String = "Arn",
        create_date: String = "CreateDate", group_policy_list: Vec<PolicyDetail> = "GroupPolicyList",
        attached_managed_policies: Vec<AttachedPolicy> = "AttachedManagedPolicies",
    }
    RoleDetail {
        path: String = "Path", role_name: String = "RoleName", role_id: String = "RoleId", arn: String = "Arn",
        create_date: String = "CreateDate", assume_role_policy_document: String = "AssumeRolePolicyDocument",
        instance_profile_list: Vec<InstanceProfile> = "InstanceProfileList",
        role_policy_list: Vec<PolicyDetail> = "RolePolicyList",
        attached_managed_policies: Vec<AttachedPolicy> = "AttachedManagedPolicies",
        permissions_boundary: Option<AttachedPermissionsBoundary> = "PermissionsBoundary",
        tags: Option<Vec<Tag>> = "Tags", role_last_used: RoleLastUsed = "RoleLastUsed",
    }
    ManagedPolicyDetail {
        policy_name: String = "PolicyName", policy_id: String = "PolicyId", arn: String = "Arn",
        path: String = "Path", default_version_id: String = "DefaultVersionId",
        attachment_count: i64 = "AttachmentCount",
        permissions_boundary_usage_count: i64 = "PermissionsBoundaryUsageCount", is_attachable: bool = "IsAttachable",
        description: Option<String> = "Description", create_date: String = "CreateDate",
        update_date: String = "UpdateDate", policy_version_list: Vec<PolicyVersion> = "PolicyVersionList",
    }
    LoginProfile {
        user_name: String = "UserName", create_date: String = "CreateDate",
        password_reset_required: Option<bool> = "PasswordResetRequired",
    }
    OpenIDConnectProviderListEntry { arn: String = "Arn" }
    SAMLProviderListEntry {
        arn: String = "Arn", valid_until: Option<String> = "ValidUntil", create_date: String = "CreateDate",
    }
    AttachedPermissionsBoundary {
        permissions_boundary_type: String = "PermissionsBoundaryType",
        permissions_boundary_arn: String = "PermissionsBoundaryArn",
    }
    RoleLastUsed { last_used_date: Option<String> = "LastUsedDate", region: Option<String> = "Region" }
    RoleUsageType { region: String = "Region", resources: Vec<String> = "Resources" }
    PolicyDetail { policy_name: String = "PolicyName", policy_document: String = "PolicyDocument" }
    ContextEntry {
        context_key_name: Option<String> = "ContextKeyName",
        context_key_values: Option<Vec<String>> = "ContextKeyValues",
        context_key_type: Option<String> = "ContextKeyType",
    }
    InlinePolicyIdentifier {
        policy_name: Option<String> = "PolicyName", attachment_type: Option<String> = "AttachmentType",
        attachment_name: Option<String> = "AttachmentName",
    }
    PolicyIdentifier {
        policy_type: Option<String> = "PolicyType", policy_arn: Option<String> = "PolicyArn",
        inline_policy_identifier: Option<InlinePolicyIdentifier> = "InlinePolicyIdentifier",
    }
    Position { line: i64 = "Line", column: i64 = "Column" }
    Statement {
        source_policy_id: String = "SourcePolicyId", source_policy_type: String = "SourcePolicyType",
        start_position: Option<Position> = "StartPosition", end_position: Option<Position> = "EndPosition",
    }
    PermissionsBoundaryDecisionDetail { allowed_by_permissions_boundary: bool = "AllowedByPermissionsBoundary" }
    ResourceSpecificResult {
        eval_resource_name: String = "EvalResourceName", eval_resource_decision: String = "EvalResourceDecision",
        matched_statements: Vec<Statement> = "MatchedStatements",
        missing_context_values: Vec<String> = "MissingContextValues",
        eval_decision_details: Option<EvalDecisionDetails> = "EvalDecisionDetails",
        permissions_boundary_decision_detail: Option<PermissionsBoundaryDecisionDetail>
            = "PermissionsBoundaryDecisionDetail",
    }
    EvaluationResult {
        eval_action_name: String = "EvalActionName", eval_resource_name: String = "EvalResourceName",
        eval_decision: String = "EvalDecision", matched_statements: Vec<Statement> = "MatchedStatements",
        missing_context_values: Vec<String> = "MissingContextValues",
        permissions_boundary_decision_detail: Option<PermissionsBoundaryDecisionDetail>
            = "PermissionsBoundaryDecisionDetail",
        eval_decision_details: Option<EvalDecisionDetails> = "EvalDecisionDetails",
        resource_specific_results: Option<Vec<ResourceSpecificResult>> = "ResourceSpecificResults",
    }
}

// What each operation takes and answers.
shapes! {
    CreateUserRequest {
        path: Option<String> = "Path", user_name: Option<String> = "UserName",
        permissions_boundary: Option<String> = "PermissionsBoundary", tags: Option<Vec<Tag>> = "Tags",
    }
    CreateUserResponse { user: User = "User" }
    GetUserRequest { user_name: Option<String> = "UserName" }
    GetUserResponse { user: User = "User" }
    DeleteUserRequest { user_name: Option<String> = "UserName" }
    ListUsersRequest {
        path_prefix: Option<String> = "PathPrefix", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListUsersResponse {
        users: Vec<User> = "Users", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateAccessKeyRequest { user_name: Option<String> = "UserName" }
    CreateAccessKeyResponse { access_key: AccessKey = "AccessKey" }
    DeleteAccessKeyRequest { user_name: Option<String> = "UserName", access_key_id: Option<String> = "AccessKeyId" }
    ListAccessKeysRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListAccessKeysResponse {
        access_key_metadata: Vec<AccessKeyMetadata> = "AccessKeyMetadata", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    UpdateAccessKeyRequest {
        user_name: Option<String> = "UserName", access_key_id: Option<String> = "AccessKeyId",
        status: Option<String> = "Status",
    }
    PutUserPolicyRequest {
        user_name: Option<String> = "UserName", policy_name: Option<String> = "PolicyName",
        policy_document: Option<String> = "PolicyDocument",
    }
    GetUserPolicyRequest { user_name: Option<String> = "UserName", policy_name: Option<String> = "PolicyName" }
    GetUserPolicyResponse {
        user_name: String = "UserName", policy_name: String = "PolicyName",
        policy_document: String = "PolicyDocument",
    }
    DeleteUserPolicyRequest { user_name: Option<String> = "UserName", policy_name: Option<String> = "PolicyName" }
    ListUserPoliciesRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListUserPoliciesResponse {
        policy_names: Vec<String> = "PolicyNames", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    CreatePolicyRequest {
        policy_name: Option<String> = "PolicyName", path: Option<String> = "Path",
        policy_document: Option<String> = "PolicyDocument", description: Option<String> = "Description",
        tags: Option<Vec<Tag>> = "Tags",
    }
    CreatePolicyResponse { policy: Policy = "Policy" }
    GetPolicyRequest { policy_arn: Option<String> = "PolicyArn" }
    GetPolicyResponse { policy: Policy = "Policy" }
    AttachUserPolicyRequest { user_name: Option<String> = "UserName", policy_arn: Option<String> = "PolicyArn" }
    DetachUserPolicyRequest { user_name: Option<String> = "UserName", policy_arn: Option<String> = "PolicyArn" }
    ListAttachedUserPoliciesRequest {
        user_name: Option<String> = "UserName", path_prefix: Option<String> = "PathPrefix",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListAttachedUserPoliciesResponse {
        attached_policies: Vec<AttachedPolicy> = "AttachedPolicies", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    CreateGroupRequest { path: Option<String> = "Path", group_name: Option<String> = "GroupName" }
    CreateGroupResponse { group: Group = "Group" }
    GetGroupRequest {
        group_name: Option<String> = "GroupName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    GetGroupResponse {
        group: Group = "Group", users: Vec<User> = "Users", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    ListGroupsRequest {
        path_prefix: Option<String> = "PathPrefix", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListGroupsResponse {
        groups: Vec<Group> = "Groups", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    UpdateGroupRequest {
        group_name: Option<String> = "GroupName", new_path: Option<String> = "NewPath",
        new_group_name: Option<String> = "NewGroupName",
    }
    DeleteGroupRequest { group_name: Option<String> = "GroupName" }
    AddUserToGroupRequest { group_name: Option<String> = "GroupName", user_name: Option<String> = "UserName" }
    RemoveUserFromGroupRequest { group_name: Option<String> = "GroupName", user_name: Option<String> = "UserName" }
    ListGroupsForUserRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListGroupsForUserResponse {
        groups: Vec<Group> = "Groups", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    PutGroupPolicyRequest {
        group_name: Option<String> = "GroupName", policy_name: Option<String> = "PolicyName",
        policy_document: Option<String> = "PolicyDocument",
    }
    GetGroupPolicyRequest { group_name: Option<String> = "GroupName", policy_name: Option<String> = "PolicyName" }
    GetGroupPolicyResponse {
        group_name: String = "GroupName", policy_name: String = "PolicyName",
        policy_document: String = "PolicyDocument",
    }
    DeleteGroupPolicyRequest { group_name: Option<String> = "GroupName", policy_name: Option<String> = "PolicyName" }
    ListGroupPoliciesRequest {
        group_name: Option<String> = "GroupName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListGroupPoliciesResponse {
        policy_names: Vec<String> = "PolicyNames", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    AttachGroupPolicyRequest { group_name: Option<String> = "GroupName", policy_arn: Option<String> = "PolicyArn" }
    DetachGroupPolicyRequest { group_name: Option<String> = "GroupName", policy_arn: Option<String> = "PolicyArn" }
    ListAttachedGroupPoliciesRequest {
        group_name: Option<String> = "GroupName", path_prefix: Option<String> = "PathPrefix",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListAttachedGroupPoliciesResponse {
        attached_policies: Vec<AttachedPolicy> = "AttachedPolicies", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    UpdateUserRequest {
        user_name: Option<String> = "UserName", new_path: Option<String> = "NewPath",
        new_user_name: Option<String> = "NewUserName",
    }
    TagUserRequest { user_name: Option<String> = "UserName", tags: Option<Vec<Tag>> = "Tags" }
    UntagUserRequest { user_name: Option<String> = "UserName", tag_keys: Option<Vec<String>> = "TagKeys" }
    ListUserTagsRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListUserTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    PutUserPermissionsBoundaryRequest {
        user_name: Option<String> = "UserName", permissions_boundary: Option<String> = "PermissionsBoundary",
    }
    DeleteUserPermissionsBoundaryRequest { user_name: Option<String> = "UserName" }
    CreatePolicyVersionRequest {
        policy_arn: Option<String> = "PolicyArn", policy_document: Option<String> = "PolicyDocument",
        set_as_default: Option<bool> = "SetAsDefault",
    }
    CreatePolicyVersionResponse { policy_version: PolicyVersion = "PolicyVersion" }
    GetPolicyVersionRequest { policy_arn: Option<String> = "PolicyArn", version_id: Option<String> = "VersionId" }
    GetPolicyVersionResponse { policy_version: PolicyVersion = "PolicyVersion" }
    ListPolicyVersionsRequest {
        policy_arn: Option<String> = "PolicyArn", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListPolicyVersionsResponse {
        versions: Vec<PolicyVersion> = "Versions", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    DeletePolicyVersionRequest { policy_arn: Option<String> = "PolicyArn", version_id: Option<String> = "VersionId" }
    SetDefaultPolicyVersionRequest {
        policy_arn: Option<String> = "PolicyArn", version_id: Option<String> = "VersionId",
    }
    DeletePolicyRequest { policy_arn: Option<String> = "PolicyArn" }
    ListPoliciesRequest {
        scope: Option<String> = "Scope", only_attached: Option<bool> = "OnlyAttached",
        path_prefix: Option<String> = "PathPrefix", policy_usage_filter: Option<String> = "PolicyUsageFilter",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListPoliciesResponse {
        policies: Vec<Policy> = "Policies", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    ListEntitiesForPolicyRequest {
        policy_arn: Option<String> = "PolicyArn", entity_filter: Option<String> = "EntityFilter",
        path_prefix: Option<String> = "PathPrefix", policy_usage_filter: Option<String> = "PolicyUsageFilter",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListEntitiesForPolicyResponse {
        policy_groups: Vec<PolicyGroup> = "PolicyGroups", policy_users: Vec<PolicyUser> = "PolicyUsers",
        policy_roles: Vec<PolicyRole> = "PolicyRoles", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    TagPolicyRequest { policy_arn: Option<String> = "PolicyArn", tags: Option<Vec<Tag>> = "Tags" }
    UntagPolicyRequest { policy_arn: Option<String> = "PolicyArn", tag_keys: Option<Vec<String>> = "TagKeys" }
    ListPolicyTagsRequest {
        policy_arn: Option<String> = "PolicyArn", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListPolicyTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    GetAccessKeyLastUsedRequest { access_key_id: Option<String> = "AccessKeyId" }
    GetAccessKeyLastUsedResponse {
        user_name: Option<String> = "UserName", access_key_last_used: Option<AccessKeyLastUsed> = "AccessKeyLastUsed",
    }
    CreateRoleRequest {
        path: Option<String> = "Path", role_name: Option<String> = "RoleName",
        assume_role_policy_document: Option<String> = "AssumeRolePolicyDocument",
        description: Option<String> = "Description", max_session_duration: Option<i64> = "MaxSessionDuration",
        permissions_boundary: Option<String> = "PermissionsBoundary", tags: Option<Vec<Tag>> = "Tags",
    }
    CreateRoleResponse { role: Role = "Role" }
    GetRoleRequest { role_name: Option<String> = "RoleName" }
    GetRoleResponse { role: Role = "Role" }
    ListRolesRequest {
        path_prefix: Option<String> = "PathPrefix", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListRolesResponse {
        roles: Vec<Role> = "Roles", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    UpdateRoleRequest {
        role_name: Option<String> = "RoleName", description: Option<String> = "Description",
        max_session_duration: Option<i64> = "MaxSessionDuration",
    }
    UpdateRoleResponse {}
    UpdateRoleDescriptionRequest { role_name: Option<String> = "RoleName", description: Option<String> = "Description" }
    UpdateRoleDescriptionResponse { role: Role = "Role" }
    DeleteRoleRequest { role_name: Option<String> = "RoleName" }
    UpdateAssumeRolePolicyRequest {
        role_name: Option<String> = "RoleName", policy_document: Option<String> = "PolicyDocument",
    }
    PutRolePolicyRequest {
        role_name: Option<String> = "RoleName", policy_name: Option<String> = "PolicyName",
        policy_document: Option<String> = "PolicyDocument",
    }
    GetRolePolicyRequest { role_name: Option<String> = "RoleName", policy_name: Option<String> = "PolicyName" }
    GetRolePolicyResponse {
        role_name: String = "RoleName", policy_name: String = "PolicyName",
        policy_document: String = "PolicyDocument",
    }
    DeleteRolePolicyRequest { role_name: Option<String> = "RoleName", policy_name: Option<String> = "PolicyName" }
    ListRolePoliciesRequest {
        role_name: Option<String> = "RoleName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListRolePoliciesResponse {
        policy_names: Vec<String> = "PolicyNames", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    AttachRolePolicyRequest { role_name: Option<String> = "RoleName", policy_arn: Option<String> = "PolicyArn" }
    DetachRolePolicyRequest { role_name: Option<String> = "RoleName", policy_arn: Option<String> = "PolicyArn" }
    ListAttachedRolePoliciesRequest {
        role_name: Option<String> = "RoleName", path_prefix: Option<String> = "PathPrefix",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListAttachedRolePoliciesResponse {
        attached_policies: Vec<AttachedPolicy> = "AttachedPolicies", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    PutRolePermissionsBoundaryRequest {
        role_name: Option<String> = "RoleName", permissions_boundary: Option<String> = "PermissionsBoundary",
    }
    DeleteRolePermissionsBoundaryRequest { role_name: Option<String> = "RoleName" }
    TagRoleRequest { role_name: Option<String> = "RoleName", tags: Option<Vec<Tag>> = "Tags" }
    UntagRoleRequest { role_name: Option<String> = "RoleName", tag_keys: Option<Vec<String>> = "TagKeys" }
    ListRoleTagsRequest {
        role_name: Option<String> = "RoleName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListRoleTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateServiceLinkedRoleRequest {
        aws_service_name: Option<String> = "AWSServiceName", description: Option<String> = "Description",
        custom_suffix: Option<String> = "CustomSuffix",
    }
    CreateServiceLinkedRoleResponse { role: Role = "Role" }
    DeleteServiceLinkedRoleRequest { role_name: Option<String> = "RoleName" }
    DeleteServiceLinkedRoleResponse { deletion_task_id: String = "DeletionTaskId" }
    GetServiceLinkedRoleDeletionStatusRequest { deletion_task_id: Option<String> = "DeletionTaskId" }
    GetServiceLinkedRoleDeletionStatusResponse {
        status: String = "Status", reason: Option<DeletionTaskFailureReasonType> = "Reason",
    }
    ListInstanceProfilesForRoleRequest {
        role_name: Option<String> = "RoleName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListInstanceProfilesForRoleResponse {
        instance_profiles: Vec<InstanceProfile> = "InstanceProfiles", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    CreateInstanceProfileRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", path: Option<String> = "Path",
        tags: Option<Vec<Tag>> = "Tags",
    }
    CreateInstanceProfileResponse { instance_profile: InstanceProfile = "InstanceProfile" }
    GetInstanceProfileRequest { instance_profile_name: Option<String> = "InstanceProfileName" }
    GetInstanceProfileResponse { instance_profile: InstanceProfile = "InstanceProfile" }
    ListInstanceProfilesRequest {
        path_prefix: Option<String> = "PathPrefix", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListInstanceProfilesResponse {
        instance_profiles: Vec<InstanceProfile> = "InstanceProfiles", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    DeleteInstanceProfileRequest { instance_profile_name: Option<String> = "InstanceProfileName" }
    AddRoleToInstanceProfileRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", role_name: Option<String> = "RoleName",
    }
    RemoveRoleFromInstanceProfileRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", role_name: Option<String> = "RoleName",
    }
    TagInstanceProfileRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", tags: Option<Vec<Tag>> = "Tags",
    }
    UntagInstanceProfileRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", tag_keys: Option<Vec<String>> = "TagKeys",
    }
    ListInstanceProfileTagsRequest {
        instance_profile_name: Option<String> = "InstanceProfileName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListInstanceProfileTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateAccountAliasRequest { account_alias: Option<String> = "AccountAlias" }
    ListAccountAliasesRequest { marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems" }
    ListAccountAliasesResponse {
        account_aliases: Vec<String> = "AccountAliases", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    DeleteAccountAliasRequest { account_alias: Option<String> = "AccountAlias" }
    GetAccountSummaryRequest {}
    GetAccountSummaryResponse { summary_map: Option<SummaryMap> = "SummaryMap" }
    GetAccountPasswordPolicyRequest {}
    GetAccountPasswordPolicyResponse { password_policy: PasswordPolicy = "PasswordPolicy" }
    UpdateAccountPasswordPolicyRequest {
        minimum_password_length: Option<i64> = "MinimumPasswordLength",
        require_symbols: Option<bool> = "RequireSymbols", require_numbers: Option<bool> = "RequireNumbers",
        require_uppercase_characters: Option<bool> = "RequireUppercaseCharacters",
        require_lowercase_characters: Option<bool> = "RequireLowercaseCharacters",
        allow_users_to_change_password: Option<bool> = "AllowUsersToChangePassword",
        max_password_age: Option<i64> = "MaxPasswordAge",
        password_reuse_prevention: Option<i64> = "PasswordReusePrevention", hard_expiry: Option<bool> = "HardExpiry",
    }
    DeleteAccountPasswordPolicyRequest {}
    GetAccountAuthorizationDetailsRequest {
        filter: Option<Vec<String>> = "Filter", max_items: Option<i64> = "MaxItems",
        marker: Option<String> = "Marker",
    }
    GetAccountAuthorizationDetailsResponse {
        user_detail_list: Vec<UserDetail> = "UserDetailList", group_detail_list: Vec<GroupDetail> = "GroupDetailList",
        role_detail_list: Vec<RoleDetail> = "RoleDetailList", policies: Vec<ManagedPolicyDetail> = "Policies",
        is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateLoginProfileRequest {
        user_name: Option<String> = "UserName", password: Option<Secret> = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
    }
    CreateLoginProfileResponse { login_profile: LoginProfile = "LoginProfile" }
    GetLoginProfileRequest { user_name: Option<String> = "UserName" }
    GetLoginProfileResponse { login_profile: LoginProfile = "LoginProfile" }
    UpdateLoginProfileRequest {
        user_name: Option<String> = "UserName", password: Option<Secret> = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
    }
    DeleteLoginProfileRequest { user_name: Option<String> = "UserName" }
    ChangePasswordRequest { old_password: Option<Secret> = "OldPassword", new_password: Option<Secret> = "NewPassword" }
    GenerateCredentialReportRequest {}
    GenerateCredentialReportResponse { state: String = "State", description: Option<String> = "Description" }
    GetCredentialReportRequest {}
    GetCredentialReportResponse {
        content: String = "Content", report_format: String = "ReportFormat", generated_time: String = "GeneratedTime",
    }
    ListSSHPublicKeysRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListSSHPublicKeysResponse {
        ssh_public_keys: Vec<Nothing> = "SSHPublicKeys", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    ListMFADevicesRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListMFADevicesResponse {
        mfa_devices: Vec<Nothing> = "MFADevices", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    ListVirtualMFADevicesRequest {
        assignment_status: Option<String> = "AssignmentStatus", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListVirtualMFADevicesResponse {
        virtual_mfa_devices: Vec<Nothing> = "VirtualMFADevices", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    ListSigningCertificatesRequest {
        user_name: Option<String> = "UserName", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListSigningCertificatesResponse {
        certificates: Vec<Nothing> = "Certificates", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    ListServiceSpecificCredentialsRequest {
        user_name: Option<String> = "UserName", service_name: Option<String> = "ServiceName",
        marker: Option<String> = "Marker", max_items: Option<i64> = "MaxItems",
    }
    ListServiceSpecificCredentialsResponse {
        service_specific_credentials: Vec<Nothing> = "ServiceSpecificCredentials", marker: Option<String> = "Marker",
        is_truncated: bool = "IsTruncated",
    }
    ListServerCertificatesRequest {
        path_prefix: Option<String> = "PathPrefix", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListServerCertificatesResponse {
        server_certificate_metadata_list: Vec<Nothing> = "ServerCertificateMetadataList",
        is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateOpenIDConnectProviderRequest {
        url: Option<String> = "Url", client_id_list: Option<Vec<String>> = "ClientIDList",
        thumbprint_list: Option<Vec<String>> = "ThumbprintList", tags: Option<Vec<Tag>> = "Tags",
    }
    CreateOpenIDConnectProviderResponse {
        openid_connect_provider_arn: String = "OpenIDConnectProviderArn", tags: Option<Vec<Tag>> = "Tags",
    }
    GetOpenIDConnectProviderRequest { openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn" }
    GetOpenIDConnectProviderResponse {
        url: String = "Url", client_id_list: Vec<String> = "ClientIDList",
        thumbprint_list: Vec<String> = "ThumbprintList", create_date: String = "CreateDate",
        tags: Option<Vec<Tag>> = "Tags",
    }
    ListOpenIDConnectProvidersRequest {}
    ListOpenIDConnectProvidersResponse {
        openid_connect_provider_list: Vec<OpenIDConnectProviderListEntry> = "OpenIDConnectProviderList",
    }
    DeleteOpenIDConnectProviderRequest { openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn" }
    UpdateOpenIDConnectProviderThumbprintRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn",
        thumbprint_list: Option<Vec<String>> = "ThumbprintList",
    }
    AddClientIDToOpenIDConnectProviderRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn",
        client_id: Option<String> = "ClientID",
    }
    RemoveClientIDFromOpenIDConnectProviderRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn",
        client_id: Option<String> = "ClientID",
    }
    TagOpenIDConnectProviderRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn", tags: Option<Vec<Tag>> = "Tags",
    }
    UntagOpenIDConnectProviderRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn",
        tag_keys: Option<Vec<String>> = "TagKeys",
    }
    ListOpenIDConnectProviderTagsRequest {
        openid_connect_provider_arn: Option<String> = "OpenIDConnectProviderArn", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListOpenIDConnectProviderTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    CreateSAMLProviderRequest {
        saml_metadata_document: Option<String> = "SAMLMetadataDocument", name: Option<String> = "Name",
        tags: Option<Vec<Tag>> = "Tags",
    }
    CreateSAMLProviderResponse { saml_provider_arn: String = "SAMLProviderArn", tags: Option<Vec<Tag>> = "Tags" }
    GetSAMLProviderRequest { saml_provider_arn: Option<String> = "SAMLProviderArn" }
    GetSAMLProviderResponse {
        saml_provider_uuid: String = "SAMLProviderUUID", saml_metadata_document: String = "SAMLMetadataDocument",
        create_date: String = "CreateDate", valid_until: Option<String> = "ValidUntil",
        tags: Option<Vec<Tag>> = "Tags",
    }
    ListSAMLProvidersRequest {}
    ListSAMLProvidersResponse { saml_provider_list: Vec<SAMLProviderListEntry> = "SAMLProviderList" }
    UpdateSAMLProviderRequest {
        saml_metadata_document: Option<String> = "SAMLMetadataDocument",
        saml_provider_arn: Option<String> = "SAMLProviderArn",
    }
    UpdateSAMLProviderResponse { saml_provider_arn: String = "SAMLProviderArn" }
    DeleteSAMLProviderRequest { saml_provider_arn: Option<String> = "SAMLProviderArn" }
    TagSAMLProviderRequest { saml_provider_arn: Option<String> = "SAMLProviderArn", tags: Option<Vec<Tag>> = "Tags" }
    UntagSAMLProviderRequest {
        saml_provider_arn: Option<String> = "SAMLProviderArn", tag_keys: Option<Vec<String>> = "TagKeys",
    }
    ListSAMLProviderTagsRequest {
        saml_provider_arn: Option<String> = "SAMLProviderArn", marker: Option<String> = "Marker",
        max_items: Option<i64> = "MaxItems",
    }
    ListSAMLProviderTagsResponse {
        tags: Vec<Tag> = "Tags", is_truncated: bool = "IsTruncated", marker: Option<String> = "Marker",
    }
    SimulateCustomPolicyRequest {
        policy_input_list: Option<Vec<String>> = "PolicyInputList",
        permissions_boundary_policy_input_list: Option<Vec<String>> = "PermissionsBoundaryPolicyInputList",
        action_names: Option<Vec<String>> = "ActionNames", resource_arns: Option<Vec<String>> = "ResourceArns",
        resource_policy: Option<String> = "ResourcePolicy", resource_owner: Option<String> = "ResourceOwner",
        caller_arn: Option<String> = "CallerArn", context_entries: Option<Vec<ContextEntry>> = "ContextEntries",
        resource_handling_option: Option<String> = "ResourceHandlingOption", max_items: Option<i64> = "MaxItems",
        marker: Option<String> = "Marker",
    }
    SimulatePrincipalPolicyRequest {
        policy_source_arn: Option<String> = "PolicySourceArn",
        policy_exclusion_list: Option<Vec<PolicyIdentifier>> = "PolicyExclusionList",
        policy_input_list: Option<Vec<String>> = "PolicyInputList",
        permissions_boundary_policy_input_list: Option<Vec<String>> = "PermissionsBoundaryPolicyInputList",
        action_names: Option<Vec<String>> = "ActionNames", resource_arns: Option<Vec<String>> = "ResourceArns",
        resource_policy: Option<String> = "ResourcePolicy", resource_owner: Option<String> = "ResourceOwner",
        caller_arn: Option<String> = "CallerArn", context_entries: Option<Vec<ContextEntry>> = "ContextEntries",
        resource_handling_option: Option<String> = "ResourceHandlingOption", max_items: Option<i64> = "MaxItems",
        marker: Option<String> = "Marker",
    }
    SimulatePolicyResponse {
        evaluation_results: Vec<EvaluationResult> = "EvaluationResults", is_truncated: bool = "IsTruncated",
        marker: Option<String> = "Marker",
    }
    GetContextKeysForCustomPolicyRequest { policy_input_list: Option<Vec<String>> = "PolicyInputList" }
    GetContextKeysForPrincipalPolicyRequest {
        policy_source_arn: Option<String> = "PolicySourceArn",
        policy_input_list: Option<Vec<String>> = "PolicyInputList",
    }
    GetContextKeysForPolicyResponse { context_key_names: Vec<String> = "ContextKeyNames" }
}
