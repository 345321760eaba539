//! The processor and the size of its largest caches.

use super::platform::{Platform, shown};

/// The processor of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processor {
    /// Name of the processor.
    pub name: Option<String>,
    /// Name of the product that contains it.
    pub product: Option<String>,
    /// Size of all caches of the last level together, bytes.
    pub largest_cache: Option<u64>,
}

impl Processor {
    pub(super) fn read(platform: &Platform) -> Self {
        let name = platform.text("proc/cpuinfo").and_then(|text| name(&text));
        let product = ["sys/class/dmi/id/product_name", "sys/firmware/devicetree/base/model"];
        let product = product.iter().find_map(|file| platform.line(file));
        Self { name, product, largest_cache: largest_cache(&caches(platform)) }
    }
}

/// Returns the name in `/proc/cpuinfo`, whose field differs between architectures and may be missing.
#[must_use]
pub fn name(cpuinfo: &str) -> Option<String> {
    let field = |wanted: &str| {
        cpuinfo.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim() == wanted).then(|| shown(value)).flatten()
        })
    };
    ["model name", "Processor", "cpu model", "cpu"].iter().find_map(|name| field(name))
}

/// One cache as the files of one core describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Cores that share the cache, as the platform lists them.
    pub shared_by: String,
    /// Level of the cache: 1, 2, 3.
    pub level: u32,
    /// Size in bytes.
    pub bytes: u64,
}

fn caches(platform: &Platform) -> Vec<Cache> {
    let cpus = platform.names("sys/devices/system/cpu");
    let cores = cpus.iter().filter(|name| numbered(name, "cpu"));
    let mut found = Vec::new();
    for core in cores {
        let directory = format!("sys/devices/system/cpu/{core}/cache");
        for index in platform.names(&directory).iter().filter(|name| numbered(name, "index")) {
            let line = |file: &str| platform.line(&format!("{directory}/{index}/{file}"));
            let size = line("size").and_then(|size| cache_bytes(&size));
            let level = line("level").and_then(|level| level.parse().ok());
            if let (Some(bytes), Some(level)) = (size, level) {
                found.push(Cache { shared_by: line("shared_cpu_list").unwrap_or_else(|| core.clone()), level, bytes });
            }
        }
    }
    found
}

pub(super) fn numbered(name: &str, start: &str) -> bool {
    name.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns a cache size in bytes from the platform's notation: `48K`, `2M`.
#[must_use]
pub fn cache_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)? {
        "" => 1,
        "K" | "k" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor).filter(|bytes| *bytes > 0)
}

/// Returns the bytes of all last-level caches, each shared cache counted once. A measurement must use more memory than
/// that.
#[must_use]
pub fn largest_cache(caches: &[Cache]) -> Option<u64> {
    let last = caches.iter().map(|cache| cache.level).max()?;
    let mut seen: Vec<&str> = Vec::new();
    let mut bytes = 0_u64;
    for cache in caches.iter().filter(|cache| cache.level == last) {
        if !seen.contains(&cache.shared_by.as_str()) {
            seen.push(&cache.shared_by);
            bytes = bytes.saturating_add(cache.bytes);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_where_there_is_one() {
        let x86 = "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 167\nmodel name\t: Some CPU @ 3 GHz\n";
        assert_eq!(name(x86).as_deref(), Some("Some CPU @ 3 GHz"));
        assert_eq!(name("cpu\t\t: POWER9, altivec supported\n").as_deref(), Some("POWER9, altivec supported"));
        assert_eq!(name("processor\t: 0\nBogoMIPS\t: 48.00\n"), None);
        assert_eq!(name("model name : \u{1b}[31mred\n").as_deref(), Some("\u{fffd}[31mred"));
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [("48K", 49_152), ("2M\n", 2_097_152), ("1G", 1 << 30), ("512", 512)] {
            assert_eq!(cache_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "K", "0K", "-1K", "48KB", "48 K", "99999999999999999999K", "18446744073709551615K", "4\u{b5}"]
        {
            assert_eq!(cache_bytes(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_shared_cache_counts_once() {
        let cache = |shared: &str, level, mib: u64| Cache { shared_by: shared.to_owned(), level, bytes: mib << 20 };
        let two = [cache("0", 2, 2), cache("0-7", 3, 32), cache("0-7", 3, 32), cache("8-15", 3, 96)];
        assert_eq!(largest_cache(&two), Some(128 << 20));
        assert_eq!(largest_cache(&[]), None);
    }
}
