//! What was read of files before, by their content, so that a second run over the same site reads only what changed.
//!
//! One file in the user's cache folder for each site. Nothing in it is trusted that is not what this very program wrote:
//! it begins with the program's stamp and the hash of the rest. Every failure is as if there were no cache.

mod stored;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::SystemTime;
use std::{env, fs, io};

use cspc_core::inventory::{Reader, SiteOrigin, Source};

/// A smaller site is read sooner than its cache.
const LEAST_BYTES: usize = 4 << 20;
/// How many sites are kept.
const MOST_SITES: usize = 32;
const HASH: usize = 32;

type Key = [u8; HASH];

/// The cache of one site, for one run.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Where it is kept, if anywhere.
    file: Option<PathBuf>,
    bytes: Vec<u8>,
    known: HashMap<Key, Range<usize>>,
    now: Mutex<Now>,
}

/// What this run read.
#[derive(Debug, Default)]
struct Now {
    /// How many bytes the files have in all.
    bytes: usize,
    kept: Vec<Key>,
    fresh: BTreeMap<Key, Vec<u8>>,
}

impl Cache {
    /// The cache of the site in this folder.
    pub(crate) fn open(root: &Path, origin: &SiteOrigin) -> Self {
        let Some(file) = file(root, origin) else { return Self::default() };
        let bytes = fs::read(&file).unwrap_or_default();
        let known = entries(&bytes).unwrap_or_default();
        Self { file: Some(file), bytes, known, now: Mutex::default() }
    }

    /// What the file at this path of the site is read as, now or before.
    pub(crate) fn read(&self, reader: &Reader, path: &str, bytes: &[u8]) -> Option<Source> {
        if self.file.is_none() {
            return reader.read(path, bytes);
        }
        let key = key(path, bytes);
        let known = self.known.get(&key).and_then(|range| self.bytes.get(range.clone()));
        if let Some(source) = known.and_then(stored::decode) {
            let mut now = self.now();
            now.bytes += bytes.len();
            now.kept.push(key);
            return Some(source);
        }
        let source = reader.read(path, bytes)?;
        let encoded = stored::encode(&source);
        let mut now = self.now();
        now.bytes += bytes.len();
        now.fresh.extend(encoded.map(|encoded| (key, encoded)));
        Some(source)
    }

    fn now(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what this run read, and nothing else, if that is not what is kept already.
    pub(crate) fn save(self) {
        let Self { file: Some(file), bytes, known, now } = self else { return };
        let now = now.into_inner().unwrap_or_else(PoisonError::into_inner);
        if now.bytes < LEAST_BYTES || now.fresh.is_empty() && now.kept.len() == known.len() {
            return;
        }
        let kept =
            now.kept.iter().filter_map(|key| Some((key, bytes.get(known.get(key)?.clone())?)));
        let fresh = now.fresh.iter().map(|(key, entry)| (key, entry.as_slice()));
        // That it cannot be kept costs time on the next run, and nothing else.
        let _ = write(&file, kept.chain(fresh));
    }
}

/// `$XDG_CACHE_HOME/cspc` or what the system has for it; one file a site and origin.
fn file(root: &Path, origin: &SiteOrigin) -> Option<PathBuf> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fs::canonicalize(root).ok()?.as_os_str().as_encoded_bytes());
    hasher.update(&[0]);
    hasher.update(origin.serialize().unwrap_or_default().as_bytes());
    let name = hasher.finalize().to_hex();
    Some(dirs::cache_dir()?.join("cspc").join(&*name))
}

fn key(path: &str, bytes: &[u8]) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(path.as_bytes()).update(&[0]).update(bytes);
    hasher.finalize().into()
}

/// What tells this program from other versions and builds of it, which may read files in another way. Taken once: the
/// program may be replaced while it runs.
static STAMP: LazyLock<Option<Key>> = LazyLock::new(stamp);

fn stamp() -> Option<Key> {
    let program = fs::metadata(env::current_exe().ok()?).ok()?;
    let built = program.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let stamp = format!("{} {} {}", env!("CARGO_PKG_VERSION"), program.len(), built.as_nanos());
    Some(blake3::hash(stamp.as_bytes()).into())
}

/// Where the entries of a cache are: after the stamp and the hash of what follows, each a key, a length and that many
/// bytes. None if it is damaged or another program's.
fn entries(bytes: &[u8]) -> Option<HashMap<Key, Range<usize>>> {
    let (own_stamp, rest) = bytes.split_first_chunk::<HASH>()?;
    let (hash, body) = rest.split_first_chunk::<HASH>()?;
    if *own_stamp != (*STAMP)? || *hash != *blake3::hash(body).as_bytes() {
        return None;
    }
    let mut entries = HashMap::new();
    let mut rest = body;
    while let Some((key, after)) = rest.split_first_chunk::<HASH>() {
        let (length, after) = after.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let start = bytes.len() - after.len();
        rest = after.get(length..)?;
        entries.insert(*key, start..start + length);
    }
    Some(entries)
}

/// Writes a cache, whole or not at all: of two processes, the later one's stays.
fn write<'a>(file: &Path, entries: impl Iterator<Item = (&'a Key, &'a [u8])>) -> io::Result<()> {
    let Some((folder, stamp)) = file.parent().zip(*STAMP) else { return Ok(()) };
    let mut body = Vec::new();
    for (key, entry) in entries {
        body.extend_from_slice(key);
        body.extend_from_slice(&(entry.len() as u64).to_le_bytes());
        body.extend_from_slice(entry);
    }
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut new, &stamp)?;
    io::Write::write_all(&mut new, blake3::hash(&body).as_bytes())?;
    io::Write::write_all(&mut new, &body)?;
    new.persist(file)?;
    forget_oldest(folder)
}

fn forget_oldest(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.metadata()?.modified()?, entry.path()));
    }
    files.sort_unstable();
    let spare = files.len().saturating_sub(MOST_SITES);
    files.iter().take(spare).try_for_each(|(_, path)| fs::remove_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(file: &Path) -> Cache {
        let bytes = fs::read(file).unwrap_or_default();
        let known = entries(&bytes).unwrap_or_default();
        Cache { file: Some(file.to_owned()), bytes, known, now: Mutex::default() }
    }

    const PAGE: &str = "<link rel=icon href=data:,><script nonce=a>fetch('/a');eval(x)</script><p onclick=b()><script src=a.js integrity=x></script>\
                        <script>let;;let</script><script type=importmap>{\"imports\":{\"a\":\"/a\"},\"scopes\":{\"/b\":{\"a\":\"/c\"}}}</script><iframe allow='camera *' src=//x.example></iframe><meta http-equiv=content-security-policy content=a>";

    #[test]
    fn what_is_kept_is_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cache");
        let reader = Reader::new(SiteOrigin::unknown());
        let page = PAGE.to_owned() + &" ".repeat(LEAST_BYTES);
        let files = [
            ("/a.html", page.as_str()),
            ("/a.css", "a{b:url(c.png)}@import 'd.css'"),
            ("/a.js", "import './b.js';import 'a';fetch(c);new Worker('d.js')"),
            ("/manifest.json", "{"),
        ];
        let read = |cache: &Cache| {
            files.map(|(path, text)| cache.read(&reader, path, text.as_bytes()).unwrap())
        };
        let first = cache(&file);
        let fresh = read(&first);
        first.save();
        let second = cache(&file);
        assert_eq!(second.known.len(), files.len());
        assert_eq!(read(&second), fresh);
        assert!(second.now().fresh.is_empty());

        let other = cache(&file);
        other.read(&reader, "/b.html", page.as_bytes());
        assert_eq!(other.now().fresh.len(), 1, "the path counts, as addresses are relative to it");
        other.save();
        assert_eq!(cache(&file).known.len(), 1, "what is gone is forgotten");
    }

    #[test]
    fn what_is_damaged_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cache");
        write(&file, [(&[7; HASH], &b"entry"[..])].into_iter()).unwrap();
        let whole = fs::read(&file).unwrap();
        assert_eq!(entries(&whole).unwrap().len(), 1);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(entries(&damaged), None, "{at}");
            assert_eq!(entries(&whole[..at]), None, "{at}");
        }
    }

    #[test]
    fn the_oldest_sites_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..MOST_SITES + 3 {
            write(&folder.path().join(number.to_string()), std::iter::empty()).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), MOST_SITES);
    }
}
