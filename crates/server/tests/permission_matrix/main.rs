//! Who may call what: every operation of the table by every kind of caller, through the socket, against `permissions.txt`,
//! which is kept for review. What is expected is worked out here from what the rows say of themselves, by [`expected`], and
//! not from the gate: file, rules and service have to agree.
//!
//! `UPDATE_MATRIX=1 cargo test -p server --test permission_matrix` writes the file anew; the rules still have to agree with it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod calls;
mod world;

use std::fmt::Write as _;

use api::row::{AccessLevel, Gate, Part, Protocol, Resource, Row, Service};
use api::table::ROWS;
use testkit::{Client, Reply};

use calls::{Call, call};
use world::{Caller, World};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/permission_matrix/permissions.txt"
);

const HEADER: &str = "\
# Who may call what. One line is one operation, one column one kind of caller.
#
#   root           the account's root key
#   admin          a user whose policy allows everything
#   read-only      a user who may Describe, Get and List (and Simulate), and nothing else
#   boundary       a user whose policy allows everything, under a boundary that allows mq and ec2
#   session        a session of a role that may do everything, with a session policy that allows iam and sts
#   other-account  the root of another account, with the names, ids and ARNs of this one
#   deleted-key    a user whose policy allows everything, by a key that is deleted
#   nobody         a user without a policy
#
#   allow   the handler was reached         absent  it was, and there is no such thing in the caller's account
#   others  the call was refused with this code
#
# Written by: UPDATE_MATRIX=1 cargo test -p server --test permission_matrix
# Checked by the same test without it, against the service and against the rules that stand in the test.
";

/// What root is told by handlers that cannot do what the test asks: everything else succeeds.
const NOT_DONE: &[(&str, &str)] = &[
    // The world's broker is no replica.
    ("Promote", "BadRequestException"),
    // Only interfaces of brokers are attached, and those are Amazon MQ's.
    ("DetachNetworkInterface", "InvalidAttachmentID.NotFound"),
    // Only users have passwords.
    ("ChangePassword", "InvalidUserType"),
    // Shared resources are RabbitMQ's.
    ("DescribeSharedResources", "BadRequestException"),
];

/// Those who must change nothing come first: root then succeeds, so they did not.
const TURNS: &[Caller] = &[
    Caller::OtherAccount,
    Caller::DeletedKey,
    Caller::Nobody,
    Caller::ReadOnly,
    Caller::Root,
    Caller::Admin,
    Caller::Boundary,
    Caller::Session,
];

const REFUSALS_OF_ACCESS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "ForbiddenException",
    "UnauthorizedOperation",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "InvalidIdentityToken",
];

/// What a row and a kind of caller must come to, by rules that know nothing of policies.
fn expected(row: &Row, caller: Caller) -> &'static str {
    // Nobody signs it: its token decides, and the test's is none.
    if row.gate == Gate::WebIdentity {
        return "InvalidIdentityToken";
    }
    let (denied, unknown) = match row.service.protocol() {
        Protocol::RestJson => ("AccessDeniedException", "UnrecognizedClientException"),
        Protocol::Query => ("AccessDenied", "InvalidClientTokenId"),
        Protocol::Ec2 => ("UnauthorizedOperation", "AuthFailure"),
    };
    let allowed_if = |allowed: bool| if allowed { "allow" } else { denied };
    let assumes = row.gate == Gate::Trust;
    let open = row.gate == Gate::SignatureAlone;
    match caller {
        Caller::DeletedKey => unknown,
        // Root is no principal of trust policies.
        Caller::Root => allowed_if(!assumes),
        Caller::Admin => "allow",
        Caller::ReadOnly => {
            allowed_if(open || matches!(row.access, AccessLevel::List | AccessLevel::Read))
        }
        Caller::Boundary => allowed_if(open || matches!(row.service, Service::Mq | Service::Ec2)),
        // Sessions cannot make sessions of other kinds, whatever policies say.
        Caller::Session => allowed_if(
            matches!(row.service, Service::Iam | Service::Sts)
                && !matches!(row.name, "GetSessionToken" | "GetFederationToken"),
        ),
        Caller::OtherAccount if assumes => denied,
        // What is already gone is deleted without complaint; and every account has a service-linked role of this name.
        Caller::OtherAccount
            if matches!(
                row.name,
                "DeleteOpenIDConnectProvider" | "DeleteServiceLinkedRole"
            ) =>
        {
            "allow"
        }
        Caller::OtherAccount if names_something(row) => "absent",
        Caller::OtherAccount => "allow",
        Caller::Nobody => allowed_if(open),
    }
}

/// Whether the request names something that has to be there.
fn names_something(row: &Row) -> bool {
    match row.resource {
        Resource::Broker(_)
        | Resource::Configuration(_)
        | Resource::Tagged(_)
        | Resource::User(_)
        | Resource::KeyOwner(_)
        | Resource::Group(_)
        | Resource::Role(_)
        | Resource::InstanceProfile(_)
        | Resource::OidcProvider(_)
        | Resource::SamlProvider(_)
        | Resource::PolicySource(_)
        | Resource::Policy(_) => true,
        Resource::Network(parts) => parts.iter().any(|part| match part {
            Part::New(_) => false,
            Part::Required(..)
            | Part::Given(..)
            | Part::Group(..)
            | Part::Association(_)
            | Part::Attachment(_)
            | Part::Permission(_)
            | Part::Tagged(_) => true,
        }),
        Resource::Any
        | Resource::CallingUser
        | Resource::NewUser
        | Resource::NewGroup
        | Resource::NewRole
        | Resource::NewServiceLinkedRole(_)
        | Resource::NewInstanceProfile
        | Resource::NewOidcProvider(_)
        | Resource::NewSamlProvider(_)
        | Resource::RoleArn(_)
        | Resource::Federated(_)
        | Resource::NewPolicy => false,
    }
}

async fn send(client: &Client, row: &Row, call: &Call) -> Reply {
    match call {
        Call::Query(members) => {
            let members: Vec<(&str, &str)> = members
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            client
                .query(row.service.name(), row.name, &members)
                .await
                .unwrap()
        }
        Call::Rest(method, target, body) => client.mq(method, target, body).await.unwrap(),
    }
}

/// What the answer comes to.
fn found(row: &Row, caller: Caller, reply: &Reply) -> String {
    let code = reply.code().unwrap_or_default();
    let (status, body) = (reply.status, &reply.body);
    assert!(status < 500, "{} by {}: {body}", row.name, caller.name());
    if REFUSALS_OF_ACCESS.contains(&code.as_str()) {
        return code;
    }
    if caller == Caller::OtherAccount && names_something(row) {
        let absent = code.contains("NotFound") || code == "NoSuchEntity";
        if absent {
            return "absent".into();
        }
        if expected(row, caller) == "absent" {
            return format!("REACHED:{status}:{code}");
        }
    }
    let known = NOT_DONE.contains(&(row.name, code.as_str()));
    if caller == Caller::Root && status >= 300 && !known {
        // It would show nothing: calls.rs has to give the operation what it needs.
        return format!("NOT DONE:{code}");
    }
    "allow".into()
}

#[tokio::test]
async fn everybody_may_call_what_the_matrix_says_and_nothing_else() {
    let world = World::new().await;
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut wrong = Vec::new();
    for row in ROWS {
        // An account's alias is the only name that accounts share.
        let own = call(row, &|text| world.fill(text));
        let other = call(row, &|text| {
            world.fill(text).replace("fresh-alias", "other-alias")
        });
        let name = format!("{}:{}", row.service.name(), row.name);
        let mut line = vec![String::new(); 1 + world.callers.len()];
        for turn in TURNS {
            let mut callers = world.callers.iter().enumerate();
            let (at, (_, client)) = callers.find(|(_, (caller, _))| caller == turn).unwrap();
            let call = match turn {
                Caller::OtherAccount => &other,
                Caller::Root
                | Caller::Admin
                | Caller::ReadOnly
                | Caller::Boundary
                | Caller::Session
                | Caller::DeletedKey
                | Caller::Nobody => &own,
            };
            let reply = send(client, row, call).await;
            let is = found(row, *turn, &reply);
            let should = expected(row, *turn);
            if is != should {
                let (caller, message) = (turn.name(), reply.message());
                wrong.push(format!("{name} by {caller}: {is}, not {should}: {message}"));
            }
            line[1 + at] = is;
        }
        line[0] = name;
        table.push(line);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut names = vec!["operation".to_owned()];
    names.extend(
        world
            .callers
            .iter()
            .map(|(caller, _)| caller.name().to_owned()),
    );
    table.insert(0, names);
    let widths: Vec<usize> = (0..table[0].len())
        .map(|column| table.iter().map(|line| line[column].len()).max().unwrap())
        .collect();
    let mut text = HEADER.to_owned();
    for line in &table {
        let mut padded = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            write!(padded, "{cell:width$}  ").unwrap();
        }
        writeln!(text, "{}", padded.trim_end()).unwrap();
    }
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    for (kept, is) in kept.lines().zip(text.lines()) {
        assert_eq!(kept, is, "permissions.txt differs; see its first lines");
    }
    assert_eq!(kept, text, "permissions.txt differs; see its first lines");
    println!(
        "{} operations by {} callers",
        ROWS.len(),
        world.callers.len()
    );
    world.postern.stop().await;
}
