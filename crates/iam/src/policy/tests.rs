use super::*;

/// A managed policy of one statement whose members are given.
fn statement(members: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":{{{members}}}}}"#)
}

fn outcome(text: &str) -> String {
    match PolicyDocument::parse(text, DocumentKind::Managed) {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.to_string(),
    }
}

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";

#[test]
fn documents_that_are_no_policies_are_syntax_errors() {
    for text in [
        "",
        "null",
        "[]",
        "\"x\"",
        "{}",
        "{",
        "{}}",
        "\u{feff}{}",
        r#"{"Version":"2012-10-17","Statement":{}}"#,
        r#"{"Version":"2012-10-17","Statement":"x"}"#,
        r#"{"Version":"2012-10-17","Statement":[[]]}"#,
        r#"{"Version":"2012-10-17","Statement":[{}]}"#,
        r#"{"Version":"2012-10-17","Statement":null}"#,
        r#"{"Version":["2012-10-17"],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2012-10-17","Id":{},"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    ] {
        assert_eq!(outcome(text), SYNTAX, "{text}");
    }
    let good = statement(r#""Effect":"Allow","Action":"*","Resource":"*""#);
    assert_eq!(outcome(&good), "ok");
    assert_eq!(outcome(&format!(" \n\t{good}\r\n")), "ok");
    assert_eq!(outcome(&format!("{good}x")), SYNTAX);
    assert_eq!(outcome(&good.replace("Allow", "All\u{142}w")), SYNTAX);
}

#[test]
fn elements_of_the_wrong_type_are_syntax_errors() {
    let rest = r#""Action":"mq:*","Resource":"*""#;
    for members in [
        rest.to_owned(),
        format!(r#""Effect":"Permit",{rest}"#),
        format!(r#""Effect":"",{rest}"#),
        format!(r#""Effect":["Allow"],{rest}"#),
        format!(r#""Effect":true,{rest}"#),
        format!(r#""Effect":"Allow","Effect":"Allow",{rest}"#),
        format!(r#""Effect":"Allow","Sid":1,{rest}"#),
        format!(r#""Effect":"Allow","effect":"Allow",{rest}"#),
        format!(r#""Effect":"Allow","Conditions":{{}},{rest}"#),
        format!(r#""Effect":"Allow","NotAction":"mq:*",{rest}"#),
        format!(r#""Effect":"Allow","NotResource":"*",{rest}"#),
        r#""Effect":"Allow","Action":1,"Resource":"*""#.to_owned(),
        r#""Effect":"Allow","Action":[null],"Resource":"*""#.to_owned(),
        r#""Effect":"Allow","Action":null,"Resource":"*""#.to_owned(),
        r#""Effect":"Allow","Action":"mq:*","Resource":true"#.to_owned(),
        r#""Effect":"Allow","Action":"mq:*","Resource":[["*"]]"#.to_owned(),
        format!(r#""Effect":"Allow","Principal":1,{rest}"#),
        format!(r#""Effect":"Allow","Condition":null,{rest}"#),
        format!(r#""Effect":"Allow","Condition":{{"StringEquals":[]}},{rest}"#),
        format!(r#""Effect":"Allow","Condition":{{"StringEquals":{{"a":null}}}},{rest}"#),
        format!(r#""Effect":"Allow","Condition":{{"StringEquals":{{"a":[["b"]]}}}},{rest}"#),
        format!(r#""Effect":"Allow","Condition":{{"stringEquals":{{"a":"b"}}}},{rest}"#),
        format!(
            r#""Effect":"Allow","Condition":{{"ForEachValue:StringEquals":{{"a":"b"}}}},{rest}"#
        ),
        format!(r#""Effect":"Allow","Condition":{{"StringEquals":{{"a":"b","a":"c"}}}},{rest}"#),
    ] {
        assert_eq!(outcome(&statement(&members)), SYNTAX, "{members}");
    }
}

#[test]
fn condition_values_may_be_scalars_or_lists() {
    for condition in [
        r#"{}"#,
        r#"{"StringEquals":{}}"#,
        r#"{"StringEquals":{"a":[]}}"#,
        r#"{"StringEquals":{"a":["b",1,true]}}"#,
        r#"{"Bool":{"aws:SecureTransport":true}}"#,
        r#"{"Bool":{"aws:SecureTransport":"TRUE"}}"#,
        r#"{"Null":{"a":false}}"#,
        r#"{"NumericLessThan":{"a":3600}}"#,
        r#"{"NumericLessThan":{"a":-1.5}}"#,
        r#"{"DateLessThan":{"a":1795435200}}"#,
        r#"{"IpAddress":{"a":["10.0.0.0/8","::1"]}}"#,
        r#"{"ForAnyValue:ArnLikeIfExists":{"a":"*"}}"#,
        r#"{"BinaryEquals":{"a":"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}"#,
    ] {
        let members =
            format!(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}"#);
        assert_eq!(outcome(&statement(&members)), "ok", "{condition}");
    }
}

#[test]
fn values_that_an_operator_cannot_read_fail_legacy_parsing() {
    for condition in [
        r#"{"Bool":{"a":"yes"}}"#,
        r#"{"Null":{"a":"maybe"}}"#,
        r#"{"NumericEquals":{"a":"five"}}"#,
        r#"{"DateEquals":{"a":"2026-02-30"}}"#,
        r#"{"DateEqualsIfExists":{"a":["2026-01-01",""]}}"#,
        r#"{"ForAnyValue:DateNotEquals":{"a":"now"}}"#,
        r#"{"IpAddress":{"a":"10.0.0.0/33"}}"#,
        r#"{"NotIpAddress":{"a":"example.com"}}"#,
        r#"{"BinaryEquals":{"a":"*"}}"#,
    ] {
        let members =
            format!(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}"#);
        assert_eq!(outcome(&statement(&members)), LEGACY, "{condition}");
    }
}

#[test]
fn resources_get_the_message_of_the_first_rule_they_break() {
    for (resource, expected) in [
        ("*", "ok"),
        ("arn:aws:mq:us-east-1:111122223333:broker:B:b-1", "ok"),
        ("arn:aws-cn:mq:*:*:*", "ok"),
        ("arn:aws-us-gov:mq:*:*:*", "ok"),
        ("arn:*:mq:*:*:*", "ok"),
        ("arn:aws:mq:us-east-1", "ok"),
        ("arn:aws:iam::111122223333:user/*", "ok"),
        ("arn:aws:iam::111122223333:*", "ok"),
        ("arn:aws:iam::aws:policy/AmazonMQFullAccess", "ok"),
        ("arn:aws:s3:us-east-1:111122223333:accesspoint/ap", "ok"),
        ("arn:aws:iam::111122223333:oidc-provider/x", "ok"),
        ("**", "Resource ** must be in ARN format or \"*\"."),
        (" ", "Resource   must be in ARN format or \"*\"."),
        ("broker", "Resource broker must be in ARN format or \"*\"."),
        (
            "nra:aws:mq:*:*:*",
            "Resource nra:aws:mq:*:*:* must be in ARN format or \"*\".",
        ),
        (
            "arn:",
            "Partition \"\" is not valid for resource \"arn::*:*:*:*\".",
        ),
        (
            ":",
            "Partition \"\" is not valid for resource \"arn::*:*:*:*\".",
        ),
        (
            "a:b",
            "Partition \"b\" is not valid for resource \"arn:b:*:*:*:*\".",
        ),
        (
            "arn:AWS:s3:::x",
            "Partition \"AWS\" is not valid for resource \"arn:AWS:s3:::x\".",
        ),
        (
            "arn:b:s3:r:a:x:y:z",
            "Partition \"b\" is not valid for resource \"arn:b:s3:r:a:x:y:z\".",
        ),
        (
            "arn:b:s3:r",
            "Partition \"b\" is not valid for resource \"arn:b:s3:r:*:*\".",
        ),
        (
            "arn:aws",
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            "arn:aws:m*:::x",
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            "arn:aws:*:*:*:*",
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        ("arn:aws:", LEGACY),
        ("arn:aws::x", LEGACY),
        ("arn:aws::r:a:x", LEGACY),
        ("arn:aws:mq::x", LEGACY),
        (
            "arn:aws:iam:us-east-1:111122223333:user/x",
            "IAM resource arn:aws:iam:us-east-1:111122223333:user/x cannot contain region information.",
        ),
        (
            "arn:aws:iam:*::user/x",
            "IAM resource arn:aws:iam:*::user/x cannot contain region information.",
        ),
        (
            "arn:aws:s3:us-east-1::b",
            "Resource arn:aws:s3:us-east-1::b can not contain region information.",
        ),
        (
            "arn:aws:s3",
            "Resource arn:aws:s3 can not contain region information.",
        ),
        (
            "arn:aws:iam",
            "IAM resource arn:aws:iam cannot contain region information.",
        ),
        (
            "arn:aws:s3:b",
            "Resource arn:aws:s3:b can not contain region information.",
        ),
        (
            "arn:aws:iam::111122223333:root",
            "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.",
        ),
    ] {
        for element in ["Resource", "NotResource"] {
            let members =
                format!(r#""Effect":"Allow","Action":"*","{element}":["*","{resource}"]"#);
            assert_eq!(outcome(&statement(&members)), expected, "{resource}");
        }
    }
    let iam_path = outcome(&statement(
        r#""Effect":"Allow","Action":"*","Resource":"arn:aws:iam::1:u*""#,
    ));
    assert!(iam_path.starts_with("IAM resource path must"), "{iam_path}");
}

#[test]
fn of_several_bad_resources_the_same_one_is_named_in_any_order() {
    for list in [r#""*","b","a""#, r#""a","b""#] {
        let members = format!(r#""Effect":"Allow","Action":"*","Resource":[{list}]"#);
        assert_eq!(
            outcome(&statement(&members)),
            "Resource a must be in ARN format or \"*\"."
        );
    }
}

#[test]
fn actions_get_the_message_of_the_first_rule_they_break() {
    for (action, expected) in [
        ("*", "ok"),
        ("*:*", "ok"),
        ("mq:*", "ok"),
        ("MQ:describe?roker*", "ok"),
        ("s3-outposts:*", "ok"),
        ("s3.x:*", "ok"),
        ("nosuchservice:NoSuchAction", "ok"),
        (
            "",
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            "**",
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            "DescribeBroker",
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        ("mq:a:b", "Actions/Condition can contain only one colon."),
        ("::", "Actions/Condition can contain only one colon."),
        ("m q:a", "Vendor m q is not valid"),
        ("m*:a", "Vendor m* is not valid"),
        (":a", "Vendor  is not valid"),
        ("mq_x:a", "Vendor mq_x is not valid"),
        ("mq:", LEGACY),
        ("mq:a,mq", LEGACY),
        ("mq:Describe Broker", LEGACY),
    ] {
        for element in ["Action", "NotAction"] {
            let members =
                format!(r#""Effect":"Deny","{element}":["mq:X","{action}"],"Resource":"*""#);
            assert_eq!(outcome(&statement(&members)), expected, "{action}");
        }
    }
}

#[test]
fn the_stages_run_in_order_over_the_whole_document() {
    let bad_action = r#"{"Sid":"a","Effect":"Allow","Action":"x","Resource":"*"}"#;
    let bad_resource = r#"{"Sid":"b","Effect":"Allow","Action":"*","Resource":"x"}"#;
    let no_resource = r#"{"Sid":"c","Effect":"Allow","Action":"*"}"#;
    let no_action = r#"{"Sid":"d","Effect":"Allow","Resource":[]}"#;
    let same_sid = r#"{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}"#;
    let principal = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
    let legacy = r#"{"Effect":"allow","Action":"*","Resource":"*"}"#;
    let syntax = r#"{"Effect":"x"}"#;
    let stages = [
        (syntax, SYNTAX),
        (legacy, LEGACY),
        (principal, "Policy document should not specify a principal."),
        (
            same_sid,
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (no_action, "Policy statement must contain actions."),
        (no_resource, "Policy statement must contain resources."),
        (bad_resource, "Resource x must be in ARN format or \"*\"."),
        (
            bad_action,
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
    ];
    for first in 0..stages.len() {
        let statements: Vec<&str> = stages
            .iter()
            .skip(first)
            .rev()
            .map(|(text, _)| *text)
            .collect();
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
            statements.join(",")
        );
        assert_eq!(outcome(&text), stages[first].1, "{text}");
        // The version comes right after syntax.
        let version = outcome(&text.replace("2012-10-17", "2008-10-17"));
        let expected = if first == 0 {
            SYNTAX
        } else {
            "Policy document must be version 2012-10-17 or greater."
        };
        assert_eq!(version, expected);
    }
}

#[test]
fn only_managed_policies_must_be_of_the_new_version() {
    let body = r#""Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    for (text, version) in [
        (format!("{{{body}"), Version::V2008),
        (
            format!(r#"{{"Version":"2008-10-17",{body}"#),
            Version::V2008,
        ),
        (
            format!(r#"{{"Version":"2012-10-17",{body}"#),
            Version::V2012,
        ),
    ] {
        for kind in [DocumentKind::Identity, DocumentKind::Session] {
            assert_eq!(
                PolicyDocument::parse(&text, kind).unwrap().version(),
                version
            );
        }
        assert_eq!(
            PolicyDocument::parse(&text, DocumentKind::Managed).is_ok(),
            version == Version::V2012
        );
    }
}

#[test]
fn statement_ids_are_letters_and_digits_and_unique() {
    let with = |a: &str, b: &str| {
        let body = r#""Effect":"Allow","Action":"*","Resource":"*""#;
        outcome(&format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"{a}",{body}}},{{"Sid":"{b}",{body}}}]}}"#
        ))
    };
    assert_eq!(with("A1", "a1"), "ok");
    assert_eq!(with("", ""), "ok");
    assert_eq!(
        with("A1", "A1"),
        "Statement IDs (SID) in a single policy must be unique."
    );
    assert_eq!(
        with("A 1", "b"),
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    );
}

#[test]
fn statements_know_their_place() {
    let text = "{\n \"Statement\": [\n  {\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},\n\n  \
                {\"Effect\": \"Deny\",\n   \"NotAction\": [\"mq:*\"], \"NotResource\": \"*\"}\n ]\n}";
    let document = PolicyDocument::parse(text, DocumentKind::Identity).unwrap();
    let places: Vec<_> = document
        .statements()
        .iter()
        .map(|it| (it.index(), it.sid(), it.line()))
        .collect();
    assert_eq!(places, [(0, Some("A"), 3), (1, None, 5)]);
    assert!(document.statements()[1].actions().negated);
    assert_eq!(document.statements()[1].effect(), Effect::Deny);
}

#[test]
fn context_keys_are_collected_once_from_conditions_and_variables() {
    let text = statement(
        r#""Effect":"Allow","Action":"*","Resource":"arn:aws:mq:::broker:${aws:username}-${*}",
           "Condition":{"StringEquals":{"aws:SourceIp":"x","AWS:UserName":"y"},
                        "StringLike":{"k":["${aws:PrincipalTag/team, 'none'}","${unclosed"]}}"#,
    );
    let document = PolicyDocument::parse(&text, DocumentKind::Managed).unwrap();
    assert_eq!(
        document.context_keys(),
        ["aws:username", "aws:SourceIp", "k", "aws:PrincipalTag/team"]
    );
    let old = PolicyDocument::parse(&text.replace("2012", "2008"), DocumentKind::Identity).unwrap();
    assert_eq!(old.context_keys(), ["aws:SourceIp", "AWS:UserName", "k"]);
}

#[test]
fn trust_policies_have_a_principal_and_no_resource() {
    let trust =
        |members: &str| match PolicyDocument::parse(&statement(members), DocumentKind::Trust) {
            Ok(_) => "ok".to_owned(),
            Err(error) => error.to_string(),
        };
    let good = r#""Effect":"Allow","Action":"sts:AssumeRole""#;
    for (members, expected) in [
        (
            format!(r#"{good},"Principal":{{"Service":"mq.amazonaws.com"}}"#),
            "ok",
        ),
        (format!(r#"{good},"Principal":"*""#), "ok"),
        (
            format!(
                r#"{good},"Principal":{{"AWS":["111122223333","arn:aws:iam::111122223333:root","*"]}}"#
            ),
            "ok",
        ),
        (
            format!(r#"{good},"Principal":{{"AWS":"AIDACKCEVSQ6C2EXAMPLE"}}"#),
            "ok",
        ),
        (
            format!(r#"{good},"Principal":{{"Federated":"accounts.google.com"}}"#),
            "ok",
        ),
        (
            r#""Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Principal":"*""#
                .to_owned(),
            "ok",
        ),
        (good.to_owned(), "Missing required field Principal"),
        (
            format!(r#"{good},"Principal":{{"AWS":[]}}"#),
            "Missing required field Principal",
        ),
        (
            format!(r#"{good},"Principal":"*","Resource":"*""#),
            "Has prohibited field Resource",
        ),
        (
            format!(r#"{good},"NotPrincipal":"*""#),
            "Has prohibited field NotPrincipal",
        ),
        (format!(r#"{good},"Principal":{{}}"#), SYNTAX),
        (format!(r#"{good},"Principal":{{"aws":"*"}}"#), SYNTAX),
        (format!(r#"{good},"Principal":"x""#), SYNTAX),
        (
            format!(r#"{good},"Principal":{{"AWS":"jane"}}"#),
            "Invalid principal in policy: \"AWS\":\"jane\"",
        ),
        (
            format!(r#"{good},"Principal":{{"AWS":"arn:aws:iam::111122223333:user/*"}}"#),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:user/*\"",
        ),
        (
            format!(r#"{good},"Principal":{{"Service":"mq"}}"#),
            "Invalid principal in policy: \"SERVICE\":\"mq\"",
        ),
        (
            r#""Effect":"Allow","Action":"mq:*","Principal":"*""#.to_owned(),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            r#""Effect":"Allow","NotAction":"sts:AssumeRole","Principal":"*""#.to_owned(),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            r#""Effect":"Allow","Principal":"*""#.to_owned(),
            "Policy statement must contain actions.",
        ),
    ] {
        assert_eq!(trust(&members), expected, "{members}");
    }
    let error = PolicyDocument::parse("not json", DocumentKind::Trust).unwrap_err();
    assert_eq!(error.to_string(), "This policy contains invalid Json");
}

#[test]
fn deep_and_large_documents_are_refused_without_a_panic() {
    let deep = "[".repeat(60_000) + &"]".repeat(60_000);
    assert_eq!(outcome(&deep), SYNTAX);
    assert_eq!(
        outcome(&statement(&format!(
            r#""Effect":"Allow","Action":{deep},"Resource":"*""#
        ))),
        SYNTAX
    );
    let many = vec![r#""mq:DescribeBroker""#; 6_000].join(",");
    assert_eq!(
        outcome(&statement(&format!(
            r#""Effect":"Allow","Action":[{many}],"Resource":"*""#
        ))),
        "ok"
    );
    let variables = "${".repeat(60_000);
    let text = statement(&format!(
        r#""Effect":"Allow","Action":"*","Resource":"arn:aws:mq:::{variables}""#
    ));
    let document = PolicyDocument::parse(&text, DocumentKind::Managed).unwrap();
    assert!(!crate::CompiledPolicy::compile(&document).is_unreadable());
}
