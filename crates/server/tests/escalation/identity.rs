//! By IAM's own operations.

use serde_json::json;

use crate::book::Book;
use crate::support_sts::{
    ACCOUNT, allow, done, policy, put_user_policy, role, trust, user, user_arn,
};

const DENIED: &str = "AccessDenied";

pub(crate) async fn attempts(book: &mut Book) {
    scene(book).await;
    boundaries(book).await;
    policies(book).await;
    credentials(book).await;
    groups_and_names(book).await;
    passed_roles(book).await;
    what_is_awss(book).await;
    what_is_in_use(book).await;
}

/// The user admin, the group admins, and the role admins, which the account trusts.
async fn scene(book: &Book) {
    user(&book.postern, "admin", json!([allow("*")])).await;
    book.set("CreateGroup", &[("GroupName", "admins")]).await;
    let all = policy(json!([allow("*")]));
    let members = [
        ("GroupName", "admins"),
        ("PolicyName", "p"),
        ("PolicyDocument", all.as_str()),
    ];
    book.set("PutGroupPolicy", &members).await;
    role(
        &book.postern,
        "admins",
        json!([trust(ACCOUNT, "sts:AssumeRole")]),
        json!([allow("*")]),
    )
    .await;
}

async fn boundaries(book: &mut Book) {
    let edge = book
        .managed(
            "edge",
            json!([allow("mq:List*"), allow("iam:PutUserPolicy")]),
        )
        .await;
    let wide = book.managed("wide", json!([allow("*")])).await;
    let eve = user(
        &book.postern,
        "bounded",
        json!([allow("iam:PutUserPolicy")]),
    )
    .await;
    let members = [
        ("UserName", "bounded"),
        ("PermissionsBoundary", edge.as_str()),
    ];
    book.set("PutUserPermissionsBoundary", &members).await;
    // It may write itself any policy, and does.
    let all = policy(json!([allow("*")]));
    let members = [
        ("UserName", "bounded"),
        ("PolicyName", "all"),
        ("PolicyDocument", all.as_str()),
    ];
    done(&eve, "iam", "PutUserPolicy", &members).await;
    let own = [("UserName", "bounded")];
    book.refused(
        "a bounded user that wrote itself every permission makes a user",
        DENIED,
        &eve,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    book.refused(
        "a bounded user removes its own boundary",
        DENIED,
        &eve,
        ("iam", "DeleteUserPermissionsBoundary"),
        &own,
    )
    .await;
    book.refused(
        "a bounded user sets itself a wider boundary",
        DENIED,
        &eve,
        ("iam", "PutUserPermissionsBoundary"),
        &[own[0], ("PermissionsBoundary", &wide)],
    )
    .await;
    book.refused(
        "a bounded user assumes a role that its account is trusted with",
        DENIED,
        &eve,
        ("sts", "AssumeRole"),
        &[
            ("RoleArn", "arn:aws:iam::111122223333:role/admins"),
            ("RoleSessionName", "session"),
        ],
    )
    .await;
    book.refused(
        "a bounded user writes a new version of its boundary's policy",
        DENIED,
        &eve,
        ("iam", "CreatePolicyVersion"),
        &[
            ("PolicyArn", &edge),
            ("PolicyDocument", &all),
            ("SetAsDefault", "true"),
        ],
    )
    .await;

    // Whoever makes users and roles may only make bounded ones.
    let condition = json!({ "StringEquals": { "iam:PermissionsBoundary": edge } });
    let maker = user(
        &book.postern,
        "maker",
        json!([{ "Effect": "Allow", "Resource": "*", "Condition": condition, "Action": [
            "iam:CreateUser", "iam:CreateRole", "iam:PutUserPolicy", "iam:AttachUserPolicy",
            "iam:PutUserPermissionsBoundary", "iam:PutRolePermissionsBoundary",
        ] }]),
    )
    .await;
    let document = policy(json!([trust(ACCOUNT, "sts:AssumeRole")]));
    let puppet = [
        ("RoleName", "puppet"),
        ("AssumeRolePolicyDocument", document.as_str()),
    ];
    book.refused(
        "who may make bounded roles makes one without a boundary",
        DENIED,
        &maker,
        ("iam", "CreateRole"),
        &puppet,
    )
    .await;
    book.refused(
        "who may make bounded roles makes one with a wider boundary",
        DENIED,
        &maker,
        ("iam", "CreateRole"),
        &[puppet[0], puppet[1], ("PermissionsBoundary", &wide)],
    )
    .await;
    book.refused(
        "who may make bounded users makes one without a boundary",
        DENIED,
        &maker,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    book.refused(
        "who may write policies of bounded users writes one of an unbounded user",
        DENIED,
        &maker,
        ("iam", "PutUserPolicy"),
        &[
            ("UserName", "maker"),
            ("PolicyName", "q"),
            ("PolicyDocument", &all),
        ],
    )
    .await;
    book.refused(
        "who may set one boundary sets another one",
        DENIED,
        &maker,
        ("iam", "PutUserPermissionsBoundary"),
        &[own[0], ("PermissionsBoundary", &wide)],
    )
    .await;
    book.refused(
        "who may make bounded roles removes a role's boundary",
        DENIED,
        &maker,
        ("iam", "DeleteRolePermissionsBoundary"),
        &[("RoleName", "admins")],
    )
    .await;
}

async fn policies(book: &mut Book) {
    let reader = book.managed("reader", json!([allow("mq:List*")])).await;
    let wide = format!("arn:aws:iam::{ACCOUNT}:policy/wide");
    let all = policy(json!([allow("*")]));
    // Its own policy was wide once.
    let own = book.managed("of-eve", json!([allow("*")])).await;
    let narrow = policy(json!([
        allow("iam:Get*"),
        { "Effect": "Allow", "Action": "iam:AttachUserPolicy", "Resource": "*",
          "Condition": { "ArnEquals": { "iam:PolicyARN": reader } } },
    ]));
    let members = [
        ("PolicyArn", own.as_str()),
        ("PolicyDocument", narrow.as_str()),
        ("SetAsDefault", "true"),
    ];
    book.set("CreatePolicyVersion", &members).await;
    let eve = user(&book.postern, "eve", json!([allow("mq:List*")])).await;
    let members = [("UserName", "eve"), ("PolicyArn", own.as_str())];
    book.set("AttachUserPolicy", &members).await;
    book.refused(
        "who may attach one policy attaches another one",
        DENIED,
        &eve,
        ("iam", "AttachUserPolicy"),
        &[("UserName", "eve"), ("PolicyArn", &wide)],
    )
    .await;
    book.refused(
        "who may attach one policy attaches one of AWS's",
        DENIED,
        &eve,
        ("iam", "AttachUserPolicy"),
        &[
            ("UserName", "eve"),
            ("PolicyArn", "arn:aws:iam::aws:policy/AmazonMQFullAccess"),
        ],
    )
    .await;
    let shouted = format!("arn:aws:iam::{ACCOUNT}:policy/READER");
    book.refused(
        "who may attach one policy spells its ARN in capitals",
        DENIED,
        &eve,
        ("iam", "AttachUserPolicy"),
        &[("UserName", "eve"), ("PolicyArn", &shouted)],
    )
    .await;
    book.refused(
        "who may attach a policy to users attaches it to a group",
        DENIED,
        &eve,
        ("iam", "AttachGroupPolicy"),
        &[("GroupName", "admins"), ("PolicyArn", &reader)],
    )
    .await;
    book.refused(
        "a user rewrites the policy that is attached to it",
        DENIED,
        &eve,
        ("iam", "CreatePolicyVersion"),
        &[
            ("PolicyArn", &own),
            ("PolicyDocument", &all),
            ("SetAsDefault", "true"),
        ],
    )
    .await;
    book.refused(
        "a user puts an older and wider version of its policy in force",
        DENIED,
        &eve,
        ("iam", "SetDefaultPolicyVersion"),
        &[("PolicyArn", &own), ("VersionId", "v1")],
    )
    .await;
    book.refused(
        "a user deletes the version that narrows it",
        DENIED,
        &eve,
        ("iam", "DeletePolicyVersion"),
        &[("PolicyArn", &own), ("VersionId", "v2")],
    )
    .await;
    book.refused(
        "a user writes itself an inline policy",
        DENIED,
        &eve,
        ("iam", "PutUserPolicy"),
        &[
            ("UserName", "eve"),
            ("PolicyName", "q"),
            ("PolicyDocument", &all),
        ],
    )
    .await;
    book.refused(
        "a user makes itself trusted by a role",
        DENIED,
        &eve,
        ("iam", "UpdateAssumeRolePolicy"),
        &[
            ("RoleName", "admins"),
            (
                "PolicyDocument",
                &policy(json!([trust(&user_arn("eve"), "sts:AssumeRole")])),
            ),
        ],
    )
    .await;
    // Elements that name everything but something.
    let but_iam = json!([{ "Effect": "Allow", "NotAction": "IAM:*", "Resource": "*" }]);
    let outsider = user(&book.postern, "outsider", but_iam).await;
    book.refused(
        "who may do everything but IAM makes a key",
        DENIED,
        &outsider,
        ("iam", "CreateAccessKey"),
        &[("UserName", "outsider")],
    )
    .await;
    let but_admin = json!([{ "Effect": "Allow", "Action": "iam:*", "NotResource": [
        user_arn("admin"), format!("arn:aws:iam::{ACCOUNT}:group/*"), format!("arn:aws:iam::{ACCOUNT}:user/deputy"),
    ] }]);
    let deputy = user(&book.postern, "deputy", but_admin).await;
    book.refused(
        "who may do everything but to the administrator makes a key for it",
        DENIED,
        &deputy,
        ("iam", "CreateAccessKey"),
        &[("UserName", "admin")],
    )
    .await;
    book.refused(
        "who may do everything but to the administrator writes its name in capitals",
        DENIED,
        &deputy,
        ("iam", "CreateAccessKey"),
        &[("UserName", "ADMIN")],
    )
    .await;
}

async fn credentials(book: &mut Book) {
    let own = "arn:aws:iam::111122223333:user/${aws:username}";
    let mallory = user(
        &book.postern,
        "mallory",
        json!([{ "Effect": "Allow", "Resource": own, "Action": [
            "iam:*AccessKey*", "iam:*LoginProfile", "iam:UpdateUser", "iam:GetUser",
        ] }]),
    )
    .await;
    for (name, action, extra) in [
        (
            "a user makes an access key for another one",
            "CreateAccessKey",
            None,
        ),
        (
            "a user makes a password for another one",
            "CreateLoginProfile",
            Some(("Password", "Correct-horse-battery-1")),
        ),
        (
            "a user changes another one's password",
            "UpdateLoginProfile",
            Some(("Password", "Correct-horse-battery-1")),
        ),
        (
            "a user removes another one's password",
            "DeleteLoginProfile",
            None,
        ),
    ] {
        let mut members = vec![("UserName", "admin")];
        members.extend(extra);
        book.refused(name, DENIED, &mallory, ("iam", action), &members)
            .await;
    }
    let keys = book.set("ListAccessKeys", &[("UserName", "admin")]).await;
    let key = keys.element("AccessKeyId").unwrap();
    book.refused(
        "a user deletes another one's key as if it were its own",
        "NoSuchEntity",
        &mallory,
        ("iam", "DeleteAccessKey"),
        &[("AccessKeyId", &key)],
    )
    .await;
    book.refused(
        "a user turns another one's key off as if it were its own",
        "NoSuchEntity",
        &mallory,
        ("iam", "UpdateAccessKey"),
        &[("AccessKeyId", &key), ("Status", "Inactive")],
    )
    .await;
    book.refused(
        "a user takes a name that another policy speaks of",
        DENIED,
        &mallory,
        ("iam", "UpdateUser"),
        &[("UserName", "mallory"), ("NewUserName", "deputy-admin")],
    )
    .await;
    book.refused(
        "a user moves itself to a path that another policy speaks of",
        DENIED,
        &mallory,
        ("iam", "UpdateUser"),
        &[("UserName", "mallory"), ("NewPath", "/admins/")],
    )
    .await;
    // Keys that are no more.
    let asleep = user(&book.postern, "asleep", json!([allow("*")])).await;
    let keys = book.set("ListAccessKeys", &[("UserName", "asleep")]).await;
    let key = keys.element("AccessKeyId").unwrap();
    let members = [
        ("UserName", "asleep"),
        ("AccessKeyId", key.as_str()),
        ("Status", "Inactive"),
    ];
    book.set("UpdateAccessKey", &members).await;
    book.refused(
        "an inactive key turns itself on",
        "InvalidClientTokenId",
        &asleep,
        ("iam", "UpdateAccessKey"),
        &[("AccessKeyId", &key), ("Status", "Active")],
    )
    .await;
    let gone = user(&book.postern, "gone", json!([allow("*")])).await;
    delete_user(book, "gone").await;
    user(&book.postern, "gone", json!([allow("*")])).await;
    book.refused(
        "the old key of a deleted user is tried on the new user of that name",
        "InvalidClientTokenId",
        &gone,
        ("iam", "GetUser"),
        &[],
    )
    .await;
}

/// Deletes a user that has one key and the inline policy `p`.
pub(crate) async fn delete_user(book: &Book, name: &str) {
    let keys = book.set("ListAccessKeys", &[("UserName", name)]).await;
    let key = keys.element("AccessKeyId").unwrap();
    let members = [("UserName", name), ("AccessKeyId", key.as_str())];
    book.set("DeleteAccessKey", &members).await;
    let members = [("UserName", name), ("PolicyName", "p")];
    book.set("DeleteUserPolicy", &members).await;
    book.set("DeleteUser", &[("UserName", name)]).await;
}

async fn groups_and_names(book: &mut Book) {
    let division = json!([{ "Effect": "Allow", "Action": "iam:*", "Resource": [
        format!("arn:aws:iam::{ACCOUNT}:user/division/*"), format!("arn:aws:iam::{ACCOUNT}:group/division/*"),
    ] }]);
    let head = user(&book.postern, "head", division).await;
    book.set(
        "CreateGroup",
        &[("GroupName", "crew"), ("Path", "/division/")],
    )
    .await;
    for (name, code, action, members) in [
        (
            "who manages one division's groups joins another group",
            DENIED,
            "AddUserToGroup",
            vec![("GroupName", "admins"), ("UserName", "head")],
        ),
        (
            "a group outside the division is named by a path with dots",
            "ValidationError",
            "AddUserToGroup",
            vec![("GroupName", "division/../admins"), ("UserName", "head")],
        ),
        (
            "a user outside the division is named with the division's path",
            "ValidationError",
            "CreateAccessKey",
            vec![("UserName", "division/admin")],
        ),
        (
            "who manages one division makes a user outside of it",
            DENIED,
            "CreateUser",
            vec![("UserName", "puppet"), ("Path", "/")],
        ),
        (
            "who manages one division makes a user in a path that only begins like it",
            DENIED,
            "CreateUser",
            vec![("UserName", "puppet"), ("Path", "/divisions/")],
        ),
        (
            "who manages one division gives its group another's name",
            DENIED,
            "UpdateGroup",
            vec![("GroupName", "crew"), ("NewPath", "/")],
        ),
        (
            "a path without its last slash joins path and name to another ARN",
            "ValidationError",
            "CreateUser",
            vec![("UserName", "x"), ("Path", "/division/pup")],
        ),
    ] {
        book.refused(name, code, &head, ("iam", action), &members)
            .await;
    }
    // A Deny on one name holds for every spelling.
    let deny = json!({ "Effect": "Deny", "Action": "iam:*", "Resource": user_arn("admin") });
    let almost = user(&book.postern, "almost", json!([allow("*"), deny])).await;
    let all = policy(json!([allow("*")]));
    book.refused(
        "a user that is denied one name writes it in capitals",
        DENIED,
        &almost,
        ("iam", "PutUserPolicy"),
        &[
            ("UserName", "Admin"),
            ("PolicyName", "q"),
            ("PolicyDocument", &all),
        ],
    )
    .await;
}

async fn passed_roles(book: &mut Book) {
    book.set("CreateInstanceProfile", &[("InstanceProfileName", "box")])
        .await;
    let builder = user(
        &book.postern,
        "builder",
        json!([allow("iam:AddRoleToInstanceProfile")]),
    )
    .await;
    let members = [("InstanceProfileName", "box"), ("RoleName", "admins")];
    let add = ("iam", "AddRoleToInstanceProfile");
    book.refused(
        "a role is put into an instance profile without PassRole",
        DENIED,
        &builder,
        add,
        &members,
    )
    .await;
    for (name, resource, service) in [
        (
            "a role is put into an instance profile with PassRole on another role",
            "arn:aws:iam::111122223333:role/other",
            "ec2.amazonaws.com",
        ),
        (
            "a role is put into an instance profile with PassRole to another service",
            "arn:aws:iam::111122223333:role/admins",
            "mq.amazonaws.com",
        ),
    ] {
        let statement = json!({
            "Effect": "Allow", "Action": "iam:PassRole", "Resource": resource,
            "Condition": { "StringEquals": { "iam:PassedToService": service } },
        });
        put_user_policy(&book.postern, "builder", "q", json!([statement])).await;
        book.refused(name, DENIED, &builder, add, &members).await;
    }
    let statement = json!({
        "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/admins",
        "Condition": { "StringEquals": { "iam:PassedToService": "ec2.amazonaws.com" } },
    });
    put_user_policy(&book.postern, "builder", "q", json!([statement])).await;
    done(&builder, "iam", "AddRoleToInstanceProfile", &members).await;
}

async fn what_is_awss(book: &mut Book) {
    let all = policy(json!([allow("*")]));
    let (root, arn) = (
        book.root.clone(),
        "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess",
    );
    for (name, action, extra) in [
        (
            "a policy of AWS's gets a new version",
            "CreatePolicyVersion",
            vec![("PolicyDocument", all.as_str()), ("SetAsDefault", "true")],
        ),
        ("a policy of AWS's is deleted", "DeletePolicy", vec![]),
        (
            "a policy of AWS's is put back to an older version",
            "SetDefaultPolicyVersion",
            vec![("VersionId", "v1")],
        ),
        (
            "a policy of AWS's is tagged",
            "TagPolicy",
            vec![("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")],
        ),
    ] {
        let mut members = vec![("PolicyArn", arn)];
        members.extend(extra);
        book.refused(name, DENIED, &root, ("iam", action), &members)
            .await;
    }
    book.set(
        "CreateServiceLinkedRole",
        &[("AWSServiceName", "mq.amazonaws.com")],
    )
    .await;
    let linked = ("RoleName", "AWSServiceRoleForAmazonMQ");
    let document = policy(json!([trust(ACCOUNT, "sts:AssumeRole")]));
    for (name, action, extra) in [
        (
            "a service's role is deleted as if it were a role like others",
            "DeleteRole",
            vec![],
        ),
        (
            "a service's role is made to trust the account",
            "UpdateAssumeRolePolicy",
            vec![("PolicyDocument", document.as_str())],
        ),
        (
            "a service's role gets an inline policy",
            "PutRolePolicy",
            vec![("PolicyName", "p"), ("PolicyDocument", all.as_str())],
        ),
        (
            "a service's role gets a managed policy",
            "AttachRolePolicy",
            vec![("PolicyArn", arn)],
        ),
        (
            "a service's role is put into an instance profile",
            "AddRoleToInstanceProfile",
            vec![("InstanceProfileName", "spare")],
        ),
    ] {
        if action == "AddRoleToInstanceProfile" {
            book.set("CreateInstanceProfile", &[("InstanceProfileName", "spare")])
                .await;
        }
        let mut members = vec![linked];
        members.extend(extra);
        book.refused(name, "UnmodifiableEntity", &root, ("iam", action), &members)
            .await;
    }
    book.refused(
        "the policy of a service's role is attached to a user",
        "PolicyNotAttachable",
        &root,
        ("iam", "AttachUserPolicy"),
        &[
            ("UserName", "admin"),
            (
                "PolicyArn",
                "arn:aws:iam::aws:policy/aws-service-role/AmazonMQServiceRolePolicy",
            ),
        ],
    )
    .await;
    let condition = json!({ "StringEquals": { "iam:AWSServiceName": "ec2.amazonaws.com" } });
    let linker = user(
        &book.postern,
        "linker",
        json!([{ "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*", "Condition": condition }]),
    )
    .await;
    book.refused(
        "who may make one service's role makes another's",
        DENIED,
        &linker,
        ("iam", "CreateServiceLinkedRole"),
        &[("AWSServiceName", "mq.amazonaws.com")],
    )
    .await;
}

async fn what_is_in_use(book: &mut Book) {
    let root = book.root.clone();
    let wide = format!("arn:aws:iam::{ACCOUNT}:policy/of-eve");
    let edge = format!("arn:aws:iam::{ACCOUNT}:policy/edge");
    book.set(
        "AddUserToGroup",
        &[("GroupName", "crew"), ("UserName", "admin")],
    )
    .await;
    for (name, action, members) in [
        (
            "a user with keys and policies is deleted",
            "DeleteUser",
            vec![("UserName", "eve")],
        ),
        (
            "a group with members is deleted",
            "DeleteGroup",
            vec![("GroupName", "crew")],
        ),
        (
            "a group with policies is deleted",
            "DeleteGroup",
            vec![("GroupName", "admins")],
        ),
        (
            "a role with policies is deleted",
            "DeleteRole",
            vec![("RoleName", "admins")],
        ),
        (
            "an instance profile with a role is deleted",
            "DeleteInstanceProfile",
            vec![("InstanceProfileName", "box")],
        ),
        (
            "a policy that is attached is deleted",
            "DeletePolicy",
            vec![("PolicyArn", wide.as_str())],
        ),
        (
            "a policy that is a boundary is deleted",
            "DeletePolicy",
            vec![("PolicyArn", edge.as_str())],
        ),
        (
            "the version of a policy that is in force is deleted",
            "DeletePolicyVersion",
            vec![("PolicyArn", wide.as_str()), ("VersionId", "v2")],
        ),
    ] {
        book.refused(name, "DeleteConflict", &root, ("iam", action), &members)
            .await;
    }
}
