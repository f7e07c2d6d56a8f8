//! AssumeRoleWithWebIdentity through the socket: whose tokens are taken, and what they let in to.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod support_sts;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use server::sessions::KeySource;
use support_sts::*;
use testkit::{Client, NOW, Postern, Reply};

const ISSUER: &str = "idp.example/tenant";
/// An RSA key whose private part is nobody's any more, and a token that it signed when there was one.
const RSA_MODULUS: &str = "u-vp7dDvhrDcoUSqYCouS5-Jn4Jp4xnMWg4g0w1qZ9ejKzAmR-NVJu97CRijm8WREFMo3Y8Tzkhe5wdI0MAipBAM_ZOOM70YbE9ZYOEkqbLdTO\
    z84dUu3CSCk7XWS7BXnXIkg8v3jngeEZbcpR3xhoV7TUL4o7tKFjdkdsenX7iD12OaMQdeNsI2ltAEIXFVDGva-ZzrcmNGVPHfGZsvMdXLicYz\
    lkiU4Iplxzxh6_ajS7mSUoFKlKj-Y5jexOzMUkNL1FBG3z6Q71bbBESmml7Pnke9EWMSFwrrlqvcE050Ft6Uak_9FSr67709VD6quZjEu-m3-I\
    4n3nwY7amQFw";
const RSA_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlL3RlbmFudCIsImF1ZC\
    I6InN0cy5hbWF6b25hd3MuY29tIiwic3ViIjoicmVwbzphY21lL2FwcCIsImlhdCI6MTc5NTYwNzk0MCwiZXhwIjoxNzk1NjExNjAwfQ.SnnVV\
    xapIK8xznJFJQUcDwseo_70_YjznaYn9iZ1G2EI9OqdNW33qYlqJzcU-bfB6PlLSfGdpb7044HLjRLZCR5YveTEdl2BfV0LQPVIy1xDTYPAeZC\
    eXtk3Nd8mxVU_VDxci2e-B-gjSExnm5tfKiB2EPk_k7XwjNEuq07W88Q7zZtHvjor1n4U6XUCgPPqaoLA6wMR4YVU-ttS9hCb4LkwiYOzqbM0J\
    p09W_MZlSIxuXo6gCOiQOtcacV2Q6vgNYg4eW6jboFaEIJ5i3Gm2cJ-K64o50KpXs1eLLS-N518mP1wH23Vb4X0v7mDAvViINWUKvmIQrzQRnu\
    qzuti_w";

/// An issuer with a P-256 key.
struct Issuer {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Issuer {
    fn new() -> Issuer {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        Issuer { key, random }
    }

    fn jwk(&self, id: &str) -> Value {
        let point = self.key.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": id,
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn token(&self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": format!("https://{ISSUER}"), "aud": "sts.amazonaws.com", "sub": "repo:acme/app",
            "iat": NOW / 1000 - 60, "exp": NOW / 1000 + 3600,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.sign(&json!({ "alg": "ES256", "kid": "ec-1" }), &claims)
    }
}

/// A service that has the provider, its keys and a role `ci` that trusts it on a condition.
async fn start(issuer: &Issuer) -> (Postern, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let rsa = json!({ "kty": "RSA", "kid": "rsa-1", "n": RSA_MODULUS, "e": "AQAB" });
    let keys = json!({ "keys": [issuer.jwk("ec-1"), rsa] });
    std::fs::write(&file, keys.to_string()).unwrap();
    let postern = Postern::start_with(|settings| {
        settings
            .oidc_keys
            .insert(ISSUER.into(), KeySource::File(file));
    })
    .await
    .unwrap();
    let url = format!("https://{ISSUER}");
    let members = [
        ("Url", url.as_str()),
        ("ClientIDList.member.1", "sts.amazonaws.com"),
    ];
    done(
        &postern.root(),
        "iam",
        "CreateOpenIDConnectProvider",
        &members,
    )
    .await;
    role(
        &postern,
        "ci",
        json!([trusting("sts:AssumeRoleWithWebIdentity")]),
        json!([allow("mq:*")]),
    )
    .await;
    (postern, folder)
}

fn trusting(action: &str) -> Value {
    json!({
        "Effect": "Allow", "Action": action,
        "Principal": { "Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}") },
        "Condition": { "StringLike": { format!("{ISSUER}:sub"): "repo:acme/*" } },
    })
}

/// Asks without a signature, as SDKs do.
async fn ask(client: &Client, role: &str, token: &str) -> Reply {
    let form = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=session&RoleArn={}&WebIdentityToken={token}",
        role_arn(role)
    );
    let headers = [(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    client
        .send_raw("POST", "/", &headers, form.as_bytes())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_token_of_a_registered_provider_lets_in_to_a_role_that_trusts_it() {
    let issuer = Issuer::new();
    let (postern, _folder) = start(&issuer).await;
    for token in [issuer.token(&json!({})), RSA_TOKEN.to_owned()] {
        let reply = ask(&postern.root(), "ci", &token).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(
            reply.element("SubjectFromWebIdentityToken").unwrap(),
            "repo:acme/app"
        );
        assert_eq!(
            reply.element("Provider").unwrap(),
            format!("https://{ISSUER}")
        );
        assert_eq!(reply.element("Audience").unwrap(), "sts.amazonaws.com");
        let client = session(&postern, &reply);
        assert!(lists(&client).await);
        let who = done(&client, "sts", "GetCallerIdentity", &[]).await;
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/ci/session");
        assert_eq!(who.element("Arn").unwrap(), arn);
        let text =
            std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
        assert!(!text.contains(&token));
        assert!(!text.contains(&reply.element("SecretAccessKey").unwrap()));
        let record = text
            .lines()
            .rfind(|line| line.contains("AssumeRoleWithWebIdentity"))
            .unwrap();
        let record: Value = serde_json::from_str(record).unwrap();
        assert_eq!(record["userIdentity"]["type"], "WebIdentityUser");
        assert_eq!(record["userIdentity"]["userName"], "repo:acme/app");
        assert_eq!(record["requestParameters"]["webIdentityToken"], "***");
    }
    // The session knows who vouched.
    let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}");
    let condition = json!({ "StringEquals": { "aws:FederatedProvider": provider } });
    let statement =
        json!({ "Effect": "Deny", "Action": "mq:*", "Resource": "*", "Condition": condition });
    let reply = ask(&postern.root(), "ci", &issuer.token(&json!({}))).await;
    put_role_policy(&postern, "ci", "deny", json!([statement])).await;
    assert!(!lists(&session(&postern, &reply)).await);
    postern.stop().await;
}

#[tokio::test]
async fn no_other_token_is_taken() {
    let issuer = Issuer::new();
    let stranger = Issuer::new();
    let (postern, folder) = start(&issuer).await;
    let root = postern.root();
    let good = issuer.token(&json!({}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none" }).to_string());
    let hmac = URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "kid": "ec-1" }).to_string());
    let rsa = URL_SAFE_NO_PAD.encode(json!({ "alg": "RS256", "kid": "ec-1" }).to_string());
    let seconds = NOW / 1000;
    let invalid = "InvalidIdentityToken";
    let mut refused = 0;
    for (token, code) in [
        (stranger.token(&json!({})), invalid),
        (format!("{none}.{claims}."), invalid),
        (format!("{hmac}.{claims}.{signature}"), invalid),
        (format!("{rsa}.{claims}.{signature}"), invalid),
        (
            format!("{header}.{claims}.{}", signature.to_lowercase()),
            invalid,
        ),
        (signed.to_owned(), invalid),
        ("not-a-token".to_owned(), invalid),
        (
            issuer.sign(
                &json!({ "alg": "ES256", "kid": "other" }),
                &json!({ "iss": format!("https://{ISSUER}") }),
            ),
            invalid,
        ),
        (
            issuer.token(&json!({ "iss": "https://other.example" })),
            invalid,
        ),
        (
            issuer.token(&json!({ "iss": format!("https://{ISSUER}/") })),
            invalid,
        ),
        (issuer.token(&json!({ "aud": "somebody" })), invalid),
        (issuer.token(&json!({ "azp": "somebody" })), invalid),
        (issuer.token(&json!({ "iat": seconds + 301 })), invalid),
        (issuer.token(&json!({ "nbf": seconds + 301 })), invalid),
        (
            issuer.token(&json!({ "exp": seconds })),
            "ExpiredTokenException",
        ),
    ] {
        let reply = ask(&root, "ci", &token).await;
        assert_eq!(
            (reply.status, refusal(&reply).0.as_str()),
            (400, code),
            "{token}: {}",
            reply.body
        );
        refused += 1;
    }
    // Every bit of the signature counts.
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(changed));
        assert_eq!(refusal(&ask(&root, "ci", &token).await).0, invalid);
        refused += 1;
    }
    println!("{refused} tokens are refused");
    assert_eq!(ask(&root, "ci", &good).await.status, 200);
    // A signature of another's does not help, and does not hurt.
    let members = [
        ("RoleArn", role_arn("ci")),
        ("RoleSessionName", "session".into()),
        ("WebIdentityToken", stranger.token(&json!({}))),
    ];
    let members: Vec<(&str, &str)> = members.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let reply = root
        .query("sts", "AssumeRoleWithWebIdentity", &members)
        .await
        .unwrap();
    assert_eq!(refusal(&reply).0, invalid);
    // Keys are read anew at each call.
    let keys = json!({ "keys": [stranger.jwk("ec-1")] });
    std::fs::write(folder.path().join("keys.json"), keys.to_string()).unwrap();
    assert_eq!(
        ask(&root, "ci", &stranger.token(&json!({}))).await.status,
        200
    );
    assert_eq!(refusal(&ask(&root, "ci", &good).await).0, invalid);
    std::fs::remove_file(folder.path().join("keys.json")).unwrap();
    assert_eq!(refusal(&ask(&root, "ci", &good).await).0, invalid);
    postern.stop().await;
}

#[tokio::test]
async fn a_right_token_lets_in_to_nothing_that_does_not_trust_it() {
    let issuer = Issuer::new();
    let (postern, _folder) = start(&issuer).await;
    let root = postern.root();
    role(
        &postern,
        "people",
        json!([trust(ACCOUNT, "sts:*")]),
        json!([allow("mq:*")]),
    )
    .await;
    role(
        &postern,
        "anybody",
        json!([trust("*", "sts:*")]),
        json!([allow("mq:*")]),
    )
    .await;
    let own = issuer.token(&json!({}));
    let other = issuer.token(&json!({ "sub": "repo:evil/app" }));
    let text = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    for (role, token) in [
        ("people", &own),
        ("anybody", &own),
        ("missing", &own),
        ("ci", &other),
    ] {
        let reply = ask(&root, role, token).await;
        assert_eq!(
            (reply.status, refusal(&reply)),
            (403, ("AccessDenied".into(), text.into())),
            "{role}"
        );
    }
    // Tags and source identity need their own permissions; those of the request itself are not looked at.
    let tags = json!({ "principal_tags": { "team": ["blue"] } });
    let tagged = issuer.token(&json!({
        "https://aws.amazon.com/tags": tags, "https://aws.amazon.com/source_identity": "someone",
    }));
    assert_eq!(refusal(&ask(&root, "ci", &tagged).await).1, text);
    let trusted = policy(json!([trusting("sts:*")]));
    let members = [("RoleName", "ci"), ("PolicyDocument", trusted.as_str())];
    done(&root, "iam", "UpdateAssumeRolePolicy", &members).await;
    let reply = ask(&root, "ci", &tagged).await;
    assert_eq!(
        reply.element("SourceIdentity").unwrap(),
        "someone",
        "{}",
        reply.body
    );
    let condition = json!({ "StringEquals": {
        "aws:PrincipalTag/team": "blue", "aws:SourceIdentity": "someone",
    } });
    let statement =
        json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": condition });
    put_role_policy(&postern, "ci", "p", json!([statement])).await;
    assert!(lists(&session(&postern, &reply)).await);
    assert!(!lists(&session(&postern, &ask(&root, "ci", &own).await)).await);
    // A provider that is gone vouches for nobody.
    let arn = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}");
    let members = [("OpenIDConnectProviderArn", arn.as_str())];
    done(&root, "iam", "DeleteOpenIDConnectProvider", &members).await;
    let text = format!("No OpenIDConnect provider found in your account for https://{ISSUER}");
    assert_eq!(
        refusal(&ask(&root, "ci", &own).await),
        ("InvalidIdentityToken".into(), text)
    );
    postern.stop().await;
}
