//! A secret on its way into an engine's files.

use zeroize::Zeroizing;

/// A password or key as text. It has neither `Debug` nor `Serialize`, and its memory is wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Shows the text to code that writes it where the engine reads it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
