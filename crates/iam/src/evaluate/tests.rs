use super::*;
use crate::policy::{DocumentKind, PolicyDocument};

fn compiled(text: &str) -> CompiledPolicy {
    CompiledPolicy::compile(&PolicyDocument::parse(text, DocumentKind::Identity).unwrap())
}

fn statement(body: &str) -> CompiledPolicy {
    compiled(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{body}]}}"#
    ))
}

/// Decides with one inline identity policy called `p`.
fn allowed(policy: &CompiledPolicy, action: &str, resource: &str, context: &Context<'_>) -> bool {
    let identity = [PolicyRef {
        id: "p",
        kind: PolicyKind::Inline,
        policy,
    }];
    let layers = Layers {
        identity: &identity,
        ..Layers::default()
    };
    evaluate(
        &layers,
        &Question {
            action,
            resource,
            context,
        },
    )
    .is_allowed()
}

const BROKER: &str = "arn:aws:mq:us-east-1:111122223333:broker:Orders:b-1";

#[test]
fn actions_ignore_case_and_resources_do_not() {
    let policy = statement(
        r#"{"Effect":"Allow","Action":"MQ:describe*","Resource":"arn:aws:mq:*:*:broker:Orders:*"}"#,
    );
    let context = Context::new();
    assert!(allowed(&policy, "mq:DescribeBroker", BROKER, &context));
    assert!(allowed(&policy, "Mq:DESCRIBEUSER", BROKER, &context));
    assert!(!allowed(&policy, "mq:DeleteBroker", BROKER, &context));
    assert!(!allowed(&policy, "ec2:DescribeBroker", BROKER, &context));
    assert!(!allowed(
        &policy,
        "mq:DescribeBroker",
        &BROKER.replace("Orders", "orders"),
        &context
    ));
}

#[test]
fn wildcards_stay_in_their_segment_except_in_the_last() {
    for (pattern, resource, expected) in [
        ("*", BROKER, true),
        ("*", "*", true),
        ("arn:aws:mq:*:*:*", BROKER, true),
        ("arn:aws:mq:*:*:*", "*", false),
        ("arn:aws:mq:*:broker:Orders:b-1", BROKER, false),
        ("arn:aws:mq:us-*-1:1111?2223333:b*1", BROKER, true),
        ("arn:aws:mq:us-east-1::broker:Orders:b-1", BROKER, false),
        ("arn:aws:mq:us-east-1:111122223333:broker", BROKER, false),
        (
            "arn:aws:mq:us-east-1:111122223333:broker:?rders:*",
            BROKER,
            true,
        ),
        (
            "arn:aws:iam::*:user/*",
            "arn:aws:iam::111122223333:user/a/b:c",
            true,
        ),
        ("arn:aws:mq::*:broker:*", BROKER, false),
    ] {
        let policy = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"{pattern}"}}"#
        ));
        let context = Context::new();
        assert_eq!(
            allowed(&policy, "mq:X", resource, &context),
            expected,
            "{pattern} {resource}"
        );
    }
}

#[test]
fn not_elements_invert_the_match() {
    let policy = statement(
        r#"{"Effect":"Allow","NotAction":["iam:*","mq:Delete*"],
            "NotResource":"arn:aws:mq:*:*:broker:Secret:*"}"#,
    );
    let context = Context::new();
    assert!(allowed(&policy, "mq:DescribeBroker", BROKER, &context));
    assert!(allowed(&policy, "ec2:DescribeVpcs", "*", &context));
    assert!(!allowed(&policy, "iam:GetUser", "*", &context));
    assert!(!allowed(&policy, "mq:DeleteBroker", BROKER, &context));
    assert!(!allowed(
        &policy,
        "mq:DescribeBroker",
        &BROKER.replace("Orders", "Secret"),
        &context
    ));
}

#[test]
fn a_missing_variable_disables_resource_and_not_resource() {
    let resource = "arn:aws:mq:*:*:broker:${aws:username}-*:*";
    let one = statement(&format!(
        r#"{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}"#
    ));
    let not = statement(&format!(
        r#"{{"Effect":"Allow","Action":"*","NotResource":"{resource}"}}"#
    ));
    let mine = "arn:aws:mq:us-east-1:111122223333:broker:jane-1:b-1";
    let mut context = Context::new();
    assert!(!allowed(&one, "mq:X", mine, &context));
    assert!(!allowed(&not, "mq:X", BROKER, &context));
    assert!(!allowed(&not, "mq:X", "*", &context));
    assert!(!allowed(
        &not,
        "mq:X",
        "arn:aws:iam::111122223333:user/x",
        &context
    ));
    context.text("aws:username", "jane");
    assert!(allowed(&one, "mq:X", mine, &context));
    assert!(!allowed(&one, "mq:X", BROKER, &context));
    assert!(allowed(&not, "mq:X", BROKER, &context));
    assert!(!allowed(&not, "mq:X", mine, &context));
    context.remove("aws:username").text("aws:username", "*");
    assert!(!allowed(&one, "mq:X", mine, &context));
}

#[test]
fn undecidable_resources_err_on_the_side_of_refusal() {
    let context = Context::new();
    for odd in ["arn:aws:mq", "arn:aws:mq:${aws:RequestedRegion}:1:broker:x"] {
        let allow = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"{odd}"}}"#
        ));
        assert!(!allowed(&allow, "mq:X", BROKER, &context), "{odd}");
        let not = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","NotResource":"{odd}"}}"#
        ));
        assert!(!allowed(&not, "mq:X", BROKER, &context), "{odd}");
        let deny = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},
               {{"Effect":"Deny","Action":"mq:*","Resource":"{odd}"}}"#
        ));
        assert!(!allowed(&deny, "mq:X", BROKER, &context), "{odd}");
        assert!(allowed(&deny, "ec2:X", BROKER, &context), "{odd}");
    }
    // A resource that is no ARN can only be allowed by `*`, and every Deny on ARNs holds.
    let arn = statement(r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:mq:*:*:*"}"#);
    assert!(!allowed(&arn, "mq:X", "broker", &context));
}

#[test]
fn arn_operators_take_variables_of_one_value_literally() {
    let own = "arn:aws:iam::111122223333:user/${aws:username}";
    for (operator, pattern, arn, name, expected) in [
        (
            "ArnEquals",
            own,
            "arn:aws:iam::111122223333:user/jane",
            "jane",
            true,
        ),
        (
            "ArnLike",
            own,
            "arn:aws:iam::111122223333:user/jane",
            "jane",
            true,
        ),
        (
            "ArnLike",
            own,
            "arn:aws:iam::111122223333:user/jane",
            "j*",
            false,
        ),
        (
            "ArnLike",
            own,
            "arn:aws:iam::111122223333:user/jim",
            "jane",
            false,
        ),
        (
            "ArnNotLike",
            own,
            "arn:aws:iam::111122223333:user/jim",
            "jane",
            true,
        ),
        // A variable fills a part and no more than it.
        (
            "ArnLike",
            "arn:aws:iam::${aws:PrincipalAccount}:user/*",
            "arn:aws:iam::111122223333:user/jane",
            "jane",
            true,
        ),
        (
            "ArnLike",
            "arn:aws:iam::${aws:username}:user/*",
            "arn:aws:iam::111122223333:user/jane",
            "*",
            false,
        ),
        // Nobody has the key, or it has several values: no Allow holds.
        (
            "ArnLike",
            "arn:aws:iam::111122223333:user/${aws:FederatedProvider}",
            "arn:aws:iam::111122223333:user/",
            "jane",
            false,
        ),
        (
            "ArnLike",
            "arn:aws:iam::111122223333:user/${aws:TagKeys}",
            "arn:aws:iam::111122223333:user/one",
            "jane",
            false,
        ),
    ] {
        let mut context = Context::new();
        context.text("aws:PrincipalArn", arn);
        context.text("aws:username", name);
        context.text("aws:PrincipalAccount", "111122223333");
        context.texts("aws:TagKeys", ["one", "two"]);
        let allow = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"aws:PrincipalArn":"{pattern}"}}}}}}"#
        ));
        let is = allowed(&allow, "mq:X", "*", &context);
        assert_eq!(is, expected, "{operator} {pattern}, {arn}, {name}");
    }
}

#[test]
fn an_error_in_a_deny_counts_as_a_match_and_in_an_allow_as_none() {
    for (condition, bad) in [
        (r#""NumericLessThan":{"k":"5"}"#, "many"),
        (r#""NumericNotEquals":{"k":"5"}"#, "many"),
        (r#""DateLessThan":{"k":"2026-01-01"}"#, "yesterday"),
        (r#""DateNotEquals":{"k":"2026-01-01"}"#, "yesterday"),
        (r#""BoolIfExists":{"k":"true"}"#, "yes"),
        (r#""BinaryEquals":{"k":"QQ=="}"#, "?"),
        (r#""IpAddress":{"k":"10.0.0.0/8"}"#, "10.0.0"),
        (r#""NotIpAddress":{"k":"10.0.0.0/8"}"#, "10.0.0"),
        (r#""ArnLike":{"k":"arn:aws:iam::*:*"}"#, "jane"),
        (r#""ArnNotLike":{"k":"arn:aws:iam::*:*"}"#, "jane"),
        (r#""ForAllValues:NumericEquals":{"k":"5"}"#, "many"),
        (r#""ForAnyValue:NumericNotEquals":{"k":"5"}"#, "many"),
    ] {
        let mut context = Context::new();
        context.text("k", bad);
        let allow = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
        ));
        assert!(!allowed(&allow, "mq:X", "*", &context), "{condition}");
        let deny = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},
               {{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
        ));
        assert!(!allowed(&deny, "mq:X", "*", &context), "{condition}");
        // A condition that definitely does not hold still switches the statement off.
        let other = condition.to_owned() + r#","StringEquals":{"other":"x"}"#;
        let deny = statement(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},
               {{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{other}}}}}"#
        ));
        assert!(allowed(&deny, "mq:X", "*", &context), "{condition}");
    }
}

#[test]
fn each_layer_must_allow_and_the_first_that_does_not_is_named() {
    let all = statement(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let mq = statement(r#"{"Effect":"Allow","Action":"mq:*","Resource":"*"}"#);
    let deny = statement(r#"{"Sid":"No","Effect":"Deny","Action":"mq:Delete*","Resource":"*"}"#);
    let reference = |policy| PolicyRef {
        id: "p",
        kind: PolicyKind::Inline,
        policy,
    };
    let context = Context::new();
    let decide = |layers: &Layers<'_>, action| match evaluate(
        layers,
        &Question {
            action,
            resource: "*",
            context: &context,
        },
    ) {
        Decision::Allowed { .. } => None,
        Decision::Denied(denial) => Some((denial.layer, denial.is_explicit())),
    };
    let (all, mq, deny) = ([reference(&all)], [reference(&mq)], [reference(&deny)]);
    let identity = Layers {
        identity: &all,
        ..Layers::default()
    };
    assert_eq!(decide(&identity, "ec2:X"), None);
    assert_eq!(
        decide(&Layers::default(), "ec2:X"),
        Some((Layer::Identity, false))
    );
    let bounded = Layers {
        boundary: Some(&mq),
        ..identity
    };
    assert_eq!(decide(&bounded, "mq:X"), None);
    assert_eq!(decide(&bounded, "ec2:X"), Some((Layer::Boundary, false)));
    let session = Layers {
        session: Some(&mq),
        ..identity
    };
    assert_eq!(decide(&session, "ec2:X"), Some((Layer::Session, false)));
    // Boundary and session never grant.
    let nothing = Layers {
        boundary: Some(&all),
        session: Some(&all),
        ..Layers::default()
    };
    assert_eq!(decide(&nothing, "mq:X"), Some((Layer::Identity, false)));
    // Empty layers allow nothing.
    assert_eq!(
        decide(
            &Layers {
                session: Some(&[]),
                ..identity
            },
            "mq:X"
        ),
        Some((Layer::Session, false))
    );
    // A Deny in a later layer wins over the lack of an Allow in an earlier one.
    let denied = Layers {
        session: Some(&deny),
        ..Layers::default()
    };
    assert_eq!(
        decide(&denied, "mq:DeleteBroker"),
        Some((Layer::Session, true))
    );
    // Root passes the identity layer only.
    let root = Layers {
        root: true,
        ..Layers::default()
    };
    assert_eq!(decide(&root, "mq:X"), None);
    assert_eq!(
        decide(
            &Layers {
                session: Some(&mq),
                ..root
            },
            "ec2:X"
        ),
        Some((Layer::Session, false))
    );
    assert_eq!(
        decide(
            &Layers {
                session: Some(&deny),
                ..root
            },
            "mq:DeleteUser"
        ),
        Some((Layer::Session, true))
    );
}

#[test]
fn an_unreadable_policy_denies_everything_also_for_root() {
    let unreadable = CompiledPolicy::unreadable();
    let all = statement(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let identity = [
        PolicyRef {
            id: "all",
            kind: PolicyKind::Inline,
            policy: &all,
        },
        PolicyRef {
            id: "broken",
            kind: PolicyKind::Inline,
            policy: &unreadable,
        },
    ];
    let context = Context::new();
    for root in [false, true] {
        let layers = Layers {
            identity: &identity,
            root,
            ..Layers::default()
        };
        let question = Question {
            action: "mq:X",
            resource: "*",
            context: &context,
        };
        let Decision::Denied(Denial {
            layer: Layer::Identity,
            cause: Cause::Explicit(by),
        }) = evaluate(&layers, &question)
        else {
            panic!("allowed");
        };
        assert_eq!((by.policy, by.statement), ("broken", None));
    }
}

#[test]
fn decisions_name_policy_and_statement() {
    let policy = compiled(
        "{\"Version\":\"2012-10-17\",\n\"Statement\":[\n\
         {\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"mq:*\",\"Resource\":\"*\"},\n\
         {\"Sid\":\"B\",\"Effect\":\"Deny\",\"Action\":\"mq:Delete*\",\"Resource\":\"*\"}]}",
    );
    let id = "arn:aws:iam::111122223333:policy/P";
    let identity = [PolicyRef {
        id,
        kind: PolicyKind::Managed,
        policy: &policy,
    }];
    let layers = Layers {
        identity: &identity,
        ..Layers::default()
    };
    let context = Context::new();
    let ask = |action| {
        evaluate(
            &layers,
            &Question {
                action,
                resource: BROKER,
                context: &context,
            },
        )
    };
    let Decision::Allowed {
        by: Grant::Statement(by),
    } = ask("mq:DescribeBroker")
    else {
        panic!("denied");
    };
    assert_eq!(
        by.statement,
        Some(StatementRef {
            index: 0,
            sid: Some("A"),
            line: 3
        })
    );
    let Decision::Denied(denial) = ask("mq:DeleteBroker") else {
        panic!("allowed")
    };
    let Cause::Explicit(by) = denial.cause else {
        panic!("implicit")
    };
    assert_eq!(
        by.statement,
        Some(StatementRef {
            index: 1,
            sid: Some("B"),
            line: 4
        })
    );
    assert_eq!((by.policy, by.kind), (id, PolicyKind::Managed));
}

#[test]
fn messages_are_those_of_aws() {
    let jane = "arn:aws:iam::111122223333:user/jane";
    let implicit = |layer| Denial {
        layer,
        cause: Cause::Implicit,
    };
    assert_eq!(
        implicit(Layer::Identity).message(jane, "mq:CreateBroker", None),
        "User: arn:aws:iam::111122223333:user/jane is not authorized to perform: mq:CreateBroker \
         because no identity-based policy allows the mq:CreateBroker action"
    );
    assert_eq!(
        implicit(Layer::Boundary).message(jane, "mq:DescribeBroker", Some(BROKER)),
        format!(
            "User: {jane} is not authorized to perform: mq:DescribeBroker on resource: {BROKER} \
         because no permissions boundary allows the mq:DescribeBroker action"
        )
    );
    assert!(
        implicit(Layer::Session)
            .message(jane, "mq:X", None)
            .ends_with("because no session policy allows the mq:X action")
    );
    let explicit = |layer, policy, kind| Denial {
        layer,
        cause: Cause::Explicit(Matched {
            policy,
            kind,
            statement: None,
        }),
    };
    let arn = "arn:aws:iam::123456789012:policy/Name";
    for (denial, end) in [
        (
            explicit(Layer::Identity, "p", PolicyKind::Inline),
            " mq:X with an explicit deny in an identity-based policy",
        ),
        (
            explicit(Layer::Identity, arn, PolicyKind::Managed),
            " with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/Name",
        ),
        (
            explicit(Layer::Boundary, arn, PolicyKind::Managed),
            " with an explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/Name",
        ),
        (
            explicit(Layer::Session, "p", PolicyKind::Inline),
            " with an explicit deny in a session policy",
        ),
    ] {
        let message = denial.message(jane, "mq:X", None);
        assert!(message.ends_with(end), "{message}");
    }
}

#[test]
fn a_long_action_is_evaluated_like_a_short_one() {
    let policy = statement(r#"{"Effect":"Allow","Action":"mq:x*","Resource":"*"}"#);
    let context = Context::new();
    let long = format!("MQ:X{}", "Y".repeat(300));
    assert!(allowed(&policy, &long, "*", &context));
    assert!(!allowed(&policy, &long.replace("MQ", "EC"), "*", &context));
}

#[test]
fn old_policies_do_not_substitute() {
    let text = |version| {
        format!(
            r#"{{"Version":"{version}","Statement":{{"Effect":"Allow","Action":"*","Resource":"arn:aws:mq:*:*:broker:${{aws:username}}:*"}}}}"#
        )
    };
    let resource = "arn:aws:mq:us-east-1:111122223333:broker:jane:b-1";
    let mut context = Context::new();
    context.text("aws:username", "jane");
    assert!(allowed(
        &compiled(&text("2012-10-17")),
        "mq:X",
        resource,
        &context
    ));
    assert!(!allowed(
        &compiled(&text("2008-10-17")),
        "mq:X",
        resource,
        &context
    ));
}
