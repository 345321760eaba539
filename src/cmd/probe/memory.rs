//! The memory of this machine and the part that is available to a model now.

use super::platform::Platform;

/// Files with the limit and the use of a control group, in version 2 and version 1.
///
/// Version 1 expresses "no limit" as a number larger than any memory.
const GROUP_FILES: [(&str, &str); 2] =
    [("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")];

/// The memory of the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Total memory in bytes, without the parts that firmware and kernel reserve.
    pub installed: Option<u64>,
    /// Available memory in bytes that can be used without swapping, within the limit of the control group.
    pub usable: Option<u64>,
}

impl Memory {
    pub(super) fn read(platform: &Platform) -> Self {
        let memory = platform.text("proc/meminfo").map_or_else(Self::default, |text| Self::parse(&text));
        let group = |file: &str| platform.text(&format!("sys/fs/cgroup/{file}"));
        let left =
            GROUP_FILES.iter().find_map(|(most, used)| left_in_group(group(most).as_deref(), group(used).as_deref()));
        let usable = match (memory.usable, left) {
            (Some(usable), Some(left)) => Some(usable.min(left)),
            (usable, _) => usable,
        };
        Self { usable, ..memory }
    }

    /// Parses the text of `/proc/meminfo`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            let mut words = line.split_whitespace();
            let kib: u64 = words.next()?.parse().ok()?;
            (words.next() == Some("kB")).then_some(kib)?.checked_mul(1024).filter(|bytes| *bytes > 0)
        };
        let installed = field("MemTotal");
        let usable = field("MemAvailable").filter(|usable| installed.is_none_or(|installed| *usable <= installed));
        Self { installed, usable }
    }
}

/// Returns the bytes that remain in a control group; `None` if there is no limit, which version 2 writes as `max`.
#[must_use]
pub fn left_in_group(most: Option<&str>, used: Option<&str>) -> Option<u64> {
    let most: u64 = most?.trim().parse().ok()?;
    let used = used.and_then(|used| used.trim().parse().ok()).unwrap_or(0);
    Some(most.saturating_sub(used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_kernel_writes() {
        let text = "MemTotal:       24684084 kB\nMemFree:        12272412 kB\nMemAvailable:   22566944 kB\n";
        let read = Memory::parse(text);
        assert_eq!(read, Memory { installed: Some(25_276_502_016), usable: Some(23_108_550_656) });
    }

    #[test]
    fn nonsense_is_not_known() {
        for text in ["", "MemTotal: kB", "MemTotal: -3 kB", "MemTotal: 0 kB", "MemTotal: 99999999999999999999 kB"] {
            assert_eq!(Memory::parse(text), Memory::default(), "{text}");
        }
        for text in ["MemTotal: 18446744073709551615 kB", "MemTotal: 5 MB", "MemTotal 5 kB", "XMemTotal: 5 kB"] {
            assert_eq!(Memory::parse(text), Memory::default(), "{text}");
        }
        assert_eq!(Memory::parse("MemTotal: 5 kB\nMemAvailable: 6 kB").usable, None);
    }

    #[test]
    fn a_control_group_limits() {
        assert_eq!(left_in_group(Some("1000\n"), Some("400\n")), Some(600));
        assert_eq!(left_in_group(Some("1000\n"), None), Some(1000));
        assert_eq!(left_in_group(Some("400"), Some("1000")), Some(0));
        assert_eq!(left_in_group(Some("max\n"), Some("400")), None);
        assert_eq!(left_in_group(None, Some("400")), None);
    }
}
