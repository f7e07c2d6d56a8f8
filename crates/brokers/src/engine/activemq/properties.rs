//! Java `.properties` files, as `java.util.Properties.load` reads them.

/// Builds a properties file of ASCII bytes, whatever the keys and values hold.
#[derive(Default)]
pub struct Properties(String);

impl Properties {
    /// An empty file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry. `load` gives back exactly `key` and `value`.
    pub fn set(&mut self, key: &str, value: &str) -> &mut Self {
        escape_into(&mut self.0, key);
        self.0.push('=');
        escape_into(&mut self.0, value);
        self.0.push('\n');
        self
    }

    /// The file's bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Escapes whatever could mean something: separators, comment signs, white space, control characters and everything
/// outside ASCII (as UTF-16 code units, because `load` reads ISO 8859-1).
fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '=' | ':' | '#' | '!' | ' ' => {
                out.push('\\');
                out.push(c);
            }
            '!'..='~' => out.push(c),
            _ => {
                let mut units = [0u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The reading side of the format, written from the class's documentation.
    fn load(text: &str) -> Vec<(String, String)> {
        text.lines()
            .filter(|line| !line.is_empty())
            .map(|line| {
                let mut parts = [Vec::<u16>::new(), Vec::new()];
                let (mut at, mut chars) = (0, line.chars());
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => match chars.next().unwrap() {
                            'u' => {
                                let hex: String = chars.by_ref().take(4).collect();
                                parts[at].push(u16::from_str_radix(&hex, 16).unwrap());
                            }
                            other => parts[at].push(other as u16),
                        },
                        '=' | ':' if at == 0 => at = 1,
                        ' ' | '\t' | '\u{c}' | '#' | '!' => panic!("unescaped {c:?}"),
                        _ => parts[at].push(c as u16),
                    }
                }
                let [key, value] = parts.map(|units| String::from_utf16(&units).unwrap());
                (key, value)
            })
            .collect()
    }

    #[test]
    fn separators_and_comment_signs_are_escaped() {
        let mut file = Properties::new();
        file.set("a b:c=#!", " pass\\word\n€😀");
        assert_eq!(
            String::from_utf8(file.into_bytes()).unwrap(),
            "a\\ b\\:c\\=\\#\\!=\\ pass\\\\word\\u000a\\u20ac\\ud83d\\ude00\n"
        );
    }

    proptest! {
        #[test]
        fn what_is_set_is_what_java_loads(entries in proptest::collection::vec((".*", ".*"), 0..8)) {
            let mut file = Properties::new();
            for (key, value) in &entries {
                file.set(key, value);
            }
            let text = String::from_utf8(file.into_bytes()).unwrap();
            prop_assert!(text.is_ascii());
            prop_assert_eq!(text.lines().count(), entries.len());
            prop_assert_eq!(load(&text), entries);
        }
    }
}
