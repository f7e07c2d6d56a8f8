//! Credential reports: the account's users and the state of their credentials, as CSV ("Generate credential reports for your
//! AWS account").

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam::identity::{AccessKey, AccessKeyStatus, KeyOwner, User};
use store::Change;
use store::state::{Account, Record};

use super::account;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::last_used::LastUsed;
use crate::time::iso_seconds;

/// How long a report is good for, in milliseconds: four hours.
const GOOD_FOR: i64 = 4 * 60 * 60 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// AWS's columns, in AWS's order.
const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// Nothing to be said.
const NONE: &str = "N/A";
const UNSUPPORTED: &str = "not_supported";

/// Has a report written, unless there is one that is still good.
pub async fn generate_credential_report(
    call: Call,
    permit: Permit<table::GenerateCredentialReport>,
    _input: wire::GenerateCredentialReportRequest,
) -> Result<wire::GenerateCredentialReportResponse, Refusal> {
    let (id, now) = (call.account_id().to_owned(), call.now());
    call.commit(permit, move |state| {
        let mut settings = account::settings(account_of(state, &id)?, &id);
        if settings
            .credential_report
            .is_some_and(|at| is_good(at, now))
        {
            return Ok(Decided {
                changes: Vec::new(),
                output: wire::GenerateCredentialReportResponse {
                    state: "COMPLETE".into(),
                    description: None,
                },
            });
        }
        settings.credential_report = Some(now);
        Ok(Decided {
            changes: vec![Change::put(Record::AccountSettings(settings))],
            output: wire::GenerateCredentialReportResponse {
                state: "STARTED".into(),
                description: Some("No report exists. Starting a new report generation task".into()),
            },
        })
    })
    .await
}

/// Returns the report. Differs: it is written when it is fetched, so it is never older than the call; that one was asked for
/// within four hours is needed as on AWS.
pub async fn get_credential_report(
    call: Call,
    _permit: Permit<table::GetCredentialReport>,
    _input: wire::GetCredentialReportRequest,
) -> Result<wire::GetCredentialReportResponse, Refusal> {
    let account = call.account()?;
    let asked = account
        .settings()
        .and_then(|settings| settings.credential_report);
    match asked {
        None => {
            return Err(Refusal::new(
                Code::ReportNotPresent,
                "No report present. Please generate a new one.",
            ));
        }
        Some(at) if !is_good(at, call.now()) => {
            return Err(Refusal::new(
                Code::ReportExpired,
                "The most recent report has expired. Please generate a new one.",
            ));
        }
        Some(_) => {}
    }
    let report = written(account, call.account_id(), &call.services().last_used);
    Ok(wire::GetCredentialReportResponse {
        content: STANDARD.encode(report),
        report_format: "text/csv".into(),
        generated_time: iso_seconds(call.now()),
    })
}

fn is_good(at: i64, now: i64) -> bool {
    now.saturating_sub(at) < GOOD_FOR
}

fn written(account: &Account, id: &str, used: &LastUsed) -> String {
    let mut report = COLUMNS.to_owned();
    let created = account.record().map(|record| record.created);
    let root = Line {
        user: "<root_account>".into(),
        arn: format!("arn:aws:iam::{id}:root"),
        created: created.map_or_else(|| NONE.into(), time),
        password: [UNSUPPORTED, NONE, UNSUPPORTED, UNSUPPORTED].map(str::to_owned),
    };
    root.write(&mut report, &keys(account, &KeyOwner::Root), used);
    let max_age = account
        .settings()
        .and_then(|settings| settings.password_policy.as_ref())
        .and_then(|policy| policy.max_age);
    for entry in account.users() {
        let owner = KeyOwner::User(entry.user.name.clone());
        Line::of(&entry.user, max_age).write(&mut report, &keys(account, &owner), used);
    }
    report
}

/// The owner's keys, the oldest first.
fn keys<'a>(account: &'a Account, owner: &KeyOwner) -> Vec<&'a AccessKey> {
    let mut keys: Vec<&AccessKey> = account.keys_of(owner).map(|key| &**key).collect();
    keys.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    keys
}

/// One user, without its keys.
struct Line {
    user: String,
    arn: String,
    created: String,
    /// Enabled, last used, last changed, next rotation.
    password: [String; 4],
}

impl Line {
    fn of(user: &User, max_age: Option<i64>) -> Line {
        let password = match &user.login {
            None => ["false", NONE, NONE, NONE].map(str::to_owned),
            Some(profile) => {
                let changed = profile.last_changed();
                let next = max_age.map(|days| changed.saturating_add(days.saturating_mul(DAY)));
                [
                    "true".into(),
                    // Nothing is signed in to by a password.
                    "no_information".into(),
                    time(changed),
                    next.map_or_else(|| NONE.into(), time),
                ]
            }
        };
        Line {
            user: user.name.clone(),
            arn: user.arn(),
            created: time(user.created),
            password,
        }
    }

    fn write(&self, report: &mut String, keys: &[&AccessKey], used: &LastUsed) {
        report.push('\n');
        let mut first = true;
        let mut field = |text: &str| {
            if !std::mem::take(&mut first) {
                report.push(',');
            }
            push_field(report, text);
        };
        for text in [&self.user, &self.arn, &self.created] {
            field(text);
        }
        for text in &self.password {
            field(text);
        }
        // MFA: there are no devices.
        field("false");
        for number in 0..2 {
            match keys.get(number) {
                Some(key) => {
                    let active = key.status == AccessKeyStatus::Active;
                    field(if active { "true" } else { "false" });
                    field(&time(key.created));
                    match used.of(&key.id) {
                        Some(last) => {
                            field(&time(last.at));
                            field(&last.region);
                            field(last.service.name());
                        }
                        None => [NONE; 3].into_iter().for_each(&mut field),
                    }
                }
                None => {
                    field("false");
                    [NONE; 4].into_iter().for_each(&mut field);
                }
            }
        }
        // Signing certificates: there are none.
        ["false", NONE, "false", NONE]
            .into_iter()
            .for_each(&mut field);
    }
}

/// Writes a field, in quotes where it needs them (RFC 4180): names of users may have commas.
fn push_field(report: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        report.push('"');
        report.push_str(&text.replace('"', "\"\""));
        report.push('"');
    } else {
        report.push_str(text);
    }
}

/// `2026-11-25T16:53:31+00:00`: the times of reports.
fn time(millis: i64) -> String {
    let mut text = iso_seconds(millis);
    if text.pop().is_some() {
        text.push_str("+00:00");
    }
    text
}
