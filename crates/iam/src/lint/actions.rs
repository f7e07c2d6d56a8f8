//! Rules about `Action` and `NotAction`.

use super::{Examiner, Rule, few, nearest};

pub(super) fn examine(it: &mut Examiner<'_>) {
    let actions = it.statement.actions();
    if actions.negated && it.is_allow() {
        let except: Vec<&str> = actions.values.iter().map(String::as_str).collect();
        it.warn(
            Rule::NotActionAllow,
            Some("NotAction"),
            format!(
                "NotAction with Allow grants every action of every service except {}, also actions that do not exist yet: use Action",
                few(&except)
            ),
        );
    }
    for entry in &actions.values {
        examine_entry(it, entry, actions.negated);
    }
}

fn examine_entry(it: &mut Examiner<'_>, entry: &str, negated: bool) {
    let Some((service, name)) = entry.split_once(':') else {
        return;
    };
    let Some(known) = it.known.service(service) else {
        let services: Vec<&str> = it
            .known
            .services
            .iter()
            .map(|known| known.name.as_str())
            .collect();
        it.note(
            Rule::UnservedService,
            Some(entry),
            format!(
                "`{entry}`: `{service}` is not served here, only {}",
                few(&services)
            ),
        );
        return;
    };
    if it.known.matching(entry).next().is_some() {
        return;
    }
    let means = if negated {
        "so it excepts nothing"
    } else {
        it.never()
    };
    let of_service = it.known.actions.iter().filter_map(|action| {
        let (prefix, name) = action.name.split_once(':')?;
        prefix.eq_ignore_ascii_case(service).then_some(name)
    });
    let hint = match nearest(name, of_service) {
        Some(near) => format!(": did you mean `{}:{near}`?", known.name),
        None => String::new(),
    };
    let wild = name.contains(['*', '?']);
    match (known.complete, wild) {
        (true, false) => it.warn(
            Rule::UnknownAction,
            Some(entry),
            format!("there is no action `{entry}`, {means}{hint}"),
        ),
        (true, true) => it.warn(
            Rule::UnknownAction,
            Some(entry),
            format!("no action matches `{entry}`, {means}{hint}"),
        ),
        (false, _) if !hint.is_empty() => it.warn(
            Rule::UnservedAction,
            Some(entry),
            format!("`{entry}` is not served here{hint}"),
        ),
        (false, _) => it.note(
            Rule::UnservedAction,
            Some(entry),
            format!("`{entry}` is not served here"),
        ),
    }
}
