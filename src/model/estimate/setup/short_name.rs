//! Names of set-ups and hosts for narrow columns: words are left out or shortened, numbers stay whole.

/// Longest name, in characters.
const LONGEST: usize = 14;
/// Letters that a shortened word keeps at least.
const LETTERS: usize = 3;

/// Shortens names of devices joined by `+`: the space behind a count goes first, then the first word without a digit of
/// the longest device, then whole devices from the right.
pub(super) fn of_devices(name: &str) -> String {
    let mut devices: Vec<String> = name.split('+').map(str::to_owned).collect();
    let length = |devices: &[String]| devices.join("+").chars().count();
    if length(&devices) > LONGEST {
        devices = devices.iter().map(|device| without_space(device)).collect();
    }
    while length(&devices) > LONGEST {
        let longest = (0..devices.len()).filter(|at| devices.get(*at).is_some_and(|device| shorter(device).is_some()));
        let size = |at: &usize| devices.get(*at).map_or(0, |device| device.chars().count());
        let Some(at) = longest.max_by_key(size) else { break };
        if let Some(device) = devices.get_mut(at) {
            *device = shorter(device).unwrap_or_default();
        }
    }
    let all = devices.len();
    while length(&devices) + usize::from(devices.len() < all) * 2 > LONGEST && devices.len() > 1 {
        devices.pop();
    }
    if devices.len() < all {
        devices.push("…".to_owned());
    }
    devices.join("+")
}

/// Shortens an id: its longest words without digits lose letters from the right.
pub(super) fn of_id(id: &str) -> String {
    let mut words: Vec<String> = id.split('-').map(str::to_owned).collect();
    while words.join("-").chars().count() > LONGEST {
        let can = |word: &&mut String| word.chars().all(char::is_alphabetic) && word.chars().count() > LETTERS;
        let Some(word) = words.iter_mut().filter(can).max_by_key(|word| word.chars().count()) else { break };
        word.pop();
    }
    words.join("-")
}

/// Returns `2xM3 Ultra 256` of `2x M3 Ultra 256`.
fn without_space(device: &str) -> String {
    match device.split_once("x ") {
        Some((count, name)) if count.chars().all(|c| c.is_ascii_digit()) => format!("{count}x{name}"),
        _ => device.to_owned(),
    }
}

/// Returns a device's name without its first word of letters alone; `None` where no other word would be left. A count
/// before that word stays.
fn shorter(device: &str) -> Option<String> {
    let digits = device.chars().take_while(char::is_ascii_digit).count();
    let counted = digits > 0 && device[digits..].starts_with('x');
    let (count, name) = if counted { device.split_at(digits + 1) } else { ("", device) };
    let mut words: Vec<&str> = name.split(' ').collect();
    let at = words.iter().position(|word| word.chars().all(char::is_alphabetic))?;
    if words.len() < 2 {
        return None;
    }
    words.remove(at);
    Some(format!("{count}{}", words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_whole() {
        for (name, short) in [
            ("2x RTX 3090", "2x RTX 3090"),
            ("2x M3 Ultra 256", "2xM3 Ultra 256"),
            ("4x RTX PRO 6000", "4xRTX PRO 6000"),
            ("Strix Halo+RTX 5090", "Halo+RTX 5090"),
            ("2x M3 Ultra 256+RTX 5090", "2xM3 256+5090"),
            ("RTX 3090+RTX 4090+RTX 5090", "3090+4090+5090"),
            ("RTX 3090+RTX 4090+RTX 5090+RTX 4080", "3090+4090+…"),
        ] {
            assert_eq!(of_devices(name), short);
        }
        assert_eq!(of_id("desktop-ddr5-192"), "deskt-ddr5-192");
        assert_eq!(of_id("threadripper-8ch"), "threadripp-8ch");
    }
}
