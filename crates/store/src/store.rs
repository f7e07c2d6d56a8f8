//! The store as its users see it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::{Semaphore, broadcast, oneshot, watch};

use crate::backend::{
    Backend, BackendError, SqliteBackend, is_failed_write, is_shut_out, sync_folder,
};
use crate::document::{Commit, Document, Key, Revision, Shard, Snapshot, State};
use crate::error::{self, CommitError, Failure, OnFatal, OpenError};
use crate::journal::{self, AuditReport, Journal};
use crate::seal::{DigestKey, MasterKey, Sealed};
use crate::writer::{Command, Counters, Rotation, Waiting, Writer};

/// Tells the time, in seconds since 1970. Only the feed's trimming uses it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The most commits that wait; more callers wait for a place.
const QUEUE: usize = 4096;
pub(crate) const DATABASE: &str = "store.db";
/// How many snapshots a listener may fall behind.
const TOLD: usize = 128;
const LOCK: &str = "store.lock";
pub(crate) const KEY_CHECK: &str = "key_check";
/// The fact that is the check value of the key that everything is being sealed under anew; empty or absent: nothing is.
pub(crate) const NEXT_KEY_CHECK: &str = "next_key_check";
/// The fact that is the sealed key of the journal's digests; absent: it is derived from the master key.
pub(crate) const AUDIT_KEY: &str = "audit_key";
/// The fact that is the MAC of the journal's newest digest.
pub(crate) const AUDIT_DIGEST: &str = "audit_digest";

/// How to open a store.
#[derive(Clone)]
pub struct Options<'a> {
    /// The key that the store's secrets are sealed with.
    pub master_key: &'a MasterKey,
    /// Tells the time.
    pub now: Clock,
    /// What to do when the process must not go on; [`exit`](crate::exit) in production.
    pub on_fatal: OnFatal,
    /// The size in bytes at which the journal begins a new file.
    pub journal_limit: u64,
    /// How often the journal is synced, and probed while it cannot be written.
    pub journal_period: Duration,
    /// How often, at most, the journal gets a digest; it also gets one at an orderly end.
    pub digest_period: Duration,
}

impl<'a> Options<'a> {
    /// What production uses: journal files of 64 MiB, a sync each second, and the process ends
    /// after an I/O error.
    pub fn new(master_key: &'a MasterKey, now: Clock) -> Self {
        Self {
            master_key,
            now,
            on_fatal: Arc::new(error::exit),
            journal_limit: 64 * 1024 * 1024,
            journal_period: Duration::from_secs(1),
            digest_period: Duration::from_secs(60),
        }
    }
}

/// What was found when the store was opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// How many documents were loaded.
    pub documents: usize,
    /// How many audit records a crash had kept from the journal's file.
    pub recovered_records: usize,
    /// Whether secrets may be sealed under an older key than the master key's current one.
    pub unfinished_rotation: bool,
    /// How long it took.
    pub took: Duration,
}

/// Documents in transactions, and the newest state in memory. Cheap to clone; the last clone
/// closes it.
pub struct Store<S: State> {
    inner: Arc<Inner<S>>,
}

impl<S: State> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

struct Inner<S: State> {
    published: Arc<ArcSwap<Snapshot<S>>>,
    queue: Sender<Command<S>>,
    slots: Arc<Semaphore>,
    news: watch::Receiver<u64>,
    /// The writer's, which ends the news when it ends.
    touched: broadcast::WeakSender<Arc<[Key]>>,
    journal: Arc<Journal>,
    counters: Arc<Counters>,
    opening: Opening,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<S: State> Store<S> {
    /// Whether the folder holds a store. If so, its master key must exist too.
    pub fn exists(folder: &Path) -> bool {
        std::fs::metadata(folder.join(DATABASE)).is_ok_and(|file| file.len() > 0)
    }

    /// Opens the store in this folder, or makes it. Blocks while all documents are loaded.
    ///
    /// # Errors
    /// See [`OpenError`]. Nothing of what was stored is changed then.
    pub fn open(folder: &Path, options: Options<'_>) -> Result<Self, OpenError> {
        let lock = lock(folder)?;
        let backend = SqliteBackend::open(&folder.join(DATABASE))?;
        Self::start(folder, lock, Box::new(backend), options)
    }

    /// Copies the newest committed state of the store in this folder, which may be in use, into a
    /// new database file. Put it into an empty folder as `store.db` to restore it; it needs the
    /// same master key.
    ///
    /// # Errors
    /// The file exists already, or cannot be written.
    pub fn back_up(folder: &Path, to: &Path) -> Result<(), OpenError> {
        SqliteBackend::copy(&folder.join(DATABASE), to)
    }

    /// Compares the audit journal in this folder with its digests, and these with the newest that
    /// the database remembers. The store need not be closed.
    ///
    /// # Errors
    /// The master key is not this store's, or a file cannot be read.
    pub fn verify_audit(folder: &Path, key: &MasterKey) -> Result<AuditReport, OpenError> {
        let database = folder.join(DATABASE);
        let fact = |name| SqliteBackend::peek(&database, name).map_err(damaged);
        let check = fact(KEY_CHECK)?.map(Sealed::from_text);
        let check = check.filter(|check| key.made(check));
        let check = check.ok_or(OpenError::WrongMasterKey)?;
        let kept = fact(AUDIT_KEY)?.map(Sealed::from_text);
        let digest_key = key.digest_key(Some(&check), kept.as_ref());
        let digest_key = digest_key.ok_or(OpenError::WrongMasterKey)?;
        let audit = folder.join("audit");
        let remembered = fact(AUDIT_DIGEST)?;
        journal::verify(&audit, &digest_key, remembered.as_deref()).map_err(|source| {
            OpenError::File {
                action: "read",
                path: audit,
                source,
            }
        })
    }

    /// Whether everything in this folder's store, which may be in use, is sealed under the current key alone. `false`: a rotation is
    /// not finished.
    ///
    /// # Errors
    /// The master key is not this store's, or the database cannot be read.
    pub fn is_sealed_with(folder: &Path, key: &MasterKey) -> Result<bool, OpenError> {
        let database = folder.join(DATABASE);
        let fact = |name| SqliteBackend::peek(&database, name).map_err(damaged);
        let check = fact(KEY_CHECK)?.map(Sealed::from_text);
        match check.filter(|check| key.made(check)) {
            Some(check) => Ok(
                key.made_now(&check) && fact(NEXT_KEY_CHECK)?.is_none_or(|next| next.is_empty())
            ),
            None => Err(OpenError::WrongMasterKey),
        }
    }

    /// Opens a store on any database; the folder is for the journal and the lock.
    ///
    /// # Errors
    /// See [`open`](Self::open).
    pub fn open_with(
        folder: &Path,
        backend: Box<dyn Backend>,
        options: Options<'_>,
    ) -> Result<Self, OpenError> {
        let lock = lock(folder)?;
        Self::start(folder, lock, backend, options)
    }

    fn start(
        folder: &Path,
        lock: FolderLock,
        mut backend: Box<dyn Backend>,
        options: Options<'_>,
    ) -> Result<Self, OpenError> {
        let began = Instant::now();
        let known_key = check_key(backend.as_mut(), options.master_key)?;
        let digest_key = digest_key(backend.as_mut(), options.master_key)?;
        let check = backend.meta(KEY_CHECK).map_err(damaged)?;
        let next = backend.meta(NEXT_KEY_CHECK).map_err(damaged)?;
        let unfinished_rotation = next.is_some_and(|next| !next.is_empty())
            || check.is_some_and(|check| !options.master_key.made_now(&Sealed::from_text(check)));
        if let Some(damage) = backend.check().map_err(damaged)? {
            return Err(OpenError::Damaged(damage));
        }
        let (snapshot, documents) = load::<S>(backend.as_mut())?;
        if !known_key && documents > 0 {
            return Err(OpenError::NotAStore("its key check is missing".into()));
        }
        let outbox = backend.outbox().map_err(damaged)?;
        if let Some(row) = outbox.iter().find(|row| row.sum != row.seal_sum()) {
            return Err(OpenError::Damaged(format!("audit record {}", row.sequence)));
        }
        let next_record = outbox
            .last()
            .map_or(1, |row| row.sequence.saturating_add(1));
        let audit = folder.join("audit");
        make_folder(&audit)?;
        let setup = journal::Setup {
            limit: options.journal_limit,
            digest_key,
            digest_period: options.digest_period,
            on_fatal: Arc::clone(&options.on_fatal),
        };
        let (journal, recovered_records) =
            Journal::open(&audit, outbox, setup).map_err(|source| OpenError::File {
                action: "open",
                path: audit,
                source,
            })?;
        if !known_key {
            let check = options.master_key.check_value()?;
            backend.begin()?;
            backend.set_meta(KEY_CHECK, check.as_text())?;
            backend.commit()?;
        }
        let journal = Arc::new(journal);
        let published = Arc::new(ArcSwap::from_pointee(snapshot));
        let (queue, commands) = mpsc::channel();
        let (news, heard) = watch::channel(0);
        let (touched, _) = broadcast::channel(TOLD);
        let told = touched.downgrade();
        let counters = Arc::new(Counters::default());
        let writer = Writer {
            backend,
            published: Arc::clone(&published),
            news,
            touched,
            journal: Arc::clone(&journal),
            counters: Arc::clone(&counters),
            now: options.now,
            on_fatal: options.on_fatal,
            next_record,
            trimmed: journal::Synced::default(),
            ended: false,
            _lock: lock,
        };
        let spawned = |source| OpenError::File {
            action: "start a thread for",
            path: folder.to_path_buf(),
            source,
        };
        let writing = std::thread::Builder::new()
            .name("postern-store".into())
            .spawn(move || writer.run(&commands))
            .map_err(spawned)?;
        // What the journal made durable while it was opened.
        if let Some(synced) = journal.sync(false).filter(|synced| synced.through > 0) {
            let _ = queue.send(Command::Trim(synced));
        }
        let trims = queue.clone();
        let syncing = journal
            .start(options.journal_period, move |synced| {
                let _ = trims.send(Command::Trim(synced));
            })
            .map_err(spawned)?;
        let opening = Opening {
            documents,
            recovered_records,
            unfinished_rotation,
            took: began.elapsed(),
        };
        let inner = Inner {
            published,
            queue,
            slots: Arc::new(Semaphore::new(QUEUE)),
            news: heard,
            touched: told,
            journal,
            counters,
            opening,
            threads: Mutex::new(vec![syncing, writing]),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Decides and commits for one account.
    ///
    /// `decide` gets the newest state, including commits that are being written together with
    /// this one, and the revision of the account's shard before this commit. It must be a pure
    /// function of these: on PostgreSQL it may run more than once. If it refuses, nothing
    /// changes. When `Ok` is returned, the changes are durable, the record is in the journal, and
    /// every later [`snapshot`](Self::snapshot) has them.
    ///
    /// If the caller goes away while it waits, the commit may still happen.
    ///
    /// # Errors
    /// The refusal of `decide`, or see [`Failure`].
    pub async fn commit<T, E, F>(&self, account: &str, decide: F) -> Result<T, CommitError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: FnMut(&S, Revision) -> Result<Commit<S::Document, T>, E> + Send + 'static,
    {
        let slots = Arc::clone(&self.inner.slots);
        let slot = slots.acquire_owned().await.map_err(|_| Failure::Closed)?;
        let (reply, answer) = oneshot::channel();
        let account = account.to_owned();
        let job = Box::new(Waiting {
            account,
            decide,
            answer: None,
            reply,
            slot,
        });
        self.inner
            .queue
            .send(Command::Commit(job))
            .map_err(|_| Failure::Closed)?;
        // No answer: the writer ended before it began this one.
        answer
            .await
            .unwrap_or(Err(CommitError::Failed(Failure::Closed)))
    }

    /// Notes that secrets are being sealed anew under the current key: from now on the store does not open without it, nor without
    /// the key that it knew before. To be called before the first of them is written.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn begin_rotation(&self, key: Arc<MasterKey>) -> Result<(), Failure> {
        self.rotate(key, Rotation::Begin).await
    }

    /// Notes that everything is sealed under the current key: from now on the store opens with it alone.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn end_rotation(&self, key: Arc<MasterKey>) -> Result<(), Failure> {
        self.rotate(key, Rotation::End).await
    }

    async fn rotate(&self, key: Arc<MasterKey>, stage: Rotation) -> Result<(), Failure> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Rotate(key, stage, reply);
        self.inner
            .queue
            .send(command)
            .map_err(|_| Failure::Closed)?;
        answer.await.unwrap_or(Err(Failure::Closed))
    }

    /// The newest state. Waits for nobody.
    pub fn snapshot(&self) -> Arc<Snapshot<S>> {
        self.inner.published.load_full()
    }

    /// Tells of every newer snapshot by its [`sequence`](Snapshot::sequence). Quick successions
    /// may be told as one.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.news.clone()
    }

    /// Tells which documents each newer snapshot has put or removed, after it can be seen. Whoever falls behind by many is told
    /// that it missed some, and has to look at all of the newest; so has whoever just began to listen.
    pub fn touched(&self) -> broadcast::Receiver<Arc<[Key]>> {
        match self.inner.touched.upgrade() {
            Some(sender) => sender.subscribe(),
            None => broadcast::channel(1).1,
        }
    }

    /// The audit journal.
    pub fn journal(&self) -> &Arc<Journal> {
        &self.inner.journal
    }

    /// What the writer did so far.
    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// What was found when the store was opened.
    pub fn opening(&self) -> &Opening {
        &self.inner.opening
    }

    /// Finishes what waits, makes the journal durable, ends the threads and gives the folder free;
    /// blocks for that time. Later commits fail with [`Failure::Closed`].
    pub fn close(&self) {
        self.inner.close();
    }
}

impl<S: State> Inner<S> {
    fn close(&self) {
        self.journal.stop();
        let _ = self.queue.send(Command::Close);
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // A decision may hold the last clone of its store: then this is the writer itself.
            if thread.thread().id() == std::thread::current().id() {
                continue;
            }
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

impl<S: State> Drop for Inner<S> {
    fn drop(&mut self) {
        self.close();
    }
}

/// The folder's lock. Order: let go in so many words, since a program that another thread is just starting holds a copy of the
/// descriptor until it runs.
pub(crate) struct FolderLock(File);

impl Drop for FolderLock {
    fn drop(&mut self) {
        // What fails here is put right when the descriptor is closed.
        let _ = self.0.unlock();
    }
}

/// Takes the folder for this process.
pub(crate) fn lock(folder: &Path) -> Result<FolderLock, OpenError> {
    make_folder(folder)?;
    let path = folder.join(LOCK);
    let failed = |source| OpenError::File {
        action: "lock",
        path: path.clone(),
        source,
    };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_path_buf())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn make_folder(folder: &Path) -> Result<(), OpenError> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| OpenError::File {
            action: "create the folder",
            path: folder.to_path_buf(),
            source,
        })?;
    sync_folder(folder)
}

/// The key of the journal's digests.
pub(crate) fn digest_key(
    backend: &mut dyn Backend,
    key: &MasterKey,
) -> Result<DigestKey, OpenError> {
    let mut fact = |name| match backend.meta(name) {
        Ok(text) => Ok(text.map(Sealed::from_text)),
        Err(error) => Err(damaged(error)),
    };
    let (check, kept) = (fact(KEY_CHECK)?, fact(AUDIT_KEY)?);
    key.digest_key(check.as_ref(), kept.as_ref())
        .ok_or(OpenError::WrongMasterKey)
}

/// Whether the store knows this key; an error if it knows another.
pub(crate) fn check_key(backend: &mut dyn Backend, key: &MasterKey) -> Result<bool, OpenError> {
    let next = backend.meta(NEXT_KEY_CHECK).map_err(damaged)?;
    let next = next.filter(|next| !next.is_empty());
    if next.is_some_and(|next| !key.made(&Sealed::from_text(next))) {
        return Err(OpenError::WrongMasterKey);
    }
    match backend.meta(KEY_CHECK).map_err(damaged)? {
        Some(check) => {
            if key.made(&Sealed::from_text(check)) {
                Ok(true)
            } else {
                Err(OpenError::WrongMasterKey)
            }
        }
        None => Ok(false),
    }
}

fn load<S: State>(backend: &mut dyn Backend) -> Result<(Snapshot<S>, usize), OpenError> {
    let revisions = backend.revisions().map_err(damaged)?;
    let mut state = S::default();
    let mut documents = 0;
    let mut corrupt = None;
    backend
        .documents(&mut |row| {
            let reason = if row.sum != row.seal_sum() {
                "its checksum does not match".to_owned()
            } else if row.revision > revisions.shard(Shard::of(&row.account)) {
                "it is newer than its shard".to_owned()
            } else {
                match S::Document::decode(&row.account, &row.kind, &row.id, &row.body) {
                    Err(error) => error.reason,
                    Ok(document) => {
                        let key = document.key();
                        let same = (&*key.account, key.kind, &*key.id)
                            == (&*row.account, &*row.kind, &*row.id);
                        if same {
                            documents += 1;
                            state.put(Arc::new(document), row.revision);
                            return true;
                        }
                        "it says it is another document".to_owned()
                    }
                }
            };
            corrupt = Some((format!("{}/{}/{}", row.account, row.kind, row.id), reason));
            false
        })
        .map_err(damaged)?;
    match corrupt {
        Some((key, reason)) => Err(OpenError::CorruptDocument { key, reason }),
        None => Ok((
            Snapshot {
                state,
                revisions,
                sequence: 0,
            },
            documents,
        )),
    }
}

/// While a store is loaded, a failing database is a damaged one, unless it is merely locked, cannot be opened, or the disk fails when
/// it is written.
pub(crate) fn damaged(error: BackendError) -> OpenError {
    match error {
        BackendError::Broken(source)
            if !is_failed_write(source.as_ref()) && !is_shut_out(source.as_ref()) =>
        {
            OpenError::Damaged(source.to_string())
        }
        other @ (BackendError::Full
        | BackendError::Busy
        | BackendError::Refused(_)
        | BackendError::Broken(_)) => other.into(),
    }
}
