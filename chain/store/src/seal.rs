//! The file beside the database that says what the database must hold.
//!
//! RocksDB takes a shortened list of files, or a shortened log, for one that a crash cut: it drops the
//! tail and goes on. What it keeps is consistent, but it may be less than a caller was told to be on the
//! disk. The seal remembers how much that was, so that less is refused instead.
//!
//! It is made last when a store is created: a folder without one was never written to by a caller.
//! Then it follows every synced batch by one small write in place, less than a disk's sector. That write
//! is not synced, as it only ever claims what already is on the disk: a seal that lost its last words
//! claims less, never too much.

use crate::{Column, FORMAT_VERSION, StoreError};
use parking_lot::Mutex;
use rocksdb::DB;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Name of the file.
const FILE: &str = "SEAL";
const HEAD: &str = "auto-store format ";
/// Longest content that is read, in bytes.
const CONTENT_MAX: u64 = 4096;

/// What the database in a folder must hold at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seal {
    /// Number of the MANIFEST, the list of the database's files.
    manifest: u64,
    /// Bytes of it that are on the disk.
    manifest_bytes: u64,
    /// Sequence number of the last write that is on the disk.
    sequence: u64,
}

impl Seal {
    /// The seal in `folder`; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, is of another format version, or is damaged.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(FILE);
        let length = match std::fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::from_io(&path, &error)),
        };
        let damaged = |detail: &str| StoreError::Corrupt { file: path.clone(), detail: detail.to_owned() };
        if length > CONTENT_MAX {
            return Err(damaged("longer than any seal"));
        }
        let bytes = std::fs::read(&path).map_err(|error| StoreError::from_io(&path, &error))?;
        let text = String::from_utf8(bytes).map_err(|_| damaged("not a text"))?;
        let (content, checksum) = text.split_at_checked(content_end(&text)).unwrap_or_default();
        if checksum != checksum_line(content) {
            return Err(damaged("its checksum does not match"));
        }
        // The first line stays in every version, so that a newer one is told from damage.
        let version = content.lines().next().and_then(|line| line.strip_prefix(HEAD));
        let version = version.and_then(|version| version.parse().ok());
        check_version(folder, version.ok_or_else(|| damaged("it names no format"))?)?;
        let seal = Self::parse(content).filter(|seal| seal.content() == content);
        Ok(Some(seal.ok_or_else(|| damaged("its lines are not those of this format"))?))
    }

    fn parse(content: &str) -> Option<Self> {
        let mut numbers = content.lines().skip(2).flat_map(|line| line.split(' ').skip(1));
        let mut number = || numbers.next()?.parse().ok();
        Some(Self { manifest: number()?, manifest_bytes: number()?, sequence: number()? })
    }

    /// Every seal of a version has the same length, so that one overwrites another whole.
    fn content(&self) -> String {
        let columns = Column::ALL.map(Column::name).join(" ");
        let Self { manifest, manifest_bytes, sequence } = self;
        format!(
            "{HEAD}{FORMAT_VERSION}\ncolumns {columns}\nmanifest {manifest:020} {manifest_bytes:020}\nsequence {sequence:020}\n"
        )
    }

    fn text(&self) -> String {
        let content = self.content();
        let checksum = checksum_line(&content);
        content + &checksum
    }

    /// Compares the list of files with the seal, before the database is opened.
    ///
    /// # Errors
    /// When the list is older or shorter than it was.
    pub(crate) fn check_files(&self, folder: &Path) -> Result<(), StoreError> {
        let current = folder.join("CURRENT");
        let damaged = |file: &Path, detail: String| StoreError::Corrupt { file: file.to_owned(), detail };
        if !current.exists() {
            return Err(damaged(&current, "missing, though the store has its seal".to_owned()));
        }
        let Some((number, manifest)) = current_manifest(folder) else {
            return Err(damaged(&current, "it does not name a MANIFEST".to_owned()));
        };
        if number < self.manifest {
            let detail = format!("it names an older MANIFEST than {:06}", self.manifest);
            return Err(damaged(&current, detail));
        }
        let length = match std::fs::metadata(&manifest) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged(&manifest, "missing, though CURRENT names it".to_owned()));
            }
            Err(error) => return Err(StoreError::from_io(&manifest, &error)),
        };
        if number == self.manifest && length < self.manifest_bytes {
            let detail = format!("cut to {length} of at least {} bytes", self.manifest_bytes);
            return Err(damaged(&manifest, detail));
        }
        Ok(())
    }

    /// Compares what was read out of the logs with the seal. `log` is the newest one that was there.
    ///
    /// # Errors
    /// When writes that were on the disk are not there any more.
    pub(crate) fn check_sequence(
        &self,
        folder: &Path,
        log: Option<&Path>,
        db: &DB,
    ) -> Result<(), StoreError> {
        let found = db.latest_sequence_number();
        if found >= self.sequence {
            return Ok(());
        }
        let detail = format!("it ends with write {found}, but write {} was on the disk", self.sequence);
        Err(StoreError::Corrupt { file: log.unwrap_or(folder).to_owned(), detail })
    }
}

/// Refuses every version but this program's.
pub(crate) fn check_version(path: &Path, found: u32) -> Result<(), StoreError> {
    let (path, expected) = (path.to_owned(), FORMAT_VERSION);
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Err(StoreError::FormatOlder { path, found, expected }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::FormatNewer { path, found, expected }),
    }
}

/// The refusal of a folder that has data but no seal.
pub(crate) fn missing(folder: &Path) -> StoreError {
    StoreError::Corrupt { file: folder.join(FILE), detail: "missing, though the store holds data".to_owned() }
}

/// Where the last line begins.
fn content_end(text: &str) -> usize {
    text.trim_end_matches('\n').rfind('\n').map_or(0, |end| end.saturating_add(1))
}

fn checksum_line(content: &str) -> String {
    format!("checksum {}\n", auto_core::hash(content.as_bytes()))
}

/// Number and path of the MANIFEST that counts.
fn current_manifest(folder: &Path) -> Option<(u64, PathBuf)> {
    let current = std::fs::read_to_string(folder.join("CURRENT")).ok()?;
    let name = current.strip_suffix('\n')?;
    let number = name.strip_prefix("MANIFEST-")?.parse().ok()?;
    Some((number, folder.join(name)))
}

/// Keeps the seal of an open database up to date.
#[derive(Debug)]
pub(crate) struct Sealer {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    seal: Seal,
}

impl Sealer {
    /// Seals a database that was just opened or created: all it holds is on the disk.
    ///
    /// # Errors
    /// When the seal cannot be written.
    pub(crate) fn start(folder: &Path, db: &DB) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let failed = |error: std::io::Error| StoreError::from_io(&path, &error);
        let mut seal = Seal { manifest: 0, manifest_bytes: 0, sequence: db.latest_sequence_number() };
        seal.note_manifest(folder);
        let file = replace(&path, &seal.text()).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), state: Mutex::new(State { file, seal }) })
    }

    /// Notes that all writes up to `sequence` are on the disk. A failure leaves the seal as it was: it
    /// then claims less than it could.
    pub(crate) fn advance(&self, sequence: u64) {
        let mut state = self.state.lock();
        let mut seal = state.seal;
        seal.sequence = seal.sequence.max(sequence);
        seal.note_manifest(&self.folder);
        if seal != state.seal && state.write(&seal).is_ok() {
            state.seal = seal;
        }
    }

    /// As [`Sealer::advance`], with the seal itself on the disk.
    pub(crate) fn finish(&self, sequence: u64) {
        self.advance(sequence);
        // As for every write of the seal, a failure is no loss.
        let _ = self.state.lock().file.sync_all();
    }
}

impl Seal {
    /// Notes the list of files as it is; it stays as it was when it cannot be read just now.
    fn note_manifest(&mut self, folder: &Path) {
        let Some((number, path)) = current_manifest(folder) else { return };
        let Ok(metadata) = std::fs::metadata(&path) else { return };
        let now = (number, metadata.len());
        // The engine may be between writing to the list and syncing it.
        if now > (self.manifest, self.manifest_bytes)
            && File::open(&path).and_then(|file| file.sync_data()).is_ok()
        {
            (self.manifest, self.manifest_bytes) = now;
        }
    }
}

impl State {
    fn write(&mut self, seal: &Seal) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(seal.text().as_bytes())
    }
}

/// Writes a file beside `path`, syncs it, and puts it in its place; what is at `path` is always whole.
fn replace(path: &Path, text: &str) -> std::io::Result<File> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(manifest: u64, sequence: u64) -> Seal {
        Seal { manifest, manifest_bytes: 1234, sequence }
    }

    #[test]
    fn a_seal_is_read_as_it_was_written_and_fits_a_sector() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Seal::read(folder.path()).expect("reads"), None);
        for seal in [seal(0, 0), seal(5, 17), seal(u64::MAX, u64::MAX)] {
            assert_eq!(seal.text().len(), super::tests::seal(1, 2).text().len());
            assert!(seal.text().len() < 512);
            replace(&folder.path().join(FILE), &seal.text()).expect("writes");
            assert_eq!(Seal::read(folder.path()).expect("reads"), Some(seal));
        }
    }

    #[test]
    fn the_form_is_frozen() {
        let expected = "auto-store format 3\ncolumns meta blocks bodies canonical state segments pieces objects transactions accounts index domains\nmanifest 00000000000000000005 00000000000000001234\nsequence 00000000000000000017\n";
        assert_eq!(seal(5, 17).content(), expected);
    }

    #[test]
    fn every_changed_or_missing_byte_of_a_seal_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let text = seal(5, 17).text().into_bytes();
        for at in 0..text.len() {
            let mut changed = text.clone();
            changed[at] ^= 1;
            for bytes in [changed.as_slice(), &text[..at]] {
                std::fs::write(&path, bytes).expect("writes");
                assert!(matches!(Seal::read(folder.path()), Err(StoreError::Corrupt { .. })), "byte {at}");
            }
        }
        std::fs::write(&path, [text, vec![b'\n']].concat()).expect("writes");
        assert!(matches!(Seal::read(folder.path()), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn a_seal_of_another_version_is_told_from_a_damaged_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for version in [0, FORMAT_VERSION + 1] {
            let content = format!("{HEAD}{version}\nwhatever that version says\n");
            let text = format!("{content}{}", checksum_line(&content));
            std::fs::write(folder.path().join(FILE), text).expect("writes");
            let error = Seal::read(folder.path()).expect_err("another version");
            let newer = matches!(error, StoreError::FormatNewer { found, .. } if found == version);
            let older = matches!(error, StoreError::FormatOlder { found, .. } if found == version);
            assert!(if version == 0 { older } else { newer }, "{error}");
        }
    }
}
