//! What has to be there before the first request: account, root key, authority, default VPCs. Everything is made once and
//! found again at later starts.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use iam::identity::{AccessKey, AccessKeyStatus, KeyOwner, UniqueIdKind, unique_id};
use store::state::{Account, AccountRecord, AuthorityRecord, Record, State};
use store::{Change, Commit, CommitError, MasterKey, Store};
use vpc::{Cidr, DefaultVpc};
use zeroize::Zeroizing;

use crate::authority::{Authority, AuthorityError};
use crate::clock::random;
use crate::network_mode::ranges;
use crate::settings::{NetworkMode, Region, Settings};

/// A root access key as it is given by environment or file, or as it was generated.
pub struct RootKey {
    /// The key id.
    pub id: String,
    /// The secret.
    pub secret: Zeroizing<String>,
}

/// Why the first start did not come about.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartError {
    /// The root key that was given cannot be taken.
    #[error("the root access key cannot be used: {0}")]
    RootKey(&'static str),
    /// The data folder belongs to another account.
    #[error(
        "the data folder belongs to account {found}, not {given}: give --account-id {found}, or another --data-dir"
    )]
    OtherAccount {
        /// The account of the data folder.
        found: String,
        /// The account that was given.
        given: String,
    },
    /// The account id is not one.
    #[error("`{0}` is not an account id: it has 12 digits")]
    AccountId(String),
    /// No range of 127.0.0.0/8 is left for a region's default VPC.
    #[error("no address range is left for the region `{0}`")]
    NoRange(String),
    /// What is stored was made for another network mode.
    #[error(
        "the network mode {mode} cannot be used with this data folder: {why}; use the mode it was made in, or another --data-dir"
    )]
    OtherNetwork {
        /// The mode that was asked for.
        mode: &'static str,
        /// What does not fit.
        why: String,
    },
    /// The machine has no randomness.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] store::seal::SealError),
    /// The authority could not be made or read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The store refused.
    #[error("the store could not be written")]
    Store(#[from] store::Failure),
    /// A file could not be written.
    #[error("cannot write `{path}`")]
    File {
        /// Its path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What the first start made or later ones found.
pub struct Ready {
    /// The account.
    pub account: String,
    /// The authority.
    pub authority: Authority,
    /// The root key, where this start made it or it was given.
    pub root_key: Option<RootKey>,
}

/// Makes what is missing.
///
/// # Errors
/// [`FirstStartError`]; what was made before it stays.
pub async fn prepare(
    store: &Store<State>,
    master_key: &MasterKey,
    settings: &Settings,
    given: Option<RootKey>,
    now: i64,
) -> Result<Ready, FirstStartError> {
    if let Some(key) = &given {
        check(key)?;
    }
    let snapshot = store.snapshot();
    let found = snapshot
        .state
        .accounts()
        .find(|(_, account)| account.record().is_some())
        .map(|(id, _)| id.clone());
    let account = match (found, settings.account_id.as_deref()) {
        (Some(found), Some(given)) if found != given => {
            return Err(FirstStartError::OtherAccount {
                found,
                given: given.to_owned(),
            });
        }
        (Some(found), _) => found,
        (None, Some(given))
            if given.len() == 12 && given.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            given.to_owned()
        }
        (None, Some(given)) => return Err(FirstStartError::AccountId(given.to_owned())),
        (None, None) => new_account_id()?,
    };
    let existing = snapshot.state.account(&account);
    let mut changes = Vec::new();

    if existing.is_none_or(|existing| existing.record().is_none()) {
        changes.push(Change::put(Record::Account(AccountRecord {
            id: account.clone(),
            created: now,
        })));
    }

    let (certificate, key) = match existing.and_then(Account::authority) {
        Some(record) => {
            let key = master_key.open(
                &store::Sealed::from_text(&record.sealed_key),
                &authority_identity(&account),
            )?;
            (
                record.certificate.clone(),
                Zeroizing::new(String::from_utf8_lossy(&key).into_owned()),
            )
        }
        None => {
            let (certificate, key) =
                Authority::make(&format!("Postern authority of account {account}"), now)?;
            let sealed =
                master_key.seal(key.as_bytes(), &authority_identity(&account), bytes()?)?;
            changes.push(Change::put(Record::Authority(AuthorityRecord {
                account: account.clone(),
                certificate: certificate.clone(),
                sealed_key: sealed.as_text().to_owned(),
            })));
            (certificate, key)
        }
    };
    let authority = Authority::read(&certificate, &key)?;

    let has_root_key =
        existing.is_some_and(|existing| existing.keys_of(&KeyOwner::Root).next().is_some());
    let root_key = match given {
        Some(given) => Some(given),
        None if has_root_key => None,
        None => Some(RootKey {
            id: unique_id(UniqueIdKind::AccessKey, bytes()?),
            secret: new_secret()?,
        }),
    };
    if let Some(key) = &root_key {
        let identity = AccessKey::seal_identity(&account, &key.id);
        let unchanged = snapshot.state.access_key(&key.id).is_some_and(|old| {
            old.account == account
                && old.owner == KeyOwner::Root
                && old.status == AccessKeyStatus::Active
                && master_key
                    .open(&store::Sealed::from_text(&old.sealed_secret), &identity)
                    .is_ok_and(|secret| *secret == key.secret.as_bytes())
        });
        if !unchanged {
            changes.push(Change::put(Record::AccessKey(AccessKey {
                id: key.id.clone(),
                account: account.clone(),
                owner: KeyOwner::Root,
                sealed_secret: master_key
                    .seal(key.secret.as_bytes(), &identity, bytes()?)?
                    .as_text()
                    .to_owned(),
                status: AccessKeyStatus::Active,
                created: now,
            })));
        }
    }

    if let Some(why) = ranges::unfit(&settings.network, &snapshot.state) {
        return Err(FirstStartError::OtherNetwork {
            mode: settings.network.name(),
            why,
        });
    }
    let taken = ranges::real_ranges(&snapshot.state);
    changes.extend(default_vpcs(&account, existing, settings, taken)?);
    if !changes.is_empty() {
        let committed = store
            .commit(&account, move |_: &State, _| {
                Ok::<_, std::convert::Infallible>(Commit {
                    changes: changes.clone(),
                    record: None,
                    value: (),
                })
            })
            .await;
        match committed {
            Ok(()) => {}
            Err(CommitError::Failed(failure)) => return Err(failure.into()),
            Err(CommitError::Refused(never)) => match never {},
        }
    }
    Ok(Ready {
        account,
        authority,
        root_key,
    })
}

/// Writes a file for its owner alone, replacing an older one as a whole.
///
/// # Errors
/// [`FirstStartError::File`].
pub fn write_private(path: &Path, text: &[u8]) -> Result<(), FirstStartError> {
    let write = || {
        let new = path.with_extension("new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    };
    write().map_err(|source| FirstStartError::File {
        path: path.display().to_string(),
        source,
    })
}

pub(crate) fn authority_identity(account: &str) -> String {
    format!("{account}/authority")
}

fn check(key: &RootKey) -> Result<(), FirstStartError> {
    let well_formed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !(16..=128).contains(&key.id.len()) || !key.id.bytes().all(well_formed) {
        return Err(FirstStartError::RootKey(
            "the access key id has 16 to 128 letters, digits or `_`",
        ));
    }
    if key.secret.len() < 16
        || key
            .secret
            .bytes()
            .any(|byte| !(0x21..=0x7e).contains(&byte))
    {
        return Err(FirstStartError::RootKey(
            "the secret has at least 16 printable characters, without spaces",
        ));
    }
    Ok(())
}

fn default_vpcs(
    account: &str,
    existing: Option<&Account>,
    settings: &Settings,
    mut ranges: Vec<Cidr>,
) -> Result<Vec<Change<Record>>, FirstStartError> {
    let mut taken: Vec<u8> = existing
        .iter()
        .flat_map(|existing| {
            let vpcs = existing.vpcs.values().filter(|vpc| vpc.is_default);
            let subnets = existing.subnets.values();
            vpcs.map(|vpc| vpc.cidr)
                .chain(subnets.filter_map(|subnet| subnet.bound))
        })
        .map(|range| {
            let [_, block, ..] = range.base().octets();
            block
        })
        .collect();
    let mut changes = Vec::new();
    for region in &settings.regions {
        let found = existing.and_then(|existing| {
            existing
                .vpcs
                .values()
                .find(|vpc| vpc.is_default && vpc.region == region.name)
                .map(|vpc| (existing, vpc))
        });
        let mut failed = None;
        let unique = || match bytes::<9>() {
            Ok(random) => hex17(random),
            Err(error) => {
                failed = Some(error);
                String::new()
            }
        };
        let (gateway, furnishings) = match found {
            Some((existing, vpc)) if has_route_table(existing, vpc) => continue,
            // Stores of older versions: VPC, subnets and group are there, the rest is not.
            Some((existing, vpc)) => {
                let (gateway, mut furnishings) = DefaultVpc::complete(vpc, unique);
                let group = existing
                    .security_groups
                    .values()
                    .find(|group| group.vpc_id == vpc.id && group.name == "default");
                if let Some(group) = group {
                    // The rules that were made name the group that was made.
                    let mut old = (**group).clone();
                    if old.rules.is_empty() {
                        let made: Vec<String> = furnishings
                            .group
                            .rules
                            .iter()
                            .map(|rule| vpc::digits(&rule.id).to_owned())
                            .collect();
                        let mut digits = made.into_iter();
                        old.give_default_rules(|| digits.next().unwrap_or_default());
                    }
                    furnishings.group = old;
                }
                changes.push(Change::put(Record::Vpc(vpc::Vpc {
                    dns_hostnames: true,
                    ..(**vpc).clone()
                })));
                (gateway, furnishings)
            }
            None => {
                let made = match &settings.network {
                    NetworkMode::Loopback => {
                        let block = free_block(&taken, settings.vpc_block, region)?;
                        taken.push(block);
                        DefaultVpc::new(account, &region.name, &region.zones, block, unique)
                    }
                    NetworkMode::Host { .. } | NetworkMode::Netns => {
                        let made = ranges::default_vpc_range(settings, &ranges).and_then(|range| {
                            let zones = &region.zones;
                            DefaultVpc::within(account, &region.name, zones, range, unique)
                        });
                        let made =
                            made.ok_or_else(|| FirstStartError::NoRange(region.name.clone()))?;
                        ranges.push(made.vpc.cidr);
                        made
                    }
                };
                changes.push(Change::put(Record::Vpc(made.vpc)));
                changes.extend(
                    made.subnets
                        .into_iter()
                        .map(|subnet| Change::put(Record::Subnet(subnet))),
                );
                (made.gateway, made.furnishings)
            }
        };
        if let Some(error) = failed {
            return Err(error);
        }
        changes.push(Change::put(Record::InternetGateway(gateway)));
        changes.push(Change::put(Record::RouteTable(furnishings.route_table)));
        changes.push(Change::put(Record::NetworkAcl(furnishings.network_acl)));
        changes.push(Change::put(Record::SecurityGroup(furnishings.group)));
    }
    Ok(changes)
}

fn has_route_table(account: &Account, vpc: &vpc::Vpc) -> bool {
    account
        .route_tables
        .values()
        .any(|table| table.vpc_id == vpc.id)
}

/// An even second octet of 127.0.0.0/8 that is free: the one that was set, or one by chance, so that two services on one
/// machine rarely meet. 127.0 and 127.1 are left to everybody else.
fn free_block(taken: &[u8], wanted: Option<u8>, region: &Region) -> Result<u8, FirstStartError> {
    let start = match wanted {
        Some(block) => block & 0xfe,
        None => {
            let [chance] = bytes::<1>()?;
            chance & 0xfe
        }
    };
    (0..128_u8)
        .map(|step| start.wrapping_add(step.wrapping_mul(2)))
        .find(|block| (2..=252).contains(block) && !taken.contains(block))
        .ok_or_else(|| FirstStartError::NoRange(region.name.clone()))
}

/// 17 hexadecimal digits.
fn hex17(random: [u8; 9]) -> String {
    random
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>()
        .chars()
        .take(17)
        .collect()
}

fn new_account_id() -> Result<String, FirstStartError> {
    let random = u64::from_le_bytes(bytes()?);
    // Not a leading zero: spreadsheets eat it.
    Ok(format!("{}", 100_000_000_000 + random % 900_000_000_000))
}

/// 40 characters, as AWS's secrets have.
fn new_secret() -> Result<Zeroizing<String>, FirstStartError> {
    use base64::Engine;
    Ok(Zeroizing::new(
        base64::engine::general_purpose::STANDARD.encode(bytes::<30>()?),
    ))
}

fn bytes<const N: usize>() -> Result<[u8; N], FirstStartError> {
    random().map_err(|error| FirstStartError::Random(error.to_string()))
}
