//! Farms as people write them: `path=/disk1/farm,size=100GiB`.

use crate::FarmError;
use crate::layout::Layout;
use auto_core::ProtocolParams;
use std::path::PathBuf;
use std::str::FromStr;

/// The largest size that is taken for meant: 1 EiB.
const ABSURD_BYTES: u64 = 1 << 60;

/// A folder and how many bytes the farm in it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarmSpec {
    /// The folder.
    pub path: PathBuf,
    /// Most bytes on disk.
    pub size: u64,
}

fn refuse(text: &str, reason: impl Into<String>) -> FarmError {
    FarmError::Spec { text: text.to_owned(), reason: reason.into() }
}

impl FromStr for FarmSpec {
    type Err = FarmError;

    /// Reads `path=FOLDER,size=SIZE` in either order, or `FOLDER,size=SIZE`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (mut path, mut size) = (None, None);
        // A folder may hold a comma itself, so a part that is no key belongs to the folder before it.
        let mut last_is_path = false;
        for (position, part) in text.split(',').enumerate() {
            if let Some(value) = part.trim_start().strip_prefix("size=") {
                if size.replace(value.trim()).is_some() {
                    return Err(refuse(text, "it has two sizes"));
                }
                last_is_path = false;
            } else if let Some(value) = part.trim_start().strip_prefix("path=") {
                if path.replace(value.to_owned()).is_some() {
                    return Err(refuse(text, "it has two folders"));
                }
                last_is_path = true;
            } else if position == 0 {
                path = Some(part.to_owned());
                last_is_path = true;
            } else if let Some(folder) = path.as_mut().filter(|_| last_is_path) {
                folder.push(',');
                folder.push_str(part);
            } else {
                return Err(refuse(text, format!("`{part}` is neither path= nor size=")));
            }
        }
        let path =
            path.filter(|path| !path.trim().is_empty()).ok_or_else(|| refuse(text, "it has no folder"))?;
        let size = size.ok_or_else(|| refuse(text, "it has no size, such as size=100GiB"))?;
        let size = parse_size(size).map_err(|reason| refuse(text, reason))?;
        Ok(Self { path: PathBuf::from(path), size })
    }
}

/// Reads a size such as `500GB`, `1.5TiB` or `2097152`; decimal units count thousands, binary ones
/// 1024s.
fn parse_size(text: &str) -> Result<u64, String> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit: u128 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "kib" => 1 << 10,
        "m" | "mb" => 1_000_000,
        "mib" => 1 << 20,
        "g" | "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        "t" | "tb" => 1_000_000_000_000,
        "tib" => 1 << 40,
        "p" | "pb" => 1_000_000_000_000_000,
        "pib" => 1 << 50,
        other => return Err(format!("`{other}` is no unit: use KiB, MiB, GiB, TiB, KB, MB, GB or TB")),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let malformed = || format!("`{text}` is no size such as 100GiB");
    if whole.is_empty() || part.contains('.') || (number.contains('.') && part.is_empty()) || part.len() > 9 {
        return Err(malformed());
    }
    let too_large = || format!("{text} is more than any disk holds");
    let whole: u128 = whole.parse().map_err(|_| too_large())?;
    let scale = 10u128.pow(u32::try_from(part.len()).map_err(|_| malformed())?);
    let fraction: u128 = if part.is_empty() { 0 } else { part.parse().map_err(|_| malformed())? };
    let bytes = whole.checked_mul(unit).and_then(|bytes| bytes.checked_add(fraction * unit / scale));
    match bytes.and_then(|bytes| u64::try_from(bytes).ok()) {
        Some(0) => Err("the size is zero".to_owned()),
        Some(bytes) if bytes <= ABSURD_BYTES => Ok(bytes),
        _ => Err(too_large()),
    }
}

impl FarmSpec {
    /// Checks, before anything is written to disk for good, that the farm can be made: at least one
    /// sector fits, the folder can be made and written, and there is room. Returns the number of
    /// sectors.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn check(&self, params: &ProtocolParams) -> Result<u32, FarmError> {
        let layout = Layout::new(params)?;
        let sectors = layout.sectors_in(self.size);
        if sectors == 0 {
            let minimum = layout.file_bytes(1).unwrap_or(u64::MAX);
            return Err(FarmError::TooSmall { given: self.size, minimum });
        }
        std::fs::create_dir_all(&self.path).map_err(|error| FarmError::io("create", &self.path, error))?;
        let probe = self.path.join(format!(".write-test-{}", std::process::id()));
        std::fs::write(&probe, b"test").map_err(|error| FarmError::io("write to", &self.path, error))?;
        std::fs::remove_file(&probe).map_err(|error| FarmError::io("remove", &probe, error))?;
        let existing = self.path.join(crate::PLOT_FILE).metadata().map_or(0, |data| data.len());
        let needed = layout.file_bytes(sectors).unwrap_or(u64::MAX).saturating_sub(existing);
        match crate::farm::free_bytes(&self.path) {
            Some(free) if free < needed => Err(FarmError::DiskFull { path: self.path.clone(), needed, free }),
            _ => Ok(sectors),
        }
    }
}

#[cfg(test)]
mod tests;
