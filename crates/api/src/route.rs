//! Finding the row of a request.

use crate::row::{Row, Service, Wire};
use crate::table::ROWS;

/// A REST row and the path labels of this request, still percent-encoded.
#[derive(Debug)]
pub struct RestMatch<'a> {
    /// The row.
    pub row: &'static Row,
    /// Label names and their raw segments.
    pub labels: Vec<(&'static str, &'a str)>,
}

/// Finds the REST row of a service for a method and a raw path (without the query). Segments are compared before
/// decoding, so an encoded slash can never make a second segment. `None`: nothing is there.
pub fn rest<'a>(service: Service, method: &str, path: &'a str) -> Option<RestMatch<'a>> {
    ROWS.iter()
        .copied()
        .filter(|row| row.service == service)
        .find_map(|row| match row.wire {
            Wire::Rest {
                method: wanted,
                path: template,
                ..
            } if wanted == method => labels(template, path).map(|labels| RestMatch { row, labels }),
            Wire::Rest { .. } | Wire::Query => None,
        })
}

/// Whether any method of the service is served at this path (for `OPTIONS`).
pub fn rest_path_exists(service: Service, path: &str) -> bool {
    ROWS.iter().any(|row| match row.wire {
        Wire::Rest { path: template, .. } => {
            row.service == service && labels(template, path).is_some()
        }
        Wire::Query => false,
    })
}

/// Finds the Query row of a service for an `Action`. Names are case-sensitive, as AWS's are.
pub fn query(service: Service, action: &str) -> Option<&'static Row> {
    ROWS.iter()
        .copied()
        .find(|row| row.service == service && row.wire == Wire::Query && row.name == action)
}

fn labels<'a>(template: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut found = Vec::new();
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let segment = segments.next()?;
        match wanted
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(_) if segment.is_empty() => return None,
            Some(label) => found.push((label, segment)),
            None if wanted == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_and_extra_segments_are_not() {
        let found = rest(Service::Mq, "GET", "/v1/brokers/b-1/users/jane").unwrap();
        assert_eq!(found.row.name, "DescribeUser");
        assert_eq!(found.labels, [("broker-id", "b-1"), ("username", "jane")]);
        assert!(rest(Service::Mq, "GET", "/v1/brokers/b-1/users/jane/x").is_none());
        assert!(rest(Service::Mq, "GET", "/v1/brokers//users/jane").is_none());
        assert!(rest(Service::Mq, "PATCH", "/v1/brokers").is_none());
        assert!(rest(Service::Iam, "GET", "/v1/brokers").is_none());
    }

    #[test]
    fn an_encoded_slash_stays_inside_its_segment() {
        let found = rest(Service::Mq, "GET", "/v1/brokers/b%2Fusers").unwrap();
        assert_eq!(found.labels, [("broker-id", "b%2Fusers")]);
    }
}
