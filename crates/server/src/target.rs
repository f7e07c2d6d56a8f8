//! What a decision is about.

/// Something that an action is done to: its ARN or `*`, the tags it has, and the keys of its own that its service has.
pub struct Target {
    pub(crate) arn: String,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) keys: Vec<(&'static str, String)>,
}

impl Target {
    /// Every resource: actions without a resource type.
    pub fn any() -> Target {
        Target {
            arn: "*".into(),
            tags: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The resource with this ARN.
    pub fn arn(arn: impl Into<String>) -> Target {
        Target {
            arn: arn.into(),
            tags: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The same with a condition key of its own.
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<String>) -> Target {
        self.keys.push((key, value.into()));
        self
    }

    pub(crate) fn tagged<'a>(
        arn: String,
        tags: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> Target {
        Target {
            arn,
            tags: tags
                .into_iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            keys: Vec::new(),
        }
    }
}
