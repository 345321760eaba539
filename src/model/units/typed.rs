//! Numbers as people type them: read, and written so that they are read back to the same value.

use std::borrow::Cow;
use std::fmt;

use super::Unit;
use super::digits::{fixed, group, without_zeros};

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a number; write 256, 1.5e3, 32k (32,000), 32K (32,768 tokens), 70b or 1t")]
pub struct NotANumber(pub String);

/// Reads a number as people type it: `256`, `1_000`, `1,000`, `1.5e3`, `32k`, `70b`, `1.5T`.
///
/// A suffix multiplies: `k` 1e3, `m` 1e6, `b` or `g` 1e9, `t` 1e12. Upper case means the same, except for
/// [`Unit::Tokens`], where `K` is 1,024 and `M` is 1,048,576, as in the field's "128K context".
///
/// # Errors
/// [`NotANumber`] when the text is something else, is not finite, or is negative.
pub fn parse_number(text: &str, unit: Unit) -> Result<f64, NotANumber> {
    let fault = || NotANumber(text.chars().take(40).collect());
    let text = text.trim();
    let grouped = text.contains(['_', ',']);
    let cleaned = if grouped { Cow::Owned(text.replace(['_', ','], "")) } else { Cow::Borrowed(text) };
    let (digits, factor) = match cleaned.char_indices().last() {
        Some((at, suffix)) if suffix.is_ascii_alphabetic() => {
            (&cleaned[..at], suffix_factor(suffix, unit).ok_or_else(fault)?)
        }
        _ => (&*cleaned, 1.0),
    };
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let value = digits.parse::<f64>().map_err(|_| fault())? * factor;
    if plain && value.is_finite() { Ok(value) } else { Err(fault()) }
}

fn suffix_factor(suffix: char, unit: Unit) -> Option<f64> {
    match (suffix, unit) {
        ('K', Unit::Tokens) => Some(1024.0),
        ('M', Unit::Tokens) => Some(1_048_576.0),
        _ => match suffix.to_ascii_lowercase() {
            'k' => Some(1e3),
            'm' => Some(1e6),
            'b' | 'g' => Some(1e9),
            't' => Some(1e12),
            _ => None,
        },
    }
}

/// A number of parameters in few characters that [`parse_number`] reads back to the same value: `70b`.
#[derive(Clone, Copy, Debug)]
pub struct ShortParameters(pub f64);

impl fmt::Display for ShortParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let billions = self.0 / 1e9;
        // What is read is the written number times a billion.
        let same = (billions * 1e9).to_bits() == self.0.to_bits();
        let millions = (billions * 1e3).round();
        if same && (millions / 1e3).to_bits() == billions.to_bits() && millions < 1e9 {
            // Up to three places, as nearly all are: without what it takes to find the shortest of all fractions.
            write!(f, "{}b", without_zeros(&fixed(billions, 3)))
        } else if same {
            write!(f, "{billions}b")
        } else {
            write!(f, "{}", self.0)
        }
    }
}

/// A token count in few characters that [`parse_number`] reads back to the same value: 131072 → `128K`, 500 → `500`.
#[must_use]
pub fn short_tokens(tokens: u64) -> String {
    match tokens {
        t if t >= 1_048_576 && t % 1_048_576 == 0 => format!("{}M", t / 1_048_576),
        t if t >= 1024 && t % 1024 == 0 => format!("{}K", t / 1024),
        t => group(&format!("{t}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::round_significant;
    use super::*;

    #[test]
    fn people_type_numbers_in_many_ways() {
        for (text, unit, value) in [
            ("70b", Unit::Parameters, 70e9),
            ("70B", Unit::Parameters, 70e9),
            ("1.5e3", Unit::Count, 1500.0),
            ("32k", Unit::Tokens, 32_000.0),
            ("32K", Unit::Tokens, 32_768.0),
            ("1_000", Unit::Count, 1000.0),
            ("256", Unit::Count, 256.0),
            (".5b", Unit::Parameters, 0.5e9),
        ] {
            assert_eq!(parse_number(text, unit), Ok(value), "{text}");
        }
        for bad in ["", "b", "nan", "inf", "-1", "1e999", "7x", "k7", "infinity", "1..2"] {
            assert!(parse_number(bad, Unit::Count).is_err(), "{bad}");
        }
    }

    #[test]
    fn short_tokens_are_read_back() {
        for tokens in [0, 1, 500, 1024, 4096, 32_000, 131_072, 1_048_576] {
            assert_eq!(parse_number(&short_tokens(tokens), Unit::Tokens), Ok(tokens as f64));
        }
        let short = [500, 1023, 1024, 1536, 131_072, 1_048_576, 1_049_600, 2_097_152].map(short_tokens);
        assert_eq!(short, ["500", "1,023", "1K", "1,536", "128K", "1M", "1025K", "2M"]);
    }

    #[test]
    fn short_parameters_are_written_as_the_standard_library_writes_billions() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..100_000 {
            let params = round_significant(libm::exp(random.f64() * 50.0 - 20.0), random.u8(1..8));
            let billions = params / 1e9;
            if (billions * 1e9).to_bits() == params.to_bits() {
                assert_eq!(ShortParameters(params).to_string(), format!("{billions}b"), "{params:e}");
            }
        }
    }

    #[test]
    fn short_parameters_are_read_back_to_the_bit() {
        assert_eq!(ShortParameters(70e9).to_string(), "70b");
        for params in [70e9, 70_553_706_496.0, 1e12 / 3.0, 0.1e9, 134_515_008.0, 1e6 / 7.0] {
            assert_eq!(parse_number(&ShortParameters(params).to_string(), Unit::Parameters), Ok(params));
        }
    }
}
