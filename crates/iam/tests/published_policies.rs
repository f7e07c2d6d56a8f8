//! The published table of documents that CreatePolicy refuses (with AWS's message) and accepts.

mod data;

use iam::{DocumentKind, PolicyDocument};

#[test]
fn refused_documents_get_the_published_message() {
    let Some(table) = data::json("policy-validation.json") else {
        return;
    };
    let cases = table["invalid"].as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases {
        let text = match &case["document"] {
            serde_json::Value::String(text) => text.clone(),
            document => document.to_string(),
        };
        let wanted = case["error_message"].as_str().unwrap();
        match PolicyDocument::parse(&text, DocumentKind::Managed) {
            Ok(_) => failures.push(format!("accepted, should be `{wanted}`: {text}")),
            Err(error) if error.to_string() != wanted => {
                failures.push(format!("`{error}`, should be `{wanted}`: {text}"));
            }
            Err(error) => assert_eq!(error.code(), "MalformedPolicyDocument"),
        }
    }
    println!("invalid documents: {} cases", cases.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(cases.len() >= 39);
}

#[test]
fn accepted_documents_are_accepted() {
    let Some(table) = data::json("policy-validation.json") else {
        return;
    };
    let cases = table["valid"].as_array().unwrap();
    for case in cases {
        let text = case.to_string();
        for kind in [
            DocumentKind::Managed,
            DocumentKind::Identity,
            DocumentKind::Session,
        ] {
            let parsed = PolicyDocument::parse(&text, kind);
            let document = parsed.unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(!iam::CompiledPolicy::compile(&document).is_unreadable());
        }
    }
    println!("valid documents: {} cases", cases.len());
    assert!(cases.len() >= 27);
}
