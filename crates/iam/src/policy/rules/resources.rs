//! Rules about single entries of `Resource` and `NotResource`.

use crate::policy::PolicyError;

/// The partitions that exist. `*` stands in AWS's own policies.
const PARTITIONS: [&str; 9] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
    "*",
];

/// What the resource of an IAM ARN may begin with.
const IAM_PATHS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

/// Kinds of S3 resources that live in a region; buckets and objects do not.
const REGIONAL_S3: [&str; 4] = ["accesspoint", "job/", "storage-lens", "access-grants"];

/// Checks one entry. [`PolicyError::LegacyParsing`] has precedence over all other errors.
pub(super) fn check(resource: &str) -> Result<(), PolicyError> {
    if resource == "*" {
        return Ok(());
    }
    let Some((first, rest)) = resource.split_once(':') else {
        return Err(PolicyError::ResourceNotArn(resource.to_owned()));
    };
    let (partition, behind) = match rest.split_once(':') {
        Some((partition, behind)) => (partition, Some(behind)),
        None => (rest, None),
    };
    if !PARTITIONS.contains(&partition) {
        return Err(bad_partition(partition, behind));
    }
    let Some(behind) = behind else {
        return Err(PolicyError::ResourceVendor);
    };
    let mut parts = behind.splitn(4, ':');
    let service = parts.next().unwrap_or_default();
    let (region, account, path) = (parts.next(), parts.next(), parts.next());
    // Parts may be left off at the end, but not when a later one is given or one is empty.
    let shortened = path.is_none();
    if service.is_empty() || (shortened && resource.contains("::")) {
        return Err(PolicyError::LegacyParsing);
    }
    if first != "arn" {
        return Err(PolicyError::ResourceNotArn(resource.to_owned()));
    }
    if service.contains(['*', '?']) {
        return Err(PolicyError::ResourceVendor);
    }
    // A region that is left off becomes `*`, as AWS's own messages show, and so counts as one.
    let has_region = region != Some("");
    let path = path.unwrap_or("*");
    match service {
        "iam" if has_region => Err(PolicyError::IamRegion(resource.to_owned())),
        "iam" if path != "*" && !IAM_PATHS.iter().any(|known| path.starts_with(known)) => {
            Err(PolicyError::IamPath)
        }
        "s3" if has_region && !is_regional_s3(account, path) => {
            Err(PolicyError::Region(resource.to_owned()))
        }
        _ => Ok(()),
    }
}

fn is_regional_s3(account: Option<&str>, path: &str) -> bool {
    account.is_some_and(|account| !account.is_empty())
        && REGIONAL_S3.iter().any(|kind| path.starts_with(kind))
}

/// AWS names the resource as it completes it: missing parts become `*`.
fn bad_partition(partition: &str, behind: Option<&str>) -> PolicyError {
    let mut parts = behind.unwrap_or_default().splitn(4, ':');
    let service = parts
        .next()
        .filter(|_| behind.is_some_and(|text| !text.is_empty()));
    let service = service.unwrap_or("*");
    let mut next = || parts.next().unwrap_or("*");
    let (region, account, path) = (next(), next(), next());
    PolicyError::Partition {
        partition: partition.to_owned(),
        resource: format!("arn:{partition}:{service}:{region}:{account}:{path}"),
    }
}
