//! Numbers as people type them: reading them, and writing them so that reading gives the same value.

use std::borrow::Cow;
use std::fmt;

use super::Unit;
use super::digits::group;

/// The error for a text that is no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" {reason}; write 256, 1.5e3, 32k (of tokens 32,768), 70b or 1t", text = .0, reason = fault(.0))]
pub struct NotANumber(pub String);

/// Returns the reason why the text is refused.
fn fault(text: &str) -> &'static str {
    let is_negative = text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_negative { "is below 0" } else { "is not a number" }
}

/// Reads a number as people type it: `256`, `1_000`, `1,000`, `7,5`, `1.5e3`, `32k`, `70b`, `1.5T`.
///
/// A suffix multiplies, in either case: `k` 1e3, `m` 1e6, `b` or `g` 1e9, `t` 1e12. For [`Unit::Tokens`], `k` is 1,024
/// and `m` is 1,048,576, as in "128K context". A comma separates thousands (`4,500`) or marks the decimals (`7,5`,
/// `4,5k`, `4.699,00`); its position determines which.
///
/// # Errors
/// [`NotANumber`] if the text is something else, is not finite, is negative, or has wrongly placed separators.
pub fn parse_number(text: &str, unit: Unit) -> Result<f64, NotANumber> {
    let fault = || NotANumber(text.chars().take(40).collect());
    let text = text.trim();
    let (digits, factor) = match text.char_indices().last() {
        Some((at, suffix)) if suffix.is_ascii_alphabetic() => {
            (&text[..at], suffix_factor(suffix, unit).ok_or_else(fault)?)
        }
        _ => (text, 1.0),
    };
    let digits = if digits.contains([',', '_']) {
        Cow::Owned(without_groups(digits, factor > 1.0).ok_or_else(fault)?)
    } else {
        Cow::Borrowed(digits)
    };
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let value = digits.parse::<f64>().map_err(|_| fault())? * factor;
    if plain && value.is_finite() { Ok(value) } else { Err(fault()) }
}

/// Returns the digits with a decimal point and without separators of thousands; `None` if the separators are misplaced.
///
/// Three digits after a single comma are a group of thousands. With a suffix (`1,234k`) they are ambiguous and refused.
fn without_groups(digits: &str, has_suffix: bool) -> Option<String> {
    let plain = digits.replace('_', "");
    let wrong = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") || plain.is_empty();
    if wrong {
        return None;
    }
    let (whole, fraction, group) = match (plain.matches(',').count(), plain.rfind(','), plain.find('.')) {
        (0, ..) => return Some(plain),
        // If both marks occur, the last one is the decimal mark: `4.699,00` and `4,699.00`.
        (1, Some(comma), Some(point)) if comma > point => (&plain[..comma], &plain[comma + 1..], '.'),
        (_, Some(comma), Some(point)) if comma < point => (&plain[..point], &plain[point + 1..], ','),
        (1, Some(comma), None) if plain.len() - comma - 1 == 3 && !plain.starts_with('0') => {
            if has_suffix {
                return None;
            }
            (&plain[..], "", ',')
        }
        (1, Some(comma), None) => (&plain[..comma], &plain[comma + 1..], '.'),
        (_, Some(_), None) => (&plain[..], "", ','),
        _ => return None,
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(group);
    let first = groups.next().filter(|first| are_digits(first))?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || first.len() <= 3;
    if !grouped || !rest.iter().all(|group| are_digits(group) && group.len() == 3) {
        return None;
    }
    let has_fraction = whole.len() < plain.len();
    if has_fraction && !are_digits(fraction) {
        return None;
    }
    let whole = format!("{first}{}", rest.concat());
    Some(if has_fraction { format!("{whole}.{fraction}") } else { whole })
}

fn suffix_factor(suffix: char, unit: Unit) -> Option<f64> {
    match (suffix, unit) {
        ('K' | 'k', Unit::Tokens) => Some(1024.0),
        ('M' | 'm', Unit::Tokens) => Some(1_048_576.0),
        _ => match suffix.to_ascii_lowercase() {
            'k' => Some(1e3),
            'm' => Some(1e6),
            'b' | 'g' => Some(1e9),
            't' => Some(1e12),
            _ => None,
        },
    }
}

/// A number of parameters in a short form such as `70b` that [`parse_number`] reads as the same value.
#[derive(Clone, Copy, Debug)]
pub struct ShortParameters(pub f64);

impl fmt::Display for ShortParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let billions = self.0 / 1e9;
        // The short form is used only if the written number times a billion gives exactly the same value.
        let same = (billions * 1e9).to_bits() == self.0.to_bits();
        if same { write!(f, "{billions}b") } else { write!(f, "{}", self.0) }
    }
}

/// Returns a token count in a short form that [`parse_number`] reads as the same value: `128K` for 131072, `500` for
/// 500.
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
    use super::*;

    #[test]
    fn people_type_numbers_in_many_ways() {
        for (text, unit, value) in [
            ("70b", Unit::Parameters, 70e9),
            ("70B", Unit::Parameters, 70e9),
            ("1.5e3", Unit::Count, 1500.0),
            ("32k", Unit::Tokens, 32_768.0),
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
    fn a_comma_groups_thousands_or_is_the_decimal_point() {
        for (text, unit, value) in [
            ("7,5", Unit::Count, 7.5),
            ("0,17", Unit::UsdPerKwh, 0.17),
            ("7,5b", Unit::Parameters, 7.5e9),
            ("4,5k", Unit::Usd, 4500.0),
            ("4,500", Unit::Usd, 4500.0),
            ("1,234,567", Unit::Usd, 1_234_567.0),
            ("4.699,00", Unit::Usd, 4699.0),
            ("2,499.00", Unit::Usd, 2499.0),
            ("1.234.567,5", Unit::Usd, 1_234_567.5),
            ("12,34", Unit::Count, 12.34),
            ("0,125", Unit::Count, 0.125),
        ] {
            assert_eq!(parse_number(text, unit), Ok(value), "{text}");
        }
        for bad in
            [",5", "1,,5", "5,", "12,3456,789", "1234,567,890", "1,23,456", "4,500k", "1,2,3", "1_", "_1", "1.2.3,4"]
        {
            assert!(parse_number(bad, Unit::Count).is_err(), "{bad}");
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
