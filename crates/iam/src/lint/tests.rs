use super::*;

fn known() -> Known {
    let action = |name: &str, resources: &[&str], keys: &[&str]| KnownAction {
        name: name.into(),
        resources: resources.iter().map(|it| (*it).into()).collect(),
        keys: keys.iter().map(|it| (*it).into()).collect(),
    };
    let broker = ["arn:*:mq:?*:*:broker:*:*"];
    let tags = ["aws:RequestTag/${TagKey}", "aws:TagKeys"];
    let user = ["arn:*:iam::*:user/*"];
    let key = |name: &str, kind, many, global| KnownKey {
        name: name.into(),
        kind,
        many,
        global,
    };
    Known {
        actions: vec![
            action("mq:CreateBroker", &[], &tags),
            action("mq:ListBrokers", &[], &[]),
            action("mq:DescribeBroker", &broker, &["aws:ResourceTag/${TagKey}"]),
            action("mq:DeleteBroker", &broker, &["aws:ResourceTag/${TagKey}"]),
            action("iam:GetUser", &user, &[]),
            action("iam:PutUserPolicy", &user, &[]),
        ],
        services: vec![
            KnownService {
                name: "mq".into(),
                complete: true,
            },
            KnownService {
                name: "iam".into(),
                complete: false,
            },
        ],
        keys: vec![
            key("aws:username", KeyKind::Text, false, true),
            key("aws:SourceIp", KeyKind::Address, false, true),
            key("aws:CurrentTime", KeyKind::Date, false, true),
            key("aws:MultiFactorAuthPresent", KeyKind::Flag, false, true),
            key("aws:RequestTag/${TagKey}", KeyKind::Text, false, false),
            key("aws:ResourceTag/${TagKey}", KeyKind::Text, false, false),
            key("aws:TagKeys", KeyKind::Text, true, false),
        ],
        account: Some("111122223333".into()),
    }
}

fn findings(statements: &str) -> Vec<Finding> {
    let text = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}");
    let document = PolicyDocument::parse(&text, DocumentKind::Identity).unwrap();
    lint(&document, &known())
}

/// The rules that speak about statements, `+` before warnings.
fn rules(statements: &str) -> Vec<String> {
    findings(statements)
        .into_iter()
        .map(|finding| match finding.severity {
            Severity::Warning => format!("+{}", finding.rule),
            Severity::Info => finding.rule.to_string(),
        })
        .collect()
}

const BROKER: &str = "arn:aws:mq:us-east-1:111122223333:broker:a:b-1";

#[test]
fn each_rule_speaks_of_what_it_is_for_and_of_nothing_else() {
    for (body, expected) in [
        // Sound statements.
        (format!(r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"{BROKER}""#), vec![]),
        (r#""Effect":"Allow","Action":["mq:CreateBroker","mq:List*"],"Resource":"*""#.into(), vec![]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq:*:*:broker:${aws:username}-*""#.into(), vec![]),
        (r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/env":"test"}}"#.into(), vec![]),
        (r#""Effect":"Deny","Action":"mq:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#.into(), vec![]),
        // Actions.
        (r#""Effect":"Allow","Action":"mq:ListBroker","Resource":"*""#.into(), vec!["+unknown-action"]),
        (r#""Effect":"Allow","Action":"mq:Frobnicate*","Resource":"*""#.into(), vec!["+unknown-action"]),
        (r#""Effect":"Allow","Action":"iam:ListAccountAliases","Resource":"*""#.into(), vec!["unserved-action"]),
        (r#""Effect":"Allow","Action":"iam:GetUsr","Resource":"*""#.into(), vec!["+unserved-action"]),
        (r#""Effect":"Allow","Action":"sqs:*","Resource":"*""#.into(), vec!["unserved-service"]),
        (r#""Effect":"Allow","NotAction":"mq:DeleteBroker","Resource":"*""#.into(), vec!["+not-action-allow"]),
        (r#""Effect":"Deny","NotAction":"mq:DeleteBroker","Resource":"*""#.into(), vec![]),
        // Resources.
        (format!(r#""Effect":"Allow","Action":"mq:DescribeBroker","NotResource":"{BROKER}""#), vec!["+not-resource-allow"]),
        (format!(r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"{BROKER}""#), vec!["+resource-never-matches"]),
        (format!(r#""Effect":"Allow","Action":"mq:*","Resource":"{BROKER}""#), vec!["resource-never-matches"]),
        (r#""Effect":"Deny","Action":"mq:DeleteBroker","Resource":"arn:aws:mq:us-east-1:111122223333:configuration:*""#.into(), vec!["+resource-never-matches"]),
        (format!(r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":["{BROKER}","arn:aws:sqs:us-east-1:111122223333:q"]"#), vec!["+resource-unused"]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq:us-east1:111122223333:broker:a:*""#.into(), vec!["+resource-malformed"]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq:us-east-1:11112222333:broker:a:*""#.into(), vec!["+resource-malformed"]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq::111122223333:broker:a:*""#.into(), vec!["+resource-malformed", "+resource-never-matches"]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq:us-east-1:111122224444:broker:a:*""#.into(), vec!["resource-malformed"]),
        // Reach.
        (r#""Effect":"Allow","Action":"*","Resource":"*""#.into(), vec!["+allow-everything"]),
        (r#""Effect":"Allow","Action":"iam:Put*","Resource":"*""#.into(), vec!["+escalation"]),
        (r#""Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"arn:aws:iam::111122223333:user/jane""#.into(), vec![]),
        // Conditions.
        (format!(r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"{BROKER}","Condition":{{"StringEquals":{{"aws:RequestTag/env":"a"}}}}"#), vec!["+key-not-supplied"]),
        (r#""Effect":"Allow","Action":["mq:CreateBroker","mq:ListBrokers"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/env":"a"}}"#.into(), vec!["key-not-supplied"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:usernam":"a"}}"#.into(), vec!["+key-not-supplied"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:SourceIp":"10.0.0.0/8"}}"#.into(), vec!["+operator-type"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:username":"a*"}}"#.into(), vec!["+literal-wildcard"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:username":[]}}"#.into(), vec!["+never-true"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:username":"a"},"Null":{"aws:username":"true"}}"#.into(), vec!["+never-true"]),
        (r#""Effect":"Allow","Action":"mq:ListBrokers","Resource":"*","Condition":{"StringEquals":{"aws:username":"a"},"StringNotEquals":{"aws:username":["a","b"]}}"#.into(), vec!["+never-true"]),
        (r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"env"}}"#.into(), vec!["+set-operator"]),
        (r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"env"}}"#.into(), vec!["+set-operator"]),
        (r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"env"},"Null":{"aws:TagKeys":"false"}}"#.into(), vec![]),
        (r#""Effect":"Deny","Action":"mq:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#.into(), vec!["+mfa-absent"]),
        (r#""Effect":"Allow","Action":"mq:CreateBroker","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/env":"a","aws:RequestTag/Env":"a"}}"#.into(), vec!["+tag-key-case"]),
        (r#""Effect":"Allow","Action":"mq:DescribeBroker","Resource":"arn:aws:mq:*:*:broker:${aws:usrname}-*""#.into(), vec!["+unknown-variable"]),
    ] {
        assert_eq!(rules(&format!("{{{body}}}")), expected, "{body}");
    }
}

#[test]
fn statements_are_compared_with_each_other() {
    let allow =
        |action: &str| format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}}"#);
    let deny = |action: &str, resource: &str| {
        format!(r#"{{"Effect":"Deny","Action":"{action}","Resource":"{resource}"}}"#)
    };
    let two = |a: String, b: String| rules(&format!("{a},{b}"));
    assert_eq!(
        two(allow("mq:DeleteBroker"), deny("mq:Delete*", "*")),
        ["+shadowed-by-deny"]
    );
    assert!(two(allow("mq:De*"), deny("mq:Delete*", "*")).is_empty());
    assert!(two(allow("mq:DeleteBroker"), deny("mq:Delete*", BROKER)).is_empty());
    assert_eq!(
        two(allow("mq:DescribeBroker"), allow("mq:*")),
        ["redundant"]
    );
    assert_eq!(two(allow("mq:*"), allow("MQ:*")), ["redundant"]);
}

#[test]
fn a_variable_is_plain_text_without_a_version() {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"mq:DescribeBroker",
        "Resource":"arn:aws:mq:*:*:broker:${aws:username}:*",
        "Condition":{"StringEquals":{"aws:ResourceTag/o":"${aws:username}"}}}}"#;
    let document = PolicyDocument::parse(text, DocumentKind::Identity).unwrap();
    let found = lint(&document, &known());
    let rules: Vec<Rule> = found.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, [Rule::VariableIn2008, Rule::VariableIn2008]);
    let lines: Vec<Option<u32>> = found
        .iter()
        .map(|finding| line_of_text(text, finding.line, None, finding.text.as_deref().unwrap()))
        .collect();
    assert_eq!(lines, [Some(2), Some(3)]);
}

#[test]
fn principals_of_a_trust_policy_are_looked_at() {
    let rules = |principal: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}}}"#
        );
        let document = PolicyDocument::parse(&text, DocumentKind::Trust).unwrap();
        let found = lint(&document, &known());
        found.iter().map(|it| it.rule.name()).collect::<Vec<_>>()
    };
    assert_eq!(rules("\"*\""), ["any-principal"]);
    assert_eq!(
        rules(r#"{"AWS":"arn:aws:iam::111122223332:root"}"#),
        ["principal-account"]
    );
    assert!(rules(r#"{"AWS":["111122223333","arn:aws:iam::999988887777:user/a"]}"#).is_empty());
}

#[test]
fn the_place_of_an_error_is_found() {
    let place = |text: &str| {
        let error = PolicyDocument::parse(text, DocumentKind::Managed).unwrap_err();
        let place = place_of_error(text, DocumentKind::Managed, &error);
        (
            place.line,
            place.statement,
            place.element.unwrap_or_default(),
        )
    };
    let document = |second: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [\n{{\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": \"mq:*\", \"Resource\": \"*\"}},\n{{{second}}}]}}"
        )
    };
    for (second, line, element) in [
        (
            "\"Effect\": \"Allow\",\n\"Action\": \"mq:*\",\n\"Resource\": \"broker\"",
            5,
            "Resource",
        ),
        (
            "\"Effect\": \"Allow\",\n\"Action\": \"mq\",\n\"Resource\": \"*\"",
            4,
            "Action",
        ),
        (
            "\"Effect\": \"Allow\",\n\"Acton\": \"mq:*\",\n\"Resource\": \"*\"",
            4,
            "Acton",
        ),
        (
            "\"Effect\":\n\"Perhaps\", \"Action\": \"mq:*\", \"Resource\": \"*\"",
            4,
            "Effect",
        ),
        ("\"Action\": \"mq:*\", \"Resource\": \"*\"", 3, "Effect"),
        (
            "\"Effect\": \"Allow\", \"Action\": \"mq:*\", \"Resource\": \"*\",\n\"Condition\": {\"Strings\": {\"a\": \"b\"}}",
            4,
            "Condition",
        ),
        (
            "\"Effect\": \"Allow\", \"Action\": \"mq:*\", \"Resource\": \"*\",\n\"Sid\": \"A\"",
            4,
            "Sid",
        ),
        (
            "\"Effect\": \"allow\", \"Action\": \"mq:*\", \"Resource\": \"*\"",
            3,
            "Effect",
        ),
        ("\"Effect\": \"Allow\", \"Resource\": \"*\"", 3, ""),
    ] {
        let text = document(second);
        assert_eq!(
            place(&text),
            (Some(line), Some(1), element.to_owned()),
            "{text}"
        );
    }
    assert_eq!(
        place("{\"Version\": \"2012-10-17\",\n\"Statement\": [,]}").0,
        Some(2)
    );
    assert_eq!(place("{\"Version\": \"2008-10-17\", \"Statement\": [{\"Effect\":\"Allow\",\"Action\":\"mq:*\",\"Resource\":\"*\"}]}").2, "Version");
    assert_eq!(
        place("{\"Version\": \"2012-10-17\",\n\"Statement\": [],\n\"Rules\": []}"),
        (Some(3), None, "Rules".into())
    );
}
