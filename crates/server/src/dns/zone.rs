//! What is answered to a question: a function of the records, without IO.
//!
//! `b-<id>-<n>.mq.<region>.<domain>` is the address of an instance of an ActiveMQ broker, `b-<id>.mq.<region>.<domain>` those of the
//! nodes of a RabbitMQ broker. Names between them and the domain exist and have nothing (RFC 8020); everything else of the domain
//! does not exist, and everything outside is refused.

use std::net::{IpAddr, Ipv4Addr};

use brokers::broker::{Broker, EngineType};
use hickory_proto::ProtoError;
use hickory_proto::op::{Edns, Message, Metadata, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, NS, SOA};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use store::state::State;

/// How long an address may be kept, in seconds. A broker keeps its addresses as long as it is there.
const ADDRESS_TTL: u32 = 60;

/// How long may be kept that there is no such name, in seconds: a broker that was just made is to be found.
const ABSENCE_TTL: u32 = 5;

/// How long the name server and the start of authority may be kept, in seconds.
const AUTHORITY_TTL: u32 = 3600;

/// The smallest answer that everybody takes by UDP, in octets (RFC 1035, 4.2.1).
const PLAIN_LIMIT: u16 = 512;

/// The length of a message's header, in octets.
const HEADER: usize = 12;

/// The zone of the endpoint domain.
pub(super) struct Zone {
    domain: Name,
    server: Name,
    person: Name,
    regions: Vec<String>,
    address: IpAddr,
}

/// What a name of the zone stands for.
enum Found {
    /// The domain itself.
    Apex,
    /// A host.
    Host(Vec<Ipv4Addr>),
    /// A name that only has names below it.
    Between,
    /// Nothing.
    Nothing,
}

impl Zone {
    /// The zone of a domain. `address` is where it is answered.
    ///
    /// # Errors
    /// The domain is no domain name.
    pub(super) fn new(
        domain: &str,
        regions: Vec<String>,
        address: IpAddr,
    ) -> Result<Zone, ProtoError> {
        let mut domain = Name::from_ascii(domain)?;
        domain.set_fqdn(true);
        Ok(Zone {
            server: domain.prepend_label("ns1")?,
            person: domain.prepend_label("hostmaster")?,
            domain,
            regions,
            address,
        })
    }

    /// The answer to a message. `None`: it is none that is answered. `limit` is the most octets of an answer by UDP.
    pub(super) fn answer(
        &self,
        state: &State,
        serial: u32,
        question: &[u8],
        limit: Option<u16>,
    ) -> Option<Vec<u8>> {
        let id = u16::from_be_bytes([*question.first()?, *question.get(1)?]);
        let flags = *question.get(2)?;
        // What is too short to be answered, and answers: to answer those would go on forever.
        if question.len() < HEADER || flags & 0x80 != 0 {
            return None;
        }
        let Ok(request) = Message::from_vec(question) else {
            let response = Message::error_msg(id, OpCode::Query, ResponseCode::FormErr);
            return response.to_vec().ok();
        };
        let response = self.response(state, serial, &request);
        let bytes = response.to_vec().ok()?;
        let Some(limit) = limit else {
            return Some(bytes);
        };
        let room = match &request.edns {
            Some(edns) => edns
                .max_payload()
                .clamp(PLAIN_LIMIT, limit.max(PLAIN_LIMIT)),
            None => PLAIN_LIMIT,
        };
        if bytes.len() <= usize::from(room) {
            return Some(bytes);
        }
        response.truncate().to_vec().ok()
    }

    fn response(&self, state: &State, serial: u32, request: &Message) -> Message {
        let mut response = Message::response(request.metadata.id, request.metadata.op_code);
        response.metadata = Metadata::response_from_request(&request.metadata);
        response.queries.clone_from(&request.queries);
        if let Some(asked) = &request.edns {
            let mut edns = Edns::new();
            edns.set_max_payload(super::UDP_LIMIT);
            response.set_edns(edns);
            if asked.version() != 0 {
                response.metadata.response_code = ResponseCode::BADVERS;
                return response;
            }
        }
        response.metadata.response_code = match (request.metadata.op_code, &request.queries[..]) {
            (OpCode::Query, [query]) => self.records(state, serial, query, &mut response),
            (OpCode::Query, _) => ResponseCode::FormErr,
            (OpCode::Status | OpCode::Notify | OpCode::Update | OpCode::Unknown(_), _) => {
                ResponseCode::NotImp
            }
        };
        response
    }

    /// Puts in what is known of the name.
    fn records(
        &self,
        state: &State,
        serial: u32,
        query: &Query,
        response: &mut Message,
    ) -> ResponseCode {
        let name = query.name();
        if query.query_class() != DNSClass::IN || !self.domain.zone_of(name) {
            return ResponseCode::Refused;
        }
        let kind = query.query_type();
        // Zones are not given away whole.
        if matches!(kind, RecordType::AXFR | RecordType::IXFR) {
            return ResponseCode::Refused;
        }
        response.metadata.authoritative = true;
        let all = kind == RecordType::ANY;
        match self.find(state, name) {
            Found::Apex => {
                if all || kind == RecordType::SOA {
                    response.add_answer(self.authority(serial, AUTHORITY_TTL));
                }
                if all || kind == RecordType::NS {
                    response.add_answer(Record::from_rdata(
                        self.domain.clone(),
                        AUTHORITY_TTL,
                        RData::NS(NS(self.server.clone())),
                    ));
                    let glue = self.server_address().map(|address| {
                        Record::from_rdata(self.server.clone(), AUTHORITY_TTL, RData::A(A(address)))
                    });
                    response.additionals.extend(glue);
                }
            }
            Found::Host(addresses) if all || kind == RecordType::A => {
                // In the spelling of the question, which resolvers compare.
                response.add_answers(addresses.into_iter().map(|address| {
                    Record::from_rdata(name.clone(), ADDRESS_TTL, RData::A(A(address)))
                }));
            }
            Found::Host(_) | Found::Between => {}
            Found::Nothing => {
                response.add_authority(self.authority(serial, ABSENCE_TTL));
                return ResponseCode::NXDomain;
            }
        }
        if response.answers.is_empty() {
            response.add_authority(self.authority(serial, ABSENCE_TTL));
        }
        ResponseCode::NoError
    }

    fn authority(&self, serial: u32, ttl: u32) -> Record {
        let data = SOA::new(
            self.server.clone(),
            self.person.clone(),
            serial,
            3600,
            600,
            86_400,
            ABSENCE_TTL,
        );
        Record::from_rdata(self.domain.clone(), ttl, RData::SOA(data))
    }

    fn server_address(&self) -> Option<Ipv4Addr> {
        match self.address {
            IpAddr::V4(address) if !address.is_unspecified() => Some(address),
            IpAddr::V4(_) | IpAddr::V6(_) => None,
        }
    }

    fn find(&self, state: &State, name: &Name) -> Found {
        let own = usize::from(self.domain.num_labels());
        let labels: Vec<String> = name
            .iter()
            .map(|label| String::from_utf8_lossy(label).to_ascii_lowercase())
            .collect();
        let before = labels.len().saturating_sub(own);
        let known = |region: &str| self.regions.iter().any(|known| known == region);
        let labels: Vec<&str> = labels.iter().take(before).map(String::as_str).collect();
        match labels[..] {
            [] => Found::Apex,
            ["ns1"] => Found::Host(self.server_address().into_iter().collect()),
            [region] | ["mq", region] if known(region) => Found::Between,
            [host, "mq", region] if known(region) => match addresses(state, host, region) {
                Some(addresses) => Found::Host(addresses),
                None => Found::Nothing,
            },
            _ => Found::Nothing,
        }
    }
}

/// The addresses of a host of Amazon MQ.
fn addresses(state: &State, host: &str, region: &str) -> Option<Vec<Ipv4Addr>> {
    let broker = |id: &str| -> Option<&Broker> {
        let mut accounts = state.accounts();
        let found = accounts.find_map(|(_, account)| account.broker(id))?;
        (found.region == region).then_some(&**found)
    };
    if let Some(broker) = broker(host) {
        return match broker.engine {
            EngineType::RabbitMq => Some(
                broker
                    .instances
                    .iter()
                    .map(|instance| instance.address)
                    .collect(),
            ),
            EngineType::ActiveMq => None,
        };
    }
    let (id, number) = host.rsplit_once('-')?;
    let broker = broker(id)?;
    match broker.engine {
        EngineType::RabbitMq => None,
        EngineType::ActiveMq => broker
            .instances
            .iter()
            .find(|instance| instance.number.to_string() == number)
            .map(|instance| vec![instance.address]),
    }
}
