//! How many digits a number deserves, and how they are written.

use super::scale::{exponent, round_significant};

/// How many digits a number deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// As given: whole numbers whole, otherwise up to four significant digits.
    Exact,
    /// This many significant digits.
    Significant(u8),
}

impl Digits {
    /// Digits that a band from `low` to `high` supports: no third digit where it is 30 % wide or more.
    #[must_use]
    pub fn for_band(low: f64, high: f64) -> Self {
        let middle = f64::midpoint(low, high);
        if middle > 0.0 && (high - low) / middle >= 0.30 { Digits::Significant(2) } else { Digits::Significant(3) }
    }
}

/// Writes `value` with the wanted digits, trailing zeros of an exact value dropped.
pub(super) fn digits_of(value: f64, digits: Digits) -> String {
    match digits {
        Digits::Exact => {
            if value.fract() == 0.0 || value.abs() >= 9_999.5 {
                return fixed(value, 0);
            }
            let text = fixed(value, decimals(value, 4));
            without_zeros(&text).into()
        }
        Digits::Significant(n) => {
            let rounded = round_significant(value, n);
            fixed(rounded, decimals(rounded, n))
        }
    }
}

/// Writes `value` with so many decimal places, at most six, as `{:.*}` does.
pub(super) fn fixed(value: f64, places: usize) -> String {
    /// Whole numbers below it are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    const POWERS: [u32; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    // Nearly all numbers are rounded already: as a whole number of the last place one is written in less time. One that is
    // not near a whole number might be rounded the other way.
    let Some(power) = POWERS.get(places) else { return format!("{value:.places$}") };
    let scaled = value * f64::from(*power);
    let whole = scaled.round();
    if !(0.0..EXACT).contains(&whole) || value.is_sign_negative() || (scaled - whole).abs() > 0.25 {
        return format!("{value:.places$}");
    }
    let (units, parts) = (whole as u64 / u64::from(*power), whole as u64 % u64::from(*power));
    if places == 0 { format!("{units}") } else { format!("{units}.{parts:0places$}") }
}

/// A number that is written with a fraction, without the zeros at its end.
pub(super) fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Decimal places that give `n` significant digits, at most six.
pub(super) fn decimals(value: f64, n: u8) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    (i32::from(n) - 1 - exponent(value)).clamp(0, 6) as usize
}

/// Puts a comma between thousands of the integer part.
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
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..100_000 {
            let value = libm::exp(random.f64() * 50.0 - 20.0) * [1.0, -1.0][random.usize(..2)];
            let value = if random.bool() { round_significant(value, random.u8(1..8)) } else { value };
            let places = random.usize(..8);
            assert_eq!(fixed(value, places), format!("{value:.places$}"), "{value:e} to {places}");
        }
        for (value, places) in [(0.0, 0), (0.0, 2), (-0.0, 1), (0.5, 0), (1.5, 0), (0.125, 2), (9.5e15, 0), (1e300, 1)]
        {
            assert_eq!(fixed(value, places), format!("{value:.places$}"), "{value:e} to {places}");
        }
    }

    #[test]
    fn digits_follow_the_band() {
        assert_eq!(Digits::for_band(84.0, 116.0), Digits::Significant(2));
        assert_eq!(Digits::for_band(95.0, 105.0), Digits::Significant(3));
        assert_eq!(Amount::new(137.4, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "140 tok/s");
        assert_eq!(Amount::new(9.96, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "10 tok/s");
        assert_eq!(Amount::new(0.054_321, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "0.054 tok/s");
    }
}
