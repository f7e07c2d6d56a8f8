//! A whole service, its root and its users, for the IAM tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot start has failed")]

use testkit::{Postern, ROOT_KEY_ID, ROOT_SECRET};

pub(crate) const ACCOUNT: &str = "111122223333";

pub(crate) struct Server {
    pub(crate) postern: Postern,
    pub(crate) root: Key,
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Server {
    pub(crate) async fn start() -> Server {
        Server {
            postern: Postern::start().await.unwrap(),
            root: Key {
                id: ROOT_KEY_ID.into(),
                secret: ROOT_SECRET.into(),
            },
        }
    }

    /// Sends a signed Query request.
    pub(crate) async fn call(&self, key: &Key, action: &str, members: &[(&str, &str)]) -> Reply {
        let service = if action == "GetCallerIdentity" {
            "sts"
        } else {
            "iam"
        };
        let client = self.postern.client(&key.id, &key.secret);
        let reply = client.query(service, action, members).await.unwrap();
        Reply {
            status: reply.status,
            body: reply.body,
        }
    }

    /// Sends a request as root that has to succeed.
    pub(crate) async fn done(&self, action: &str, members: &[(&str, &str)]) -> Reply {
        self.call(&self.root, action, members).await.ok()
    }

    /// Makes a user with an access key.
    pub(crate) async fn user(&self, name: &str) -> Key {
        self.done("CreateUser", &[("UserName", name)]).await;
        let reply = self.done("CreateAccessKey", &[("UserName", name)]).await;
        reply.key()
    }
}

impl Reply {
    /// The reply, if it is a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Reply {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }

    /// Checks that the reply is this refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, message: &str) {
        assert_eq!(
            (self.status, self.text("Code"), self.text("Message")),
            (status, code.to_owned(), message.to_owned()),
            "{}",
            self.body
        );
    }

    /// The text of every element of this name, in document order.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        self.body
            .split(&open)
            .skip(1)
            .map(|rest| {
                let text = rest.split(&close).next().unwrap();
                text.replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
            })
            .collect()
    }

    /// The text of the first element of this name.
    pub(crate) fn text(&self, name: &str) -> String {
        self.texts(name).into_iter().next().unwrap_or_default()
    }

    /// The names of the elements directly in the first element of this name.
    pub(crate) fn children(&self, name: &str) -> Vec<String> {
        let inner = self.text(name);
        let mut names = Vec::new();
        let mut rest = inner.trim_start();
        while let Some(tag) = rest.strip_prefix('<') {
            let (child, after) = tag.split_once('>').unwrap();
            let (child, after) = match child.strip_suffix('/') {
                Some(empty) => (empty, after),
                None => (child, after.split_once(&format!("</{child}>")).unwrap().1),
            };
            names.push(child.to_owned());
            rest = after.trim_start();
        }
        names
    }

    /// The access key of a CreateAccessKey answer.
    pub(crate) fn key(&self) -> Key {
        Key {
            id: self.text("AccessKeyId"),
            secret: self.text("SecretAccessKey"),
        }
    }
}
