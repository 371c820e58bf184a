//! The store on disk.

use crate::holder::Claim;
use crate::range::KeyRange;
use crate::seal::{self, Seal, Sealer, check_version};
use crate::{Batch, Column, Direction, Operation, Store, StoreError};
use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DB, DBCompressionType, DBRecoveryMode,
    LogLevel, Options, ReadOptions, WriteBatch, WriteOptions,
};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 3;
const FORMAT_KEY: &[u8] = b"format";
/// The column family that every RocksDB database has; unused.
const DEFAULT_FAMILY: &str = "default";
/// Values of this size and more are kept apart from their keys in columns of large values, so that
/// compaction need not copy them.
const LARGE_VALUE_BYTES: u64 = 4096;

/// How much the store may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// Memory for blocks that were read, in bytes.
    pub cache_bytes: usize,
    /// Memory for writes that are not yet in table files, all columns together, in bytes.
    pub write_buffer_bytes: usize,
    /// Files kept open at most.
    pub open_files_max: i32,
    /// Threads that write and merge table files.
    pub background_jobs: i32,
}

impl Default for StoreOptions {
    /// For a laptop with two cores: about 200 MiB of memory.
    fn default() -> Self {
        Self { cache_bytes: 128 << 20, write_buffer_bytes: 64 << 20, open_files_max: 512, background_jobs: 2 }
    }
}

/// A store in a folder.
pub struct RocksStore {
    // Fields are dropped in this order: the folder is free for others only once the database is closed.
    db: DB,
    path: PathBuf,
    sealer: Sealer,
    _claim: Claim,
}

impl RocksStore {
    /// Opens the store in `path`, and creates it where there is none.
    ///
    /// # Errors
    /// When the folder is in use, of another format, damaged, or cannot be written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, StoreOptions::default())
    }

    /// As [`RocksStore::open`], with chosen limits.
    ///
    /// # Errors
    /// As [`RocksStore::open`].
    pub fn open_with(path: impl AsRef<Path>, options: StoreOptions) -> Result<Self, StoreError> {
        let path = path.as_ref();
        std::fs::create_dir_all(path).map_err(|error| StoreError::from_io(path, &error))?;
        // Engine messages and comparisons then agree on how the folder is written.
        let path = path.canonicalize().map_err(|error| StoreError::from_io(path, &error))?;
        let claim = Claim::take(&path)?;
        let families = Families { options, cache: Cache::new_lru_cache(options.cache_bytes) };
        let db = if let Some(seal) = Seal::read(&path)? {
            open_sealed(&path, &families, &seal)?
        } else {
            refuse_unless_new(&path, &families)?;
            create(&path, &families)?
        };
        let sealer = Sealer::start(&path, &db)?;
        Ok(Self { db, path, sealer, _claim: claim })
    }

    /// The folder of the store.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the table and value files on disk.
    ///
    /// # Errors
    /// When the engine cannot tell.
    pub fn disk_bytes(&self) -> Result<u64, StoreError> {
        let mut sum = 0u64;
        for column in Column::ALL {
            let family = family(&self.db, &self.path, column)?;
            for property in ["rocksdb.total-sst-files-size", "rocksdb.total-blob-file-size"] {
                let value = self.db.property_int_value_cf(family, property).map_err(|e| self.failed(&e))?;
                sum = sum.saturating_add(value.unwrap_or(0));
            }
        }
        Ok(sum)
    }

    fn failed(&self, error: &rocksdb::Error) -> StoreError {
        StoreError::from_engine(&self.path, error.as_ref())
    }
}

impl fmt::Debug for RocksStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RocksStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Drop for RocksStore {
    fn drop(&mut self) {
        // A failure here loses nothing that a caller was told to be on disk.
        if self.db.flush_wal(true).is_ok() {
            self.sealer.finish(self.db.latest_sequence_number());
        }
    }
}

impl Store for RocksStore {
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let family = family(&self.db, &self.path, column)?;
        self.db.get_cf(family, key).map_err(|error| self.failed(&error))
    }

    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let Some(range) = KeyRange::of_scan(prefix, from, direction) else { return Ok(Vec::new()) };
        let family = family(&self.db, &self.path, column)?;
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(range.lower);
        if let Some(upper) = range.upper {
            options.set_iterate_upper_bound(upper);
        }
        let mut cursor = self.db.raw_iterator_cf_opt(family, options);
        match direction {
            Direction::Forward => cursor.seek_to_first(),
            Direction::Reverse => cursor.seek_to_last(),
        }
        let mut found = Vec::new();
        while found.len() < limit {
            let Some((key, value)) = cursor.item() else { break };
            found.push((key.to_vec(), value.to_vec()));
            match direction {
                Direction::Forward => cursor.next(),
                Direction::Reverse => cursor.prev(),
            }
        }
        cursor.status().map_err(|error| self.failed(&error))?;
        Ok(found)
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut options = WriteOptions::default();
        let sync = batch.sync;
        options.set_sync(sync);
        let mut writes = WriteBatch::default();
        for operation in batch.into_operations() {
            match operation {
                Operation::Put { column, key, value } => {
                    writes.put_cf(family(&self.db, &self.path, column)?, key, value);
                }
                Operation::Delete { column, key } => {
                    writes.delete_cf(family(&self.db, &self.path, column)?, key);
                }
            }
        }
        // Each operation takes one sequence number. Whatever others write meanwhile, the log is on the
        // disk at least so far when a synced write returns.
        let count = u64::try_from(writes.len()).unwrap_or(0);
        let reached = self.db.latest_sequence_number().saturating_add(count);
        self.db.write_opt(writes, &options).map_err(|error| self.failed(&error))?;
        if sync {
            self.sealer.advance(reached);
        }
        Ok(())
    }
}

fn family<'a>(db: &'a DB, path: &Path, column: Column) -> Result<&'a ColumnFamily, StoreError> {
    db.cf_handle(column.name()).ok_or_else(|| StoreError::Engine {
        path: path.to_owned(),
        detail: format!("column `{}` is not open", column.name()),
    })
}

fn create(path: &Path, families: &Families) -> Result<DB, StoreError> {
    let mut options = families.database();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    let descriptors = Column::ALL.map(|column| families.descriptor(column.name(), Some(column)));
    let db = DB::open_cf_descriptors(&options, path, descriptors)
        .map_err(|error| StoreError::from_engine(path, error.as_ref()))?;
    write_version(&db, path)?;
    Ok(db)
}

fn write_version(db: &DB, path: &Path) -> Result<(), StoreError> {
    let mut options = WriteOptions::default();
    options.set_sync(true);
    db.put_cf_opt(family(db, path, Column::Meta)?, FORMAT_KEY, FORMAT_VERSION.to_le_bytes(), &options)
        .map_err(|error| StoreError::from_engine(path, error.as_ref()))
}

/// Opens a store whose creation was completed: everything must be there, nothing is made anew.
fn open_sealed(path: &Path, families: &Families, seal: &Seal) -> Result<DB, StoreError> {
    let failed = |error: rocksdb::Error| StoreError::from_engine(path, error.as_ref());
    seal.check_files(path)?;
    let options = families.database();
    let names = DB::list_cf(&options, path).map_err(failed)?;
    let damaged = |detail: String| StoreError::Corrupt { file: path.to_owned(), detail };
    let known = known_families();
    if let Some(name) = known.iter().find(|name| !names.iter().any(|other| other == *name)) {
        return Err(damaged(format!("the column `{name}` is missing")));
    }
    if let Some(name) = names.iter().find(|name| !known.contains(name.as_str())) {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            detail: format!("it has a column `{name}`"),
        });
    }
    let log = newest_log(path);
    let db = DB::open_cf_descriptors(&options, path, families.descriptors(&names)).map_err(failed)?;
    seal.check_sequence(path, log.as_deref(), &db)?;
    let version =
        read_version(&db, path)?.ok_or_else(|| damaged("the version entry is missing".to_owned()))?;
    check_version(path, version)?;
    Ok(db)
}

/// Lets a folder without a seal pass if nothing was ever kept in it: it is empty, or its creation was
/// interrupted. Changes nothing.
fn refuse_unless_new(path: &Path, families: &Families) -> Result<(), StoreError> {
    let foreign = |detail: String| StoreError::Foreign { path: path.to_owned(), detail };
    if !path.join("CURRENT").exists() {
        // Files of data without the one that says which of them count: a partial copy.
        return match remains(path)? {
            Some(name) => Err(StoreError::Corrupt {
                file: path.join("CURRENT"),
                detail: format!("missing, though there is {name}"),
            }),
            None => Ok(()),
        };
    }
    let failed = |error: rocksdb::Error| StoreError::from_engine(path, error.as_ref());
    let options = families.database();
    let names = DB::list_cf(&options, path).map_err(failed)?;
    let db = DB::open_cf_descriptors_read_only(&options, path, families.descriptors(&names), false);
    let db = db.map_err(failed)?;
    let version = read_version(&db, path)?;
    if let Some(version) = version {
        check_version(path, version)?;
    }
    let known = known_families();
    if let Some(name) = names.iter().find(|name| !known.contains(name.as_str())) {
        return Err(foreign(format!("it has a column `{name}`")));
    }
    let is_ours = version.is_some() || names.iter().any(|name| name == Column::Meta.name());
    if !is_empty(&db, &names).map_err(failed)? {
        return Err(if is_ours {
            seal::missing(path)
        } else {
            foreign("it has no version entry".to_owned())
        });
    }
    // What the list of files does not know any more is data all the same.
    let live = db.live_files().map_err(failed)?;
    match remains(path)? {
        Some(_) if live.is_empty() => Err(seal::missing(path)),
        _ => Ok(()),
    }
}

/// A file of data in the folder.
fn remains(path: &Path) -> Result<Option<String>, StoreError> {
    let names = file_names(path).map_err(|error| StoreError::from_io(path, &error))?;
    Ok(names.into_iter().find(|name| name.ends_with(".sst") || name.ends_with(".blob")))
}

fn newest_log(path: &Path) -> Option<PathBuf> {
    let names = file_names(path).ok()?;
    names.into_iter().filter(|name| name.ends_with(".log")).max().map(|name| path.join(name))
}

fn file_names(path: &Path) -> std::io::Result<Vec<String>> {
    let names = std::fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

fn known_families() -> BTreeSet<&'static str> {
    Column::ALL.map(Column::name).into_iter().chain([DEFAULT_FAMILY]).collect()
}

fn read_version(db: &DB, path: &Path) -> Result<Option<u32>, StoreError> {
    let Some(meta) = db.cf_handle(Column::Meta.name()) else { return Ok(None) };
    let entry = db.get_cf(meta, FORMAT_KEY).map_err(|error| StoreError::from_engine(path, error.as_ref()))?;
    let Some(entry) = entry else { return Ok(None) };
    let bytes = <[u8; 4]>::try_from(entry.as_slice()).map_err(|_| StoreError::Foreign {
        path: path.to_owned(),
        detail: "its version entry has another form".to_owned(),
    })?;
    Ok(Some(u32::from_le_bytes(bytes)))
}

/// Whether there is nothing but the version entry.
fn is_empty(db: &DB, names: &[String]) -> Result<bool, rocksdb::Error> {
    for family in names.iter().filter_map(|name| db.cf_handle(name)) {
        let mut cursor = db.raw_iterator_cf(family);
        cursor.seek_to_first();
        if cursor.key() == Some(FORMAT_KEY) {
            cursor.next();
        }
        cursor.status()?;
        if cursor.valid() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Options of the database and of its columns.
struct Families {
    options: StoreOptions,
    cache: Cache,
}

impl Families {
    fn database(&self) -> Options {
        let mut options = Options::default();
        options.set_max_background_jobs(self.options.background_jobs);
        options.set_max_open_files(self.options.open_files_max);
        options.set_db_write_buffer_size(self.options.write_buffer_bytes);
        options.set_max_total_wal_size(128 << 20);
        // Keeps the disk busy evenly instead of in bursts.
        options.set_bytes_per_sync(1 << 20);
        options.set_wal_bytes_per_sync(1 << 20);
        // After a crash of the machine: everything up to the first batch that is not whole.
        options.set_wal_recovery_mode(DBRecoveryMode::PointInTime);
        // Before that, no batch may be missing: a log that was finished has the length noted then.
        options.set_track_and_verify_wals_in_manifest(true);
        options.set_paranoid_checks(true);
        options.set_skip_stats_update_on_db_open(true);
        options.set_stats_dump_period_sec(0);
        options.set_log_level(LogLevel::Warn);
        options.set_keep_log_file_num(2);
        options.set_max_log_file_size(4 << 20);
        options
    }

    fn column(&self, column: Option<Column>) -> Options {
        let mut table = BlockBasedOptions::default();
        table.set_block_cache(&self.cache);
        table.set_block_size(16 << 10);
        table.set_bloom_filter(10.0, false);
        table.set_cache_index_and_filter_blocks(true);
        table.set_pin_l0_filter_and_index_blocks_in_cache(true);
        let mut options = Options::default();
        options.set_block_based_table_factory(&table);
        options.set_write_buffer_size(self.options.write_buffer_bytes / 4);
        options.set_level_compaction_dynamic_level_bytes(true);
        options.set_compression_type(DBCompressionType::Lz4);
        options.set_bottommost_compression_type(DBCompressionType::Zstd);
        if matches!(column, Some(Column::Bodies | Column::Pieces)) {
            options.set_enable_blob_files(true);
            options.set_min_blob_size(LARGE_VALUE_BYTES);
            options.set_enable_blob_gc(true);
            options.set_blob_compression_type(DBCompressionType::Lz4);
        }
        options
    }

    /// One for each name of a column that is there, ours or not.
    fn descriptors(&self, names: &[String]) -> Vec<ColumnFamilyDescriptor> {
        let by_name = |name: &str| Column::ALL.into_iter().find(|column| column.name() == name);
        names.iter().map(|name| self.descriptor(name, by_name(name))).collect()
    }

    fn descriptor(&self, name: &str, column: Option<Column>) -> ColumnFamilyDescriptor {
        ColumnFamilyDescriptor::new(name, self.column(column))
    }
}
