//! AWS Signature Version 4 for servers: who sent this request, and is it whole?
//!
//! A client of AWS signs each request with a key derived from its secret. This
//! crate is the other half: it takes the request as it came off the wire, builds
//! the one canonical form that both sides agree on, and says whether the secret of
//! an access key made the signature. It signs, too. It does no IO and reads no
//! clock: bytes and the time come in as arguments, so every boundary can be tested.
//!
//! # In a server
//!
//! Three steps, with the look-up of the key between them, because AWS judges dates
//! and scopes before it looks for the key, and the key before the signature:
//!
//! 1. [`examine`] checks all that needs no key and returns a [`Claim`]: which key
//!    the request says it is signed with. A claim is not an identity.
//! 2. The server finds the secret. Where there is none, [`Claim::verify_unknown`]
//!    takes the time that a look at the signature would have taken.
//! 3. [`Claim::verify`] returns [`Verified`], which nothing else can make. Let
//!    handlers take that, and a request that was not verified cannot reach them.
//!
//! ```
//! use std::collections::HashMap;
//! use sigv4::{AuthError, Family, Header, KeyCache, Request, SecretKey, Service, Verified};
//!
//! struct Server {
//!     secrets: HashMap<String, SecretKey>,
//!     keys: KeyCache,
//! }
//!
//! /// One row for each service the server plays. The request does not choose it.
//! const QUEUES: Service<'static> = Service {
//!     name: "sqs",
//!     family: Family::RestJson,
//!     window: 15 * 60,
//!     regions: &["us-east-1"],
//!     presigned: true,
//! };
//!
//! impl Server {
//!     fn authenticate(&self, request: &Request<'_>, now: i64) -> Result<Verified, AuthError> {
//!         let claim = sigv4::examine(request, &QUEUES, now)?;
//!         // This server issues no session tokens, so none is valid.
//!         if claim.session_token().is_some() {
//!             return Err(AuthError::TokenInvalid);
//!         }
//!         match self.secrets.get(claim.access_key_id()) {
//!             Some(secret) => claim.verify(secret, &self.keys),
//!             None => Err(claim.verify_unknown(&self.keys)),
//!         }
//!     }
//! }
//!
//! # let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
//! let server = Server {
//!     secrets: HashMap::from([("AKIDEXAMPLE".to_owned(), secret.clone())]),
//!     keys: KeyCache::new(1024),
//! };
//! // A client signs its request ...
//! let headers: Vec<Header<'_>> = vec![("Host", b"queues.example.com")];
//! let request = Request { method: "POST", target: b"/", headers: &headers, body: b"{}" };
//! let signing = sigv4::Signing::new("AKIDEXAMPLE", &secret, "us-east-1", "sqs");
//! let now = 1_700_000_000;
//! let added = sigv4::sign_headers(&request, &signing, now)?;
//!
//! // ... and the server receives it.
//! let mut received = headers.clone();
//! received.extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
//! let request = Request { headers: &received, ..request };
//! let who = server.authenticate(&request, now + 10).map_err(|e| e.message(Family::RestJson))?;
//! assert_eq!(who.access_key_id(), "AKIDEXAMPLE");
//!
//! // A changed body is refused, in AWS's words.
//! let changed = Request { body: b"{ }", ..request };
//! let refusal = server.authenticate(&changed, now).err().ok_or("refused")?;
//! assert_eq!(refusal.status(Family::RestJson), 403);
//! assert_eq!(refusal.code(Family::RestJson), "InvalidSignatureException");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! There is no other way to a [`Verified`]:
//!
//! ```compile_fail,E0451
//! fn forge(seen: sigv4::Verified) -> sigv4::Verified {
//!     sigv4::Verified { access_key_id: "AKIDADMIN".to_owned(), ..seen }
//! }
//! ```
//!
//! # What the server has to see to
//!
//! - **Hand in what was received.** Path and query undecoded, every header, the body
//!   that will be parsed and no other. `host` is what the client sent; behind a proxy
//!   it is what the client sent to the proxy.
//! - **Session tokens.** A token may be sent unsigned, so it must authenticate itself
//!   and name its access key. Refuse a temporary key without one, a long-term key
//!   with one, and one that names another key: [`AuthError::TokenInvalid`].
//! - **Replay.** Inside the window a request can be sent again. Where that matters,
//!   remember [`Verified::signature`] for twice the window.
//! - **Routing.** The canonical path resolves `.`, `..` and `//`. Route by the same
//!   path, or refuse such paths, so that what was signed is what is done.
//! - **Limits.** Bound the sizes of targets, headers and bodies before this crate
//!   sees them. Its own work is linear in them, but for signed headers times headers.
//! - **The clock.** Clients correct theirs by the `Date` header of a refusal. Send it.
//!
//! # The rules
//!
//! They are those of AWS's documentation ("Create a signed AWS API request"), of its
//! test suite and of its SDKs, for every service but S3:
//!
//! - The path is encoded once more than it was received, whatever it holds: a received
//!   `%3A` counts as `%253A`. The query is decoded, encoded anew and sorted.
//! - Headers of one name are joined by commas, runs of blanks and folded lines become
//!   one space.
//! - `host` and every `x-amz-*` header must be signed, the session token excepted, and
//!   a header named as signed must be there.
//! - The body is always hashed; `UNSIGNED-PAYLOAD` and `STREAMING-…` are refused, and
//!   a declared hash must be the true one.
//! - A presigned request is good from its date until its expiry or the end of the
//!   service's window, whichever comes first.
//! - A repeat of anything that decides who is asking is refused, where AWS takes the
//!   first or the last: headers in any case, and `X-Amz-*` parameters in any case.
//!
//! [`AuthError`] has AWS's codes, statuses and texts. Its texts echo what the client
//! sent, for the client; its `Debug` and `Display` do not, for the log.
//!
//! # Cost
//!
//! Verification streams the canonical request into SHA-256 without building it and
//! allocates nothing per header. With a cached key it costs less than twice the
//! hashing that cannot be avoided: `cargo run --release --example bench -p sigv4`.

#![forbid(unsafe_code)]

mod auth;
mod bytes;
mod cache;
mod canonical;
mod claim;
mod error;
mod fuzz;
mod headers;
mod key;
mod path;
mod query;
mod request;
mod sign;
mod time;

pub use cache::KeyCache;
pub use claim::{Claim, Verified, examine, examine_with};
pub use error::{AuthError, ExpiresFault};
pub use fuzz::fuzz_one;
pub use key::SecretKey;
pub use request::{Family, Header, PathRule, Request, Service};
pub use sign::{PayloadHeader, SignError, Signing, TokenPlacement, presign, sign_headers};
