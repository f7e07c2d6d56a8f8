//! The `data` member of the API: base64 text on the wire, bytes within.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ConfigurationError;

/// The largest configuration, in bytes after decoding: 1 MiB.
///
/// Differs: Amazon MQ documents no limit of its own below the 10 MB of its gateway.
pub const MAX_DATA_BYTES: usize = 1024 * 1024;

/// Decodes the `data` of a configuration.
///
/// Strict: the standard alphabet with padding, nothing else, no line breaks. Text that can only be too large is refused
/// before it is decoded.
pub fn decode(data: &str) -> Result<Vec<u8>, ConfigurationError> {
    if data.len() > MAX_DATA_BYTES.div_ceil(3) * 4 {
        return Err(ConfigurationError::TooLarge);
    }
    let bytes = STANDARD
        .decode(data)
        .map_err(|_| ConfigurationError::NotBase64)?;
    check_size(&bytes)?;
    Ok(bytes)
}

/// Encodes a stored configuration for an answer.
pub fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

/// Refuses more than [`MAX_DATA_BYTES`].
pub(super) fn check_size(data: &[u8]) -> Result<(), ConfigurationError> {
    if data.len() > MAX_DATA_BYTES {
        Err(ConfigurationError::TooLarge)
    } else {
        Ok(())
    }
}

/// The text of a configuration: UTF-8, without the byte order mark it may begin with.
pub(super) fn text(data: &[u8]) -> Result<&str, ConfigurationError> {
    check_size(data)?;
    let text = std::str::from_utf8(data).map_err(|_| ConfigurationError::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strict_base64_is_decoded() {
        assert_eq!(decode("PGJyb2tlci8+").unwrap(), b"<broker/>");
        assert_eq!(decode("").unwrap(), b"");
        for bad in [
            "PGJyb2tlci8",
            "PGJy b2tlci8+",
            "PGJy\nb2tlci8+",
            "_-8=",
            "PGI=x",
            "QQ=",
            "QR==",
            "é",
        ] {
            assert_eq!(decode(bad), Err(ConfigurationError::NotBase64), "{bad:?}");
        }
    }

    #[test]
    fn one_mebibyte_passes_and_one_byte_more_does_not() {
        let most = vec![b'x'; MAX_DATA_BYTES];
        assert_eq!(
            decode(&STANDARD.encode(&most)).unwrap().len(),
            MAX_DATA_BYTES
        );
        let more = vec![b'x'; MAX_DATA_BYTES + 1];
        assert_eq!(
            decode(&STANDARD.encode(&more)),
            Err(ConfigurationError::TooLarge)
        );
        assert_eq!(
            decode(&"A".repeat(8 * MAX_DATA_BYTES)),
            Err(ConfigurationError::TooLarge)
        );
    }

    #[test]
    fn text_is_utf8_and_loses_its_byte_order_mark() {
        assert_eq!(text(b"\xef\xbb\xbfa").unwrap(), "a");
        assert_eq!(text(b"\xff\xfea\0"), Err(ConfigurationError::NotUtf8));
    }
}
