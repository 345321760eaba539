//! Copying to the clipboard without another program, which also works over SSH.
//!
//! With OSC 52 the terminal itself decodes base64 text into its clipboard. Inside tmux the sequence is sent twice: once
//! to tmux, and once wrapped so that tmux passes it to the terminal. It depends on tmux's settings which of the two
//! works.

/// Most bytes of a text that is copied. Terminals drop longer sequences, some silently or in part, and half a scenario
/// on the clipboard would be worse than none.
pub(super) const MOST_BYTES: usize = 64 * 1024;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the bytes that copy `text`; `None` if it is longer than [`MOST_BYTES`].
pub(super) fn sequence(text: &str, inside_tmux: bool) -> Option<Vec<u8>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let plain = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    let wrapped = if inside_tmux { format!("\x1bPtmux;\x1b{plain}\x1b\\") } else { String::new() };
    Some((plain + &wrapped).into_bytes())
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 0x3F;
            text.push(if place <= group.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_the_examples_of_rfc_4648() {
        let encoded = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
        assert_eq!(base64(&[0xFF, 0xFE, 0xFD]), "//79");
    }

    #[test]
    fn too_much_is_refused_and_tmux_is_passed_by() {
        assert!(sequence(&"x".repeat(MOST_BYTES), false).is_some());
        assert!(sequence(&"x".repeat(MOST_BYTES + 1), false).is_none());
        let tmux = sequence("foo", true).unwrap_or_default();
        assert_eq!(tmux, b"\x1b]52;c;Zm9v\x07\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\");
    }
}
