//! Keeps the attempts.

use std::collections::BTreeMap;

use serde_json::Value;
use store::Revision;
use testkit::{Client, OTHER_ACCOUNT, Postern, Reply};

use crate::support_sts::{ACCOUNT, done, policy};

pub(crate) struct Book {
    pub(crate) postern: Postern,
    pub(crate) root: Client,
    names: Vec<&'static str>,
    wrong: Vec<String>,
}

impl Book {
    pub(crate) async fn new() -> Book {
        let postern = Postern::start().await.unwrap();
        let root = postern.root();
        Book {
            postern,
            root,
            names: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// Sets a scene as root.
    pub(crate) async fn set(&self, action: &str, members: &[(&str, &str)]) -> Reply {
        done(&self.root, "iam", action, members).await
    }

    /// A customer managed policy of these statements; its ARN.
    pub(crate) async fn managed(&self, name: &str, statements: Value) -> String {
        let document = policy(statements);
        let members = [("PolicyName", name), ("PolicyDocument", document.as_str())];
        self.set("CreatePolicy", &members)
            .await
            .element("Arn")
            .unwrap()
    }

    /// A call of a Query service that has to be refused with this code.
    pub(crate) async fn refused(
        &mut self,
        name: &'static str,
        code: &str,
        client: &Client,
        (service, action): (&str, &str),
        members: &[(&str, &str)],
    ) {
        let before = self.revisions();
        let reply = client.query(service, action, members).await.unwrap();
        self.note(name, code, &before, &reply);
    }

    /// A call of Amazon MQ that has to be refused with this code.
    pub(crate) async fn mq_refused(
        &mut self,
        name: &'static str,
        code: &str,
        client: &Client,
        (method, target): (&str, &str),
        body: &str,
    ) {
        let before = self.revisions();
        let reply = client.mq(method, target, body).await.unwrap();
        self.note(name, code, &before, &reply);
    }

    /// An answer that has to be a refusal with this code, to a call made after these revisions.
    pub(crate) fn note(
        &mut self,
        name: &'static str,
        code: &str,
        before: &BTreeMap<&'static str, Revision>,
        reply: &Reply,
    ) {
        self.names.push(name);
        let found = reply.code().unwrap_or_default();
        if reply.status < 400 || found != code {
            let (status, message) = (reply.status, reply.message());
            self.wrong
                .push(format!("{name}: {status} {found}, not {code}: {message}"));
        }
        if *before != self.revisions() {
            self.wrong.push(format!("{name}: something changed"));
        }
    }

    /// The revisions of both accounts: they move with every change.
    pub(crate) fn revisions(&self) -> BTreeMap<&'static str, Revision> {
        let snapshot = self.postern.service().services().store.snapshot();
        [ACCOUNT, OTHER_ACCOUNT]
            .into_iter()
            .map(|account| (account, snapshot.revision(account)))
            .collect()
    }

    /// Prints the attempts and returns how many there were.
    pub(crate) async fn close(self) -> usize {
        for name in &self.names {
            println!("refused: {name}");
        }
        let mut distinct = self.names.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(
            distinct.len(),
            self.names.len(),
            "each has a name of its own"
        );
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        println!("{} attempts", self.names.len());
        self.postern.stop().await;
        self.names.len()
    }
}
