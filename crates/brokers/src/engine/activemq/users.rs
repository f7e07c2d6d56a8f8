//! Users and groups, as ActiveMQ's `PropertiesLoginModule` reads them: one file of passwords, one of members.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BrokerUser, CONSOLE_GROUP, CONSOLE_USER, NodeSpec, Properties, RenderError, WEBCONSOLE_GROUP,
};

/// JAAS: one realm for all protocols and the console. `reload` is off because, as on Amazon MQ, changes wait for a reboot.
pub(super) const LOGIN_CONFIG: &str = r#"activemq {
  org.apache.activemq.jaas.PropertiesLoginModule required
    org.apache.activemq.jaas.properties.user="users.properties"
    org.apache.activemq.jaas.properties.group="groups.properties"
    reload=false;
};
"#;

pub(super) fn users(spec: &NodeSpec) -> Result<Vec<u8>, RenderError> {
    let mut file = Properties::new();
    for user in &spec.users {
        file.set(member(&user.username)?, user.password.expose());
    }
    if let Some(console) = &spec.console {
        file.set(CONSOLE_USER, console.password.expose());
    }
    Ok(file.into_bytes())
}

pub(super) fn groups(spec: &NodeSpec) -> Result<Vec<u8>, RenderError> {
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for user in &spec.users {
        let name = member(&user.username)?;
        for group in groups_of(user) {
            members.entry(group_name(group)?).or_default().insert(name);
        }
        if user.console_access {
            members.entry(CONSOLE_GROUP).or_default().insert(name);
        }
    }
    if spec.console.is_some() {
        members
            .entry(WEBCONSOLE_GROUP)
            .or_default()
            .insert(CONSOLE_USER);
    }
    let mut file = Properties::new();
    for (group, members) in members {
        let list: Vec<&str> = members.into_iter().collect();
        file.set(group, &list.join(","));
    }
    Ok(file.into_bytes())
}

fn groups_of(user: &BrokerUser) -> impl Iterator<Item = &str> {
    user.groups.iter().map(String::as_str)
}

/// A user's name. The module splits members at commas and trims nothing, and the reserved name is nobody's to take.
fn member(name: &str) -> Result<&str, RenderError> {
    let reserved = name == CONSOLE_USER;
    if name.is_empty() || name.contains(',') || name.trim() != name || reserved {
        return Err(RenderError::Identity {
            kind: "user",
            name: name.to_owned(),
        });
    }
    Ok(name)
}

fn group_name(name: &str) -> Result<&str, RenderError> {
    let reserved = name == CONSOLE_GROUP;
    if name.is_empty() || name.contains(',') || name.trim() != name || reserved {
        return Err(RenderError::Identity {
            kind: "group",
            name: name.to_owned(),
        });
    }
    Ok(name)
}
