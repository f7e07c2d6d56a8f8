//! The policies that a service stores. They are read from a copy, so the service may run meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use iam::DocumentKind;
use server::clock::{Clock, SystemClock};
use store::state::{Account, State, aws_managed};
use store::{MasterKey, Options, Store};

use super::Folder;
use super::documents::Source;
use crate::exit::NotFound;

/// A snapshot of the service's state.
pub(crate) struct Stored {
    state: State,
}

/// What there is about a user or a role.
pub(crate) struct StoredPrincipal {
    pub(crate) arn: String,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) identity: Vec<Source>,
    pub(crate) boundary: Option<Vec<Source>>,
}

impl Stored {
    /// Reads the newest committed state.
    ///
    /// # Errors
    /// There is no store, or the master key is not its.
    pub(crate) fn open(folder: &Folder) -> anyhow::Result<Self> {
        if !Store::<State>::exists(&folder.path) {
            let shown = folder.path.display();
            return Err(NotFound(format!("there is no store in `{shown}`")).into());
        }
        let key = MasterKey::load(&folder.master_key_file)?;
        let copy = tempfile::tempdir().context("no place for a copy of the store")?;
        Store::<State>::back_up(&folder.path, &copy.path().join("store.db"))?;
        let now: store::Clock = Arc::new(|| SystemClock.now().div_euclid(1000));
        let store = Store::<State>::open(copy.path(), Options::new(&key, now))?;
        let state = store.snapshot().state.clone();
        store.close();
        Ok(Self { state })
    }

    /// Every policy that somebody wrote: the inline ones of users, groups and roles, the roles'
    /// trust policies, and the customer's managed ones.
    pub(crate) fn policies(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        for (_, account) in self.state.accounts() {
            let users = account.users();
            sources.extend(users.flat_map(|it| inline(&it.user.name, &it.user.inline)));
            let groups = account.groups();
            sources.extend(groups.flat_map(|it| inline(&it.group.name, &it.group.inline)));
            // A service-linked role is its service's.
            let roles = account.roles().map(|it| &it.role);
            for role in roles.filter(|role| role.service.is_none()) {
                sources.extend(inline(&role.name, &role.inline));
                sources.push(Source {
                    name: format!("{} (trust)", role.name),
                    text: role.trust.clone(),
                    kind: DocumentKind::Trust,
                });
            }
            sources.extend(account.policies().map(|entry| Source {
                name: entry.policy.arn(),
                text: entry.policy.document().to_owned(),
                kind: DocumentKind::Managed,
            }));
        }
        sources
    }

    /// The user with this name, or with this ARN.
    ///
    /// # Errors
    /// [`NotFound`].
    pub(crate) fn user(&self, name: &str) -> anyhow::Result<StoredPrincipal> {
        let last = name.rsplit('/').next().unwrap_or(name);
        let accounts = self.state.accounts().map(|(_, account)| account);
        let found = accounts
            .filter_map(|account| Some((account, account.user(last)?)))
            .find(|(_, entry)| !name.starts_with("arn:") || entry.user.arn() == name);
        let Some((account, entry)) = found else {
            return Err(NotFound(format!("there is no user `{name}`")).into());
        };
        let mut identity = Vec::new();
        let user = &entry.user;
        written_on(
            &mut identity,
            account,
            &user.name,
            &user.inline,
            &user.attached,
        );
        let groups = user.groups.iter();
        for group in groups.filter_map(|id| account.group_of_id(id)) {
            let group = &group.group;
            written_on(
                &mut identity,
                account,
                &group.name,
                &group.inline,
                &group.attached,
            );
        }
        Ok(StoredPrincipal {
            arn: entry.user.arn(),
            tags: tags(&user.tags),
            identity,
            boundary: boundary(account, user.boundary.as_deref()),
        })
    }

    /// The role with this name, or the one that a session with this ARN is of. What a session policy
    /// takes away from one session is not stored with the role.
    ///
    /// # Errors
    /// [`NotFound`].
    pub(crate) fn role(&self, name: &str) -> anyhow::Result<StoredPrincipal> {
        let parsed = iam::Arn::parse(name).ok();
        let resource = parsed.as_ref().map_or(name, iam::Arn::resource);
        let (owner, session) = match resource.strip_prefix("assumed-role/") {
            Some(rest) => rest.split_once('/').unwrap_or((rest, "session")),
            None => (resource.rsplit('/').next().unwrap_or(resource), "session"),
        };
        let mut accounts = self.state.accounts().map(|(_, account)| account);
        let Some((account, entry)) =
            accounts.find_map(|account| Some((account, account.role(owner)?)))
        else {
            return Err(NotFound(format!("there is no role `{owner}`")).into());
        };
        let role = &entry.role;
        let mut identity = Vec::new();
        written_on(
            &mut identity,
            account,
            &role.name,
            &role.inline,
            &role.attached,
        );
        Ok(StoredPrincipal {
            arn: format!(
                "arn:aws:sts::{}:assumed-role/{}/{session}",
                role.account, role.name
            ),
            tags: tags(&role.tags),
            identity,
            boundary: boundary(account, role.boundary.as_deref()),
        })
    }

    /// The tags of a broker or configuration.
    pub(crate) fn tags_of(&self, arn: &str) -> Vec<(String, String)> {
        let id = arn.rsplit(':').next().unwrap_or_default();
        let mut tags = Vec::new();
        for (_, account) in self.state.accounts() {
            let broker = account.broker(id).filter(|broker| broker.arn() == arn);
            let configuration = account.configuration(id).filter(|it| it.arn() == arn);
            let of_broker = broker.iter().flat_map(|it| &it.tags);
            let of_configuration = configuration.iter().flat_map(|it| &it.tags);
            let all = of_broker.chain(of_configuration);
            tags.extend(all.map(|(key, value)| (key.clone(), value.clone())));
        }
        tags
    }
}

fn tags(tags: &[iam::identity::Tag]) -> Vec<(String, String)> {
    let pairs = tags.iter();
    pairs
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect()
}

/// A boundary that is gone allows nothing.
fn boundary(account: &Account, arn: Option<&str>) -> Option<Vec<Source>> {
    arn.map(|arn| managed(account, arn).into_iter().collect())
}

/// The policies that are written on a user, group or role.
fn written_on(
    sources: &mut Vec<Source>,
    account: &Account,
    owner: &str,
    inlined: &BTreeMap<String, String>,
    attached: &[String],
) {
    sources.extend(inline(owner, inlined));
    sources.extend(attached.iter().filter_map(|arn| managed(account, arn)));
}

fn inline(owner: &str, policies: &BTreeMap<String, String>) -> Vec<Source> {
    policies
        .iter()
        .map(|(name, text)| Source {
            name: format!("{owner}/{name}"),
            text: text.clone(),
            kind: DocumentKind::Identity,
        })
        .collect()
}

fn managed(account: &Account, arn: &str) -> Option<Source> {
    let text = match account.policy(arn) {
        Some(entry) => entry.policy.document().to_owned(),
        None => aws_managed(arn)?.0.document.to_owned(),
    };
    Some(Source {
        name: arn.to_owned(),
        text,
        kind: DocumentKind::Managed,
    })
}
