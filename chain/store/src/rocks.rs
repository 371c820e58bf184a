//! The store on disk.

use crate::holder::Claim;
use crate::range::KeyRange;
use crate::{Batch, Column, Direction, Operation, Store, StoreError};
use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DB, DBCompressionType, DBRecoveryMode,
    LogLevel, Options, ReadOptions, WriteBatch, WriteOptions,
};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 1;
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
        let db = if path.join("CURRENT").exists() {
            open_existing(&path, &families)?
        } else {
            refuse_remains(&path)?;
            create(&path, &families)?
        };
        Ok(Self { db, path, _claim: claim })
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
        let _ = self.db.flush_wal(true);
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
        options.set_sync(batch.sync);
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
        self.db.write_opt(writes, &options).map_err(|error| self.failed(&error))
    }
}

fn family<'a>(db: &'a DB, path: &Path, column: Column) -> Result<&'a ColumnFamily, StoreError> {
    db.cf_handle(column.name()).ok_or_else(|| StoreError::Engine {
        path: path.to_owned(),
        detail: format!("column `{}` is not open", column.name()),
    })
}

/// Table files without the file that says which of them count: a partial copy, not a new folder.
fn refuse_remains(path: &Path) -> Result<(), StoreError> {
    let entries = std::fs::read_dir(path).map_err(|error| StoreError::from_io(path, &error))?;
    for entry in entries {
        let name = entry.map_err(|error| StoreError::from_io(path, &error))?.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".sst") || name.ends_with(".blob") {
            return Err(StoreError::Corrupt {
                file: path.join("CURRENT"),
                detail: format!("missing, though there is {name}"),
            });
        }
    }
    Ok(())
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

/// Opens exactly the columns that are there, so that a database of another version or program is
/// looked at but not changed, and adds missing ones only once it is known to be ours.
fn open_existing(path: &Path, families: &Families) -> Result<DB, StoreError> {
    let failed = |error: rocksdb::Error| StoreError::from_engine(path, error.as_ref());
    let foreign = |detail: String| StoreError::Foreign { path: path.to_owned(), detail };
    let options = families.database();
    let names = DB::list_cf(&options, path).map_err(failed)?;
    let by_name = |name: &str| Column::ALL.into_iter().find(|column| column.name() == name);
    let descriptors = names.iter().map(|name| families.descriptor(name, by_name(name)));
    let mut db = DB::open_cf_descriptors(&options, path, descriptors).map_err(failed)?;

    let version = match db.cf_handle(Column::Meta.name()) {
        Some(meta) => db.get_cf(meta, FORMAT_KEY).map_err(failed)?,
        None => None,
    };
    match version.as_deref().map(<[u8; 4]>::try_from) {
        Some(Ok(bytes)) => check_version(path, u32::from_le_bytes(bytes))?,
        Some(Err(_)) => return Err(foreign("its version entry has another form".to_owned())),
        // The process may have died between creating the database and writing the version.
        None if is_empty(&db, &names).map_err(failed)? => {}
        None => return Err(foreign("it has no version entry".to_owned())),
    }
    let known: BTreeSet<&str> = Column::ALL.map(Column::name).into_iter().chain([DEFAULT_FAMILY]).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(name.as_str())) {
        return Err(foreign(format!("it has a column `{name}`")));
    }
    for column in Column::ALL {
        if db.cf_handle(column.name()).is_none() {
            db.create_cf(column.name(), &families.column(Some(column))).map_err(failed)?;
        }
    }
    if version.is_none() {
        write_version(&db, path)?;
    }
    Ok(db)
}

fn check_version(path: &Path, found: u32) -> Result<(), StoreError> {
    let (path, expected) = (path.to_owned(), FORMAT_VERSION);
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Err(StoreError::FormatOlder { path, found, expected }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::FormatNewer { path, found, expected }),
    }
}

fn is_empty(db: &DB, names: &[String]) -> Result<bool, rocksdb::Error> {
    for family in names.iter().filter_map(|name| db.cf_handle(name)) {
        let mut cursor = db.raw_iterator_cf(family);
        cursor.seek_to_first();
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

    fn descriptor(&self, name: &str, column: Option<Column>) -> ColumnFamilyDescriptor {
        ColumnFamilyDescriptor::new(name, self.column(column))
    }
}
