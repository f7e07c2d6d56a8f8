//! Measures the store on this machine: `cargo run --release -p store --example bench [folder]`.
//!
//! A commit replaces one of 10,000 documents of 1.6 kB and has an audit record: one durable
//! transaction, journal written, snapshot published. Three runs of two seconds each.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measuring program"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Map, json};
use store::{
    AuditLine, Change, Commit, CommitError, CorruptDocument, Document, Key, MasterKey, Options,
    Revision, State, Store,
};

const RECORDS: usize = 10_000;
const TIME: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Broker {
    account: String,
    id: String,
    body: String,
}

impl Document for Broker {
    fn key(&self) -> Key {
        Key::new(&*self.account, "broker", &*self.id)
    }

    fn encode(&self) -> String {
        json!({ "body": self.body }).to_string()
    }

    fn decode(account: &str, _: &str, id: &str, json: &str) -> Result<Self, CorruptDocument> {
        let value: serde_json::Value = serde_json::from_str(json)?;
        let body = value.get("body").and_then(|body| body.as_str());
        let body = body
            .ok_or_else(|| CorruptDocument::new("no body"))?
            .to_owned();
        Ok(Self {
            account: account.into(),
            id: id.into(),
            body,
        })
    }
}

#[derive(Clone, Default)]
struct Brokers(imbl::HashMap<Key, (Arc<Broker>, Revision)>);

impl State for Brokers {
    type Document = Broker;

    fn put(&mut self, document: Arc<Broker>, revision: Revision) {
        self.0.insert(document.key(), (document, revision));
    }

    fn remove(&mut self, key: &Key, _: Revision) {
        self.0.remove(key);
    }
}

fn broker(number: usize, fill: char) -> Broker {
    let account = format!("{:012}", number % 100);
    let body = String::from(fill).repeat(1_600);
    Broker {
        account,
        id: format!("b-{number}"),
        body,
    }
}

fn line(id: &str) -> AuditLine {
    let mut record = Map::new();
    record.insert("eventVersion".into(), "1.08".into());
    record.insert("eventID".into(), id.into());
    record.insert(
        "requestParameters".into(),
        json!({ "brokerId": id, "x": "y".repeat(500) }),
    );
    AuditLine::new(&record).unwrap()
}

async fn replace(store: &Store<Brokers>, number: usize, event: &str) {
    let document = broker(number, 'b');
    let account = document.account.clone();
    let line = line(event);
    let done: Result<(), CommitError<()>> = store
        .commit(&account, move |_, _| {
            let changes = vec![Change::put(document.clone())];
            Ok(Commit {
                changes,
                record: Some(line.clone()),
                value: (),
            })
        })
        .await;
    done.unwrap();
}

async fn measure(store: &Store<Brokers>, clients: usize, run: usize) {
    let counters = store.counters();
    let transactions = counters.transactions.load(Ordering::Relaxed);
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < TIME {
                    let number = times.len();
                    let start = Instant::now();
                    let event = format!("{run}-{clients}-{client}-{number}");
                    replace(&store, (number * 7919 + client * 631) % RECORDS, &event).await;
                    times.push(start.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let took = began.elapsed().as_secs_f64();
    times.sort();
    let at = |part: usize| times.get((times.len() - 1) * part / 100).copied().unwrap();
    let syncs = counters.transactions.load(Ordering::Relaxed) - transactions;
    println!(
        "{clients:>2} clients: {:>6.0} commits/s, {:.1} a transaction, p50 {:?}, p99 {:?}",
        times.len() as f64 / took,
        times.len() as f64 / syncs as f64,
        at(50),
        at(99)
    );
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::args_os()
        .nth(1)
        .map_or(temporary.path().to_path_buf(), PathBuf::from);
    let key = MasterKey::from_bytes([1; 32]);
    let clock = || Options::new(&key, Arc::new(|| 1_800_000_000));
    let store = Store::<Brokers>::open(&folder, clock()).unwrap();
    let began = Instant::now();
    let mut loading = tokio::task::JoinSet::new();
    for number in 0..RECORDS {
        let store = store.clone();
        loading.spawn(async move { replace(&store, number, &format!("load-{number}")).await });
    }
    while loading.join_next().await.is_some() {}
    println!(
        "{RECORDS} documents stored at once in {:?}",
        began.elapsed()
    );
    for run in 0..3 {
        measure(&store, 1, run).await;
        measure(&store, 16, run).await;
    }
    let count = 200_000_u32;
    let lines: Vec<_> = (0..1000)
        .map(|number| line(&format!("read-{number}")))
        .collect();
    let began = Instant::now();
    for line in lines.iter().cycle().take(count as usize) {
        store.journal().append(line).unwrap();
    }
    println!(
        "journal: {:?} an append of {} bytes",
        began.elapsed() / count,
        line("read-1").text().len()
    );
    let began = Instant::now();
    for number in 0..count {
        let snapshot = store.snapshot();
        let key = broker_key(number as usize % RECORDS);
        std::hint::black_box(snapshot.state.0.get(&key));
    }
    println!("snapshot: {:?} a point read", began.elapsed() / count);
    drop(store);
    let store = Store::<Brokers>::open(&folder, clock()).unwrap();
    println!(
        "opened {} documents in {:?}",
        store.opening().documents,
        store.opening().took
    );
}

fn broker_key(number: usize) -> Key {
    Key::new(
        format!("{:012}", number % 100),
        "broker",
        format!("b-{number}"),
    )
}
