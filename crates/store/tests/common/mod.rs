//! What the tests share: small documents, their state, and stores in temporary folders.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "each test uses a part"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value, json};
use store::{
    AuditLine, Change, Commit, CorruptDocument, Document, Key, MasterKey, Options, Revision, State,
    Store,
};

/// A note with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub account: String,
    pub kind: &'static str,
    pub id: String,
    pub text: String,
}

pub const NOTE: &str = "note";
pub const TOKEN: &str = "token";

impl Document for Note {
    fn key(&self) -> Key {
        Key::new(&*self.account, self.kind, &*self.id)
    }

    fn encode(&self) -> String {
        json!({ "text": self.text }).to_string()
    }

    fn decode(account: &str, kind: &str, id: &str, json: &str) -> Result<Self, CorruptDocument> {
        let value: Value = serde_json::from_str(json)?;
        let text = value.get("text").and_then(Value::as_str);
        let kind = match kind {
            "note" => NOTE,
            "token" => TOKEN,
            other => return Err(CorruptDocument::new(format!("unknown kind `{other}`"))),
        };
        let text = text.ok_or_else(|| CorruptDocument::new("no text"))?;
        Ok(Self {
            account: account.into(),
            kind,
            id: id.into(),
            text: text.into(),
        })
    }
}

pub fn note(account: &str, id: &str, text: &str) -> Note {
    Note {
        account: account.into(),
        kind: NOTE,
        id: id.into(),
        text: text.into(),
    }
}

#[derive(Clone, Default, Debug)]
pub struct Notes {
    pub all: imbl::OrdMap<Key, (Arc<Note>, Revision)>,
}

impl Notes {
    pub fn text(&self, account: &str, id: &str) -> Option<String> {
        let key = Key::new(account, NOTE, id);
        self.all.get(&key).map(|(note, _)| note.text.clone())
    }

    pub fn texts(&self) -> BTreeMap<Key, (String, u64)> {
        let each = self.all.iter();
        each.map(|(key, (note, rev))| (key.clone(), (note.text.clone(), rev.number())))
            .collect()
    }
}

impl State for Notes {
    type Document = Note;

    fn put(&mut self, document: Arc<Note>, revision: Revision) {
        self.all.insert(document.key(), (document, revision));
    }

    fn remove(&mut self, key: &Key, _: Revision) {
        self.all.remove(key);
    }
}

pub fn key() -> MasterKey {
    MasterKey::from_bytes([7; 32])
}

pub type Fatals = Arc<Mutex<Vec<String>>>;

/// Options whose fatal errors are collected, with a fixed clock and a quick journal.
pub fn options<'a>(key: &'a MasterKey, fatals: &Fatals) -> Options<'a> {
    let fatals = Arc::clone(fatals);
    let mut options = Options::new(key, Arc::new(|| 1_800_000_000));
    options.on_fatal = Arc::new(move |fatal| fatals.lock().unwrap().push(fatal.to_string()));
    options.journal_period = Duration::from_millis(20);
    options.digest_period = Duration::ZERO;
    options
}

pub fn open(folder: &Path) -> Store<Notes> {
    let fatals = Fatals::default();
    Store::open(folder, options(&key(), &fatals)).unwrap()
}

pub fn record(id: &str) -> AuditLine {
    let mut record = Map::new();
    record.insert("eventVersion".into(), "1.08".into());
    record.insert("eventID".into(), id.into());
    record.insert("eventName".into(), "CreateNote".into());
    AuditLine::new(&record).unwrap()
}

/// Puts one note, with a record.
pub async fn put(store: &Store<Notes>, account: &str, id: &str, text: &str, event: &str) {
    let (document, line) = (note(account, id, text), record(event));
    let done: Result<(), store::CommitError<()>> = store
        .commit(account, move |_, _| {
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

/// All `eventID`s of the journal, in order of writing.
pub fn journal_ids(folder: &Path) -> Vec<String> {
    let audit = folder.join("audit");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&audit)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    // The newest has no number: it comes last.
    files.sort();
    let newest = audit.join("audit.jsonl");
    files.retain(|file| *file != newest && !file.ends_with("digest.jsonl"));
    files.push(newest);
    let mut ids = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.is_empty() || text.ends_with('\n'),
            "{}",
            file.display()
        );
        for line in text.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            ids.push(record["eventID"].as_str().unwrap().to_owned());
        }
    }
    ids
}

/// Checks what a store that was closed in order shows beside its documents: each wanted record stands in the journal exactly once,
/// and nothing else but what `may_be`, once; the journal's digests hold and cover all of it; the feed has no gap; the outbox is
/// empty. Returns the journal's records.
pub fn check_traces(
    folder: &Path,
    wanted: &BTreeSet<String>,
    may_be: impl Fn(&str) -> bool,
) -> BTreeSet<String> {
    let report = Store::<Notes>::verify_audit(folder, &key()).unwrap();
    assert_eq!((report.damage, report.uncovered_bytes), (vec![], 0));
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for id in journal_ids(folder) {
        *seen.entry(id).or_default() += 1;
    }
    for id in wanted {
        assert_eq!(seen.get(id), Some(&1), "record {id}");
    }
    for (id, count) in &seen {
        let known = wanted.contains(id) || may_be(id);
        assert!(*count == 1 && known, "{id}: {count}");
    }
    let database = rusqlite::Connection::open(folder.join("store.db")).unwrap();
    let gaps: i64 = database
        .query_row(
            "SELECT count(*) FROM shard WHERE rev <> (SELECT count(DISTINCT rev) FROM event \
             WHERE event.shard = shard.k AND rev > 0) + coalesce((SELECT min(rev) - 1 FROM event \
             WHERE event.shard = shard.k), 0)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(gaps, 0, "the feed has a gap");
    let left: i64 = database
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0, "the outbox is empty after an orderly end");
    seen.into_keys().collect()
}

/// A small generator of random numbers (xorshift64*), so that a printed seed repeats a run.
pub struct Random(pub u64);

impl Random {
    pub fn seeded() -> Self {
        let seed = match std::env::var_os("SEED") {
            Some(seed) => seed.to_str().unwrap().parse().unwrap(),
            None => {
                let mut bytes = [0; 8];
                getrandom::fill(&mut bytes).unwrap();
                u64::from_ne_bytes(bytes) | 1
            }
        };
        println!("SEED={seed}");
        Self(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % limit
    }
}
