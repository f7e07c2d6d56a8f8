//! The smallest statement that allows one action on one resource.

use serde_json::{Value, json};

use crate::compile::CompiledPolicy;
use crate::context::Context;
use crate::evaluate::{Layers, PolicyKind, PolicyRef, Question, evaluate};
use crate::policy::{DocumentKind, PolicyDocument};

/// An Allow statement to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The action, in the spelling of the question.
    pub action: String,
    /// The resource's ARN, or `*` for actions without a resource type.
    pub resource: String,
}

impl Suggestion {
    /// Finds the statement. It is tried before it is proposed: it stands in a document that AWS
    /// accepts, and that document allows the question. `None` if there is no such document, because
    /// the action is no action.
    pub fn find(action: &str, resource: &str) -> Option<Self> {
        // In a resource `${` begins a variable; `${$}` is the dollar itself.
        let literal = resource.replace("${", "${$}{");
        [literal, "*".to_owned()].into_iter().find_map(|entry| {
            let suggestion = Self {
                action: action.to_owned(),
                resource: entry,
            };
            suggestion.allows(resource).then_some(suggestion)
        })
    }

    /// The statement as JSON.
    pub fn statement(&self) -> Value {
        json!({ "Effect": "Allow", "Action": self.action, "Resource": self.resource })
    }

    /// A whole document with this statement, fit for PutUserPolicy and CreatePolicy.
    pub fn document(&self) -> Value {
        json!({ "Version": "2012-10-17", "Statement": [self.statement()] })
    }

    fn allows(&self, resource: &str) -> bool {
        let text = self.document().to_string();
        let Ok(document) = PolicyDocument::parse(&text, DocumentKind::Managed) else {
            return false;
        };
        let policy = CompiledPolicy::compile(&document);
        let identity = [PolicyRef {
            id: "suggestion",
            kind: PolicyKind::Inline,
            policy: &policy,
        }];
        let layers = Layers {
            identity: &identity,
            ..Layers::default()
        };
        let context = Context::new();
        let question = Question {
            action: &self.action,
            resource,
            context: &context,
        };
        evaluate(&layers, &question).is_allowed()
    }
}
