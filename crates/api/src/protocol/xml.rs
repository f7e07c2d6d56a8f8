//! XML answers of the Query and EC2 protocols.

use serde_json::Value;

use crate::row::{Row, Service};

/// The XML namespace of a Query service's answers.
fn namespace(service: Service) -> &'static str {
    match service {
        Service::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
        Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        Service::Ec2 => "http://ec2.amazonaws.com/doc/2016-11-15/",
        Service::Mq => "",
    }
}

/// The answer of a Query operation that succeeded: `<XResponse><XResult>…</XResult><ResponseMetadata>…`. Operations
/// without output, whose output is null, have no result element. A list under the name `entry` is a map's. EC2's dialect has
/// the request's id first, the members after it, and lists of `<item>`.
pub fn response(row: &Row, output: &Value, request_id: &str) -> String {
    let mut xml = String::with_capacity(512);
    let name = row.name;
    let namespace = namespace(row.service);
    match row.service {
        Service::Ec2 => {
            xml.push_str(&format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name}Response xmlns=\"{namespace}\">\n  \
                 <requestId>{request_id}</requestId>\n"
            ));
            content(&mut xml, output, 1, "item");
        }
        Service::Iam | Service::Sts | Service::Mq => {
            xml.push_str(&format!("<{name}Response xmlns=\"{namespace}\">\n"));
            if !output.is_null() {
                xml.push_str(&format!("  <{name}Result>\n"));
                content(&mut xml, output, 2, "member");
                xml.push_str(&format!("  </{name}Result>\n"));
            }
            xml.push_str(&format!(
                "  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n"
            ));
        }
    }
    xml.push_str(&format!("</{name}Response>\n"));
    xml
}

/// The error answer of a Query or EC2 service.
pub fn error(
    service: Service,
    code: &str,
    message: &str,
    sender: bool,
    request_id: &str,
) -> String {
    let message = escape(message);
    match service {
        Service::Ec2 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{message}\
             </Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
        ),
        Service::Iam | Service::Sts | Service::Mq => format!(
            "<ErrorResponse xmlns=\"{}\">\n  <Error>\n    <Type>{}</Type>\n    <Code>{code}</Code>\n    \
             <Message>{message}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
            namespace(service),
            if sender { "Sender" } else { "Receiver" },
        ),
    }
}

fn content(xml: &mut String, value: &Value, indent: usize, list_element: &str) {
    if let Value::Object(members) = value {
        for (name, value) in members {
            match value {
                Value::Array(entries) if name == "entry" => {
                    for entry in entries {
                        element(xml, name, entry, indent, list_element);
                    }
                }
                _ => element(xml, name, value, indent, list_element),
            }
        }
    }
}

fn element(xml: &mut String, name: &str, value: &Value, indent: usize, list_element: &str) {
    let pad = "  ".repeat(indent);
    match value {
        Value::Null => {}
        Value::Object(_) => {
            xml.push_str(&format!("{pad}<{name}>\n"));
            content(xml, value, indent + 1, list_element);
            xml.push_str(&format!("{pad}</{name}>\n"));
        }
        Value::Array(elements) if elements.is_empty() => xml.push_str(&format!("{pad}<{name}/>\n")),
        Value::Array(elements) => {
            xml.push_str(&format!("{pad}<{name}>\n"));
            for inner in elements {
                element(xml, list_element, inner, indent + 1, list_element);
            }
            xml.push_str(&format!("{pad}</{name}>\n"));
        }
        Value::String(text) => xml.push_str(&format!("{pad}<{name}>{}</{name}>\n", escape(text))),
        Value::Bool(_) | Value::Number(_) => {
            xml.push_str(&format!("{pad}<{name}>{value}</{name}>\n"))
        }
    }
}

/// Escapes text for XML; characters that XML 1.0 cannot carry become `U+FFFD`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\r' => out.push_str("&#xD;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Operation;
    use crate::table::{AttachUserPolicy, GetUser};

    #[test]
    fn answers_have_the_shape_of_aws_query() {
        let value =
            serde_json::json!({"User": {"UserName": "a<b", "Tags": []}, "Keys": [{"K": 1}]});
        let xml = response(GetUser::ROW, &value, "id");
        assert!(
            xml.contains("<GetUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">")
        );
        assert!(xml.contains("<UserName>a&lt;b</UserName>"));
        assert!(xml.contains("<Tags/>"));
        assert!(xml.contains("<member>\n        <K>1</K>"));
        let xml = response(AttachUserPolicy::ROW, &Value::Null, "id");
        assert!(!xml.contains("Result"));
        let map = serde_json::json!({"Map": {"entry": [{"key": "a"}, {"key": "b"}]}});
        let xml = response(GetUser::ROW, &map, "id");
        assert_eq!(xml.matches("<entry>").count(), 2);
    }

    #[test]
    fn answers_of_ec2_have_its_own_shape() {
        let value =
            serde_json::json!({"vpcSet": [{"vpcId": "vpc-1", "tagSet": []}], "nextToken": null});
        let xml = response(crate::table::DescribeVpcs::ROW, &value, "id");
        assert!(xml.contains(
            "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n  <requestId>id</requestId>\n  <vpcSet>"
        ));
        assert!(xml.contains("<item>\n      <vpcId>vpc-1</vpcId>\n      <tagSet/>"));
        assert!(!xml.contains("Result") && !xml.contains("nextToken"));
    }
}
