//! Rules about `Resource` and `NotResource`.

use super::glob::resources_intersect;
use super::{Examiner, KnownAction, Rule, few};
use crate::policy::Version;

pub(super) fn examine(it: &mut Examiner<'_>) {
    let Some(resources) = it.statement.resources() else {
        return;
    };
    if resources.negated && it.is_allow() {
        it.warn(
            Rule::NotResourceAllow,
            Some("NotResource"),
            "NotResource with Allow grants every other resource, also those that do not exist yet: use Resource",
        );
    }
    for entry in &resources.values {
        shape(it, entry);
        if it.document.version() == Version::V2008 && entry.contains("${") {
            it.warn(
                Rule::VariableIn2008,
                Some(entry),
                format!("`{entry}`: in a document of version 2008-10-17, or without a version, `${{…}}` is plain text: set \"Version\": \"2012-10-17\""),
            );
        }
    }
    if !resources.negated {
        never_matches(it, &resources.values);
    }
}

fn never_matches(it: &mut Examiner<'_>, entries: &[String]) {
    let variables = it.has_variables();
    let can_match = |action: &KnownAction| {
        entries.iter().any(|entry| {
            entry == "*"
                || action
                    .resources
                    .iter()
                    .any(|on| resources_intersect(entry, on, variables))
        })
    };
    let all = it.actions();
    let dead: Vec<&KnownAction> = all
        .iter()
        .copied()
        .filter(|action| !can_match(action))
        .collect();
    let meant: Vec<&str> = dead.iter().map(|action| action.name.as_str()).collect();
    // Every entry of the list of actions by itself: what it names, and whether anything is left.
    if !it.statement.actions().negated {
        for entry in &it.statement.actions().values {
            let own: Vec<&KnownAction> = it.known.matching(entry).collect();
            let lost: Vec<&str> = own
                .iter()
                .filter(|action| meant.contains(&action.name.as_str()))
                .map(|action| action.name.as_str())
                .collect();
            if lost.is_empty() {
                continue;
            }
            let on_star = own.iter().all(|action| action.resources.is_empty());
            let because = if on_star {
                "has no resource type and is asked on `*`, which only `*` covers"
            } else {
                "is never asked on these resources"
            };
            if lost.len() == own.len() && it.known.knows_all_of(entry) {
                let never = it.never();
                it.warn(
                    Rule::ResourceNeverMatches,
                    Some(entry),
                    format!("`{entry}` {because}, {never}"),
                );
            } else if lost.len() < own.len() && *entry != "*" {
                it.note(
                    Rule::ResourceNeverMatches,
                    Some(entry),
                    format!(
                        "of `{entry}` these actions are never asked on these resources: {}",
                        few(&lost)
                    ),
                );
            }
        }
    }
    if it.knows_all_actions() && all.len() > dead.len() {
        for entry in entries.iter().filter(|entry| *entry != "*") {
            let used = all.iter().any(|action| {
                let mut on = action.resources.iter();
                on.any(|on| resources_intersect(entry, on, variables))
            });
            if !used {
                it.warn(
                    Rule::ResourceUnused,
                    Some(entry),
                    format!("no action of the statement is ever asked on `{entry}`"),
                );
            }
        }
    }
}

/// Parts of an ARN that cannot be as they are.
fn shape(it: &mut Examiner<'_>, entry: &str) {
    if entry == "*" {
        return;
    }
    let parts: Vec<&str> = entry.splitn(6, ':').collect();
    let [_, _, service, region, account, _] = parts.as_slice() else {
        it.warn(
            Rule::ResourceMalformed,
            Some(entry),
            format!("`{entry}` has not the six parts of an ARN: here it allows nothing, and in a Deny it matches everything"),
        );
        return;
    };
    let plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
    if plain(account) && *account != "aws" {
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            it.warn(
                Rule::ResourceMalformed,
                Some(entry),
                format!("`{entry}`: `{account}` is not an account id of 12 digits"),
            );
        } else if let Some(own) = it.known.account.as_deref().filter(|own| own != account) {
            let message = format!(
                "`{entry}` is in account `{account}`, and this is `{own}`: nothing here matches"
            );
            it.note(Rule::ResourceMalformed, Some(entry), message);
        }
    }
    // Region names are words with a number at the end: `us-east-1`, `us-gov-west-1`.
    let region_like = |text: &str| {
        text.rsplit_once('-').is_some_and(|(area, number)| {
            area.contains('-') && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if plain(region) && !region_like(region) {
        it.warn(
            Rule::ResourceMalformed,
            Some(entry),
            format!("`{entry}`: `{region}` is not the name of a region"),
        );
    }
    if region.is_empty() && regional(it, service) {
        it.warn(
            Rule::ResourceMalformed,
            Some(entry),
            format!("`{entry}` has no region, and everything of `{service}` has one: write `*`"),
        );
    }
}

/// Whether every resource of the service that is known has a region.
fn regional(it: &Examiner<'_>, service: &str) -> bool {
    let mut resources = it
        .known
        .actions
        .iter()
        .flat_map(|action| &action.resources)
        .filter_map(|arn| {
            let mut parts = arn.splitn(6, ':').skip(2);
            let (of, region) = (parts.next()?, parts.next()?);
            (of == service).then_some(!region.is_empty())
        })
        .peekable();
    resources.peek().is_some() && resources.all(|regional| regional)
}
