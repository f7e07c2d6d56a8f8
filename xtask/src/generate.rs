//! The pages that are made from the operation table.

use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;
use api::row::{Dependent, Gate, Resource, Row, Service, When, Wire};
use api::table::ROWS;

/// Writes the pages.
///
/// # Errors
/// A page cannot be written.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    for (name, text) in pages()? {
        std::fs::write(root.join("docs").join(name), text)?;
        println!("generate: wrote docs/{name}");
    }
    Ok(())
}

/// Checks that the committed pages are the ones that the table makes.
///
/// # Errors
/// One is not.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    for (name, text) in pages()? {
        let committed = std::fs::read_to_string(root.join("docs").join(name)).unwrap_or_default();
        ensure!(
            committed == text,
            "docs/{name} is not what the table makes: run `cargo xtask generate`"
        );
    }
    println!("generate: the pages are up to date");
    Ok(())
}

fn pages() -> anyhow::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("permissions.md", permissions()?),
        ("api-coverage.md", coverage()?),
    ])
}

const GENERATED: &str =
    "<!-- Generated from the operation table by `cargo xtask generate`. Do not edit. -->\n\n";

fn permissions() -> anyhow::Result<String> {
    let mut page = String::from(GENERATED);
    page.push_str(
        "# APIs and required permissions\n\nWhat a caller has to be allowed for each operation, which resource the action is \
         evaluated on, and which condition keys the request supplies besides the global ones. `*` as resource type means that \
         the action has none: a policy must name `*`.\n\nGlobal keys on every call: `aws:CurrentTime`, `aws:EpochTime`, \
         `aws:SecureTransport`, `aws:SourceIp`, `aws:UserAgent`, `aws:Referer`, `aws:RequestedRegion`, `aws:PrincipalArn`, \
         `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:PrincipalTag/…`, `aws:userid`, `aws:username` (users), \
         `aws:ResourceAccount`, `aws:ViaAWSService`, `aws:PrincipalIsAWSService`. A key that is not known is absent, never empty.\n\n\
         Dependent actions are asked of the caller's own policies, with `aws:ViaAWSService` = `true` and without \
         `aws:SourceIp`, because Postern acts on the caller's behalf.\n",
    );
    for service in Service::ALL {
        let rows: Vec<&Row> = ROWS
            .iter()
            .copied()
            .filter(|row| row.service == service)
            .collect();
        if rows.is_empty() {
            continue;
        }
        write!(
            page,
            "\n## {}\n\n| API | Required permission | Access level | Resource types | Condition keys | Dependent actions |\n\
             | --- | --- | --- | --- | --- | --- |\n",
            title(service)
        )?;
        for row in rows {
            let permission = match row.gate {
                Gate::Policies => format!("`{}`", row.action),
                Gate::Trust => format!("`{}`, and the role's trust policy", row.action),
                Gate::WebIdentity => "none of the caller's: the role's trust policy alone".into(),
                Gate::SignatureAlone => "none: a right signature is enough".into(),
            };
            writeln!(
                page,
                "| {} | {permission} | {} | {} | {} | {} |",
                row.name,
                row.access.name(),
                resources(row.resource),
                listed(row.condition_keys.iter().map(|key| format!("`{key}`"))),
                listed(row.dependent.iter().map(dependent)),
            )?;
        }
    }
    page.push_str(
        "\n## Resource types\n\n| Type | ARN |\n| --- | --- |\n\
         | brokers | `arn:aws:mq:${Region}:${Account}:broker:${BrokerName}:${BrokerId}` |\n\
         | configurations | `arn:aws:mq:${Region}:${Account}:configuration:${ConfigurationId}` |\n\
         | user | `arn:aws:iam::${Account}:user${Path}${UserName}` |\n\
         | group | `arn:aws:iam::${Account}:group${Path}${GroupName}` |\n\
         | role | `arn:aws:iam::${Account}:role${Path}${RoleName}` |\n\
         | policy | `arn:aws:iam::${Account}:policy${Path}${PolicyName}` |\n",
    );
    Ok(page)
}

fn coverage() -> anyhow::Result<String> {
    let mut page = String::from(GENERATED);
    page.push_str("# API coverage\n\nEvery operation that Postern answers. What is not here is refused with a 4xx in the protocol's shape.\n");
    for service in Service::ALL {
        let rows: Vec<&Row> = ROWS
            .iter()
            .copied()
            .filter(|row| row.service == service)
            .collect();
        if rows.is_empty() {
            continue;
        }
        write!(
            page,
            "\n## {} ({} operations)\n\n| Operation | Wire | What it does |\n| --- | --- | --- |\n",
            title(service),
            rows.len()
        )?;
        for row in rows {
            let wire = match row.wire {
                Wire::Rest {
                    method,
                    path,
                    status,
                    ..
                } => format!("`{method} {path}` → {status}"),
                Wire::Query => format!("`Action={}`", row.name),
            };
            writeln!(page, "| {} | {wire} | {} |", row.name, row.doc.trim())?;
        }
    }
    Ok(page)
}

fn title(service: Service) -> &'static str {
    match service {
        Service::Mq => "Amazon MQ",
        Service::Iam => "IAM",
        Service::Sts => "STS",
        Service::Ec2 => "EC2",
    }
}

fn resources(resource: Resource) -> String {
    match resource.types() {
        [] => "`*`".into(),
        types => types.join(", "),
    }
}

fn dependent(dependent: &Dependent) -> String {
    let condition = if dependent.authorized_service {
        " with `ec2:AuthorizedService` = `mq.amazonaws.com`"
    } else {
        ""
    };
    let when = match dependent.when {
        When::Always => "",
        When::ActiveMq => " (ActiveMQ)",
        When::PrivateRabbitMq => {
            " with `iam:AWSServiceName` = `mq.amazonaws.com` (the first private RabbitMQ broker)"
        }
        When::Groups => " (other security groups)",
        When::Tags => " (with tags)",
        When::Replica => " (replica)",
        When::PassesRole => " (on the role)",
    };
    format!("`{}`{condition}{when}", dependent.action)
}

fn listed(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        "–".into()
    } else {
        items.join("<br>")
    }
}
