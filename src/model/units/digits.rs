//! Digits of numbers: how many a band supports, and writing a number with them.

use super::scale::{exponent, round_significant};

/// The number of digits with which a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// Exact: whole numbers in full, others with up to four significant digits.
    Exact,
    /// This many significant digits.
    Significant(u8),
}

impl Digits {
    /// Returns the digits that a band from `low` to `high` supports: two if it is 30 % wide or more, otherwise three.
    #[must_use]
    pub fn for_band(low: f64, high: f64) -> Self {
        let middle = f64::midpoint(low, high);
        if middle > 0.0 && (high - low) / middle >= 0.30 { Digits::Significant(2) } else { Digits::Significant(3) }
    }
}

/// Returns a count with its noun: `1 step`, `12 steps`. The plural is formed with an s.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", super::Amount::exact(count as f64, super::Unit::Count))
}

/// Returns `value` with these digits; trailing zeros of an exact value are dropped.
pub(super) fn digits_of(value: f64, digits: Digits) -> String {
    match digits {
        Digits::Exact => {
            if value.fract() == 0.0 || value.abs() >= 9_999.5 {
                return format!("{value:.0}");
            }
            let places = decimals(value, 4);
            without_zeros(&format!("{value:.places$}")).to_owned()
        }
        Digits::Significant(n) => {
            let rounded = round_significant(value, n);
            let places = decimals(rounded, n);
            format!("{rounded:.places$}")
        }
    }
}

/// Returns the text of a number without the trailing zeros of its fraction.
fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Returns the number of decimals that gives `n` significant digits, at most six.
pub(super) fn decimals(value: f64, n: u8) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    (i32::from(n) - 1 - exponent(value)).clamp(0, 6) as usize
}

/// Returns the number with a comma between the thousands of its integer part.
pub(super) fn group(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::default();
    out.push_str(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Amount, Unit};
    use super::*;

    #[test]
    fn digits_follow_the_band() {
        assert_eq!(Digits::for_band(84.0, 116.0), Digits::Significant(2));
        assert_eq!(Digits::for_band(95.0, 105.0), Digits::Significant(3));
        assert_eq!(Amount::new(137.4, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "140 tok/s");
        assert_eq!(Amount::new(9.96, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "10 tok/s");
        assert_eq!(Amount::new(0.054_321, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "0.054 tok/s");
    }
}
