//! The request that is asked about: policies by layer, and the condition keys.

use iam::simulate::{Sheet, Sheets, Simulation, simulate};
use iam::{Arn, Context, DocumentKind, Question};
use server::clock::{Clock, SystemClock};

use super::documents::{Document, Source};
use super::{QuestionArgs, Stored};
use crate::exit::Usage;

/// Everything about a request but action and resource.
pub(crate) struct Asked {
    pub(crate) identity: Vec<Document>,
    pub(crate) boundary: Option<Vec<Document>>,
    pub(crate) session: Option<Vec<Document>>,
    pub(crate) principal: Option<String>,
    /// Keys with their values, each key once.
    pub(crate) context: Vec<(String, Vec<String>)>,
    /// Keys that the user set or took away, which nothing else changes.
    fixed: Vec<String>,
    stored: Option<Stored>,
}

impl Asked {
    /// Reads what the flags name.
    ///
    /// # Errors
    /// A file or the store cannot be read, or a document is not valid.
    pub(super) fn read(args: &QuestionArgs) -> anyhow::Result<Self> {
        let read = |path, kind| Ok::<_, anyhow::Error>(Source::read(path, kind)?.parse());
        let mut identity = Vec::new();
        for path in &args.policies {
            identity.push(read(path, DocumentKind::Identity)?);
        }
        let mut boundary = match &args.boundary {
            Some(path) => Some(vec![read(path, DocumentKind::Managed)?]),
            None => None,
        };
        let mut sessions = Vec::new();
        for path in &args.sessions {
            sessions.push(read(path, DocumentKind::Session)?);
        }
        for document in identity
            .iter()
            .chain(boundary.iter().flatten())
            .chain(&sessions)
        {
            document.valid()?;
        }
        let mut asked = Self {
            identity: Vec::new(),
            boundary: None,
            session: (!sessions.is_empty()).then_some(sessions),
            principal: args.principal.clone(),
            context: Vec::new(),
            fixed: Vec::new(),
            stored: None,
        };
        let stored = match (&args.user, &args.role) {
            (None, None) => None,
            (user, role) => {
                let stored = Stored::open(&args.data.folder()?)?;
                let user = user.as_deref().map(|name| stored.user(name));
                let found = user.or_else(|| role.as_deref().map(|name| stored.role(name)));
                found.transpose()?.map(|found| (stored, found))
            }
        };
        if let Some((stored, found)) = stored {
            asked.principal = asked.principal.or(Some(found.arn));
            asked.identity = found.identity.into_iter().map(Source::parse).collect();
            boundary = boundary.or_else(|| {
                found
                    .boundary
                    .map(|sources| sources.into_iter().map(Source::parse).collect())
            });
            for (key, value) in &found.tags {
                asked.set(&format!("aws:PrincipalTag/{key}"), value);
            }
            asked.stored = Some(stored);
        }
        asked.identity.extend(identity);
        asked.boundary = boundary;
        for pair in &args.context {
            let Some((key, _)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                return Err(Usage(format!(
                    "`{pair}` is not KEY=VALUE, such as aws:RequestTag/env=test"
                ))
                .into());
            };
            asked.fixed.push(key.to_owned());
        }
        asked.fixed.extend(args.absent.iter().cloned());
        asked.defaults()?;
        for pair in &args.context {
            if let Some((key, value)) = pair.split_once('=') {
                asked.set(key, value);
            }
        }
        Ok(asked)
    }

    /// The request of a user or role session whose policies are stored; nothing is supplied by itself.
    pub(crate) fn of_stored(stored: Stored, arn: &str) -> anyhow::Result<Self> {
        let user = if arn.contains(":assumed-role/") {
            stored.role(arn)?
        } else {
            stored.user(arn)?
        };
        let parse = |sources: Vec<Source>| sources.into_iter().map(Source::parse).collect();
        let mut asked = Self {
            identity: parse(user.identity),
            boundary: user.boundary.map(parse),
            session: None,
            principal: Some(user.arn),
            context: Vec::new(),
            fixed: Vec::new(),
            stored: Some(stored),
        };
        asked.principal_keys()?;
        for (key, value) in &user.tags {
            asked.set(&format!("aws:PrincipalTag/{key}"), value);
        }
        Ok(asked)
    }

    /// Adds a value to a key; a key may have several.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        let known = self
            .context
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(key));
        match known {
            Some((_, values)) => values.push(value.to_owned()),
            None => self.context.push((key.to_owned(), vec![value.to_owned()])),
        }
    }

    fn supply(&mut self, key: &str, value: &str) {
        let fixed = self.fixed.iter().any(|it| it.eq_ignore_ascii_case(key));
        if !fixed {
            self.set(key, value);
        }
    }

    /// What the service supplies with every request.
    fn defaults(&mut self) -> anyhow::Result<()> {
        let now = SystemClock.now();
        self.supply("aws:CurrentTime", &server::time::iso_seconds(now));
        self.supply("aws:EpochTime", &now.div_euclid(1000).to_string());
        self.supply("aws:ViaAWSService", "false");
        self.supply("aws:PrincipalIsAWSService", "false");
        self.principal_keys()
    }

    fn principal_keys(&mut self) -> anyhow::Result<()> {
        let Some(principal) = self.principal.clone() else {
            return Ok(());
        };
        let arn = Arn::parse(&principal).map_err(|error| Usage(error.to_string()))?;
        self.supply("aws:PrincipalAccount", arn.account());
        self.supply("aws:ResourceAccount", arn.account());
        match (arn.service(), arn.resource()) {
            ("iam", "root") => {
                self.supply("aws:PrincipalArn", &principal);
                self.supply("aws:PrincipalType", "Account");
                self.supply("aws:userid", arn.account());
            }
            ("iam", user) if user.starts_with("user/") => {
                self.supply("aws:PrincipalArn", &principal);
                self.supply("aws:PrincipalType", "User");
                let name = user.rsplit('/').next().unwrap_or_default();
                self.supply("aws:username", name);
            }
            ("sts", session) if session.starts_with("assumed-role/") => {
                let role = session.split('/').nth(1).unwrap_or_default();
                let (partition, account) = (arn.partition(), arn.account());
                // The condition key names the role, not the session.
                self.supply(
                    "aws:PrincipalArn",
                    &format!("arn:{partition}:iam::{account}:role/{role}"),
                );
                self.supply("aws:PrincipalType", "AssumedRole");
            }
            (_, _) => {
                return Err(Usage(format!(
                    "`{principal}` is not a principal: give …:root, …:user/NAME or …:assumed-role/ROLE/SESSION"
                ))
                .into());
            }
        }
        Ok(())
    }

    /// The keys that go with a resource: its region and, from the store, its tags.
    fn for_resource(&self, resource: &str) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        let region = Arn::parse(resource).ok();
        let region = region.as_ref().map(Arn::region).filter(|it| !it.is_empty());
        keys.push((
            "aws:RequestedRegion".to_owned(),
            region.unwrap_or("us-east-1").to_owned(),
        ));
        if let Some(stored) = &self.stored {
            let tags = stored.tags_of(resource).into_iter();
            keys.extend(tags.map(|(key, value)| (format!("aws:ResourceTag/{key}"), value)));
        }
        let given = |key: &str| {
            let mut known = self
                .context
                .iter()
                .map(|(known, _)| known)
                .chain(&self.fixed);
            known.any(|known| known.eq_ignore_ascii_case(key))
        };
        keys.retain(|(key, _)| !given(key));
        keys
    }

    /// Decides.
    pub(crate) fn ask(&self, action: &str, resource: &str) -> Simulation {
        self.ask_with(action, resource, &[], &[])
    }

    /// Decides, with some keys set and some left out.
    pub(crate) fn ask_with(
        &self,
        action: &str,
        resource: &str,
        set: &[(&str, &str)],
        without: &[&str],
    ) -> Simulation {
        let of_resource = self.for_resource(resource);
        let replaced = |key: &str| {
            let mut names = set.iter().map(|(key, _)| key).chain(without);
            names.any(|name| name.eq_ignore_ascii_case(key))
        };
        let mut context = Context::new();
        for (key, values) in self.context.iter().filter(|(key, _)| !replaced(key)) {
            for value in values {
                context.text(key, value.as_str());
            }
        }
        for (key, value) in of_resource.iter().filter(|(key, _)| !replaced(key)) {
            context.text(key, value.as_str());
        }
        for (key, value) in set {
            context.text(key, *value);
        }
        let identity: Vec<Sheet<'_>> = self.identity.iter().map(Document::sheet).collect();
        let boundary: Option<Vec<Sheet<'_>>> = layer(self.boundary.as_deref());
        let session: Option<Vec<Sheet<'_>>> = layer(self.session.as_deref());
        simulate(
            &Sheets {
                identity: &identity,
                boundary: boundary.as_deref(),
                session: session.as_deref(),
                root: self.is_root(),
            },
            &Question {
                action,
                resource,
                context: &context,
            },
        )
    }

    fn is_root(&self) -> bool {
        let principal = self.principal.as_deref().unwrap_or_default();
        principal.starts_with("arn:") && principal.ends_with(":root")
    }

    /// The document with this name.
    pub(crate) fn document(&self, name: &str) -> Option<&Document> {
        let boundary = self.boundary.iter().flatten();
        let session = self.session.iter().flatten();
        let mut all = self.identity.iter().chain(boundary).chain(session);
        all.find(|document| document.source.name == name)
    }

    /// Account and region for resources that are not named, from the principal or the resource.
    pub(super) fn home(&self, resource: &str) -> (String, String) {
        let own = Arn::parse(resource).ok();
        let principal = self.principal.as_deref().and_then(|it| Arn::parse(it).ok());
        let account = [own.as_ref(), principal.as_ref()]
            .into_iter()
            .flatten()
            .map(Arn::account)
            .find(|account| !account.is_empty())
            .unwrap_or("111122223333");
        let requested = self
            .context
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("aws:RequestedRegion"))
            .and_then(|(_, values)| values.first());
        let region = own
            .as_ref()
            .map(Arn::region)
            .filter(|region| !region.is_empty())
            .or(requested.map(String::as_str))
            .unwrap_or("us-east-1");
        (account.to_owned(), region.to_owned())
    }
}

fn layer(documents: Option<&[Document]>) -> Option<Vec<Sheet<'_>>> {
    documents.map(|documents| documents.iter().map(Document::sheet).collect())
}
