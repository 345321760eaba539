//! Units, and the only place where a number becomes text or text becomes a number.
//!
//! Inside the program every value is in base units: bytes, seconds, tokens, FLOP, watts, US dollars. GB is 1e9 bytes
//! and GiB is 2^30 bytes; a [`Unit`] says which of the two a byte count is shown in, so they cannot be mixed by accident.

use std::borrow::Cow;
use std::fmt;

use compact_str::{CompactString, format_compact};

/// Bytes in a gigabyte (1e9).
pub const GB: f64 = 1e9;
/// Bytes in a gibibyte (2^30).
pub const GIB: f64 = 1_073_741_824.0;

/// What a number counts, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes, shown in GB (1e9).
    Bytes,
    /// Bytes, shown in GiB (2^30): memory that is installed or used.
    MemoryBytes,
    /// Bytes read per generated token, shown in GB.
    BytesPerToken,
    /// Bytes read per step of several streams, shown in GB.
    BytesPerStep,
    /// Bytes per second, shown in GB/s.
    BytesPerSecond,
    /// Tokens per second.
    TokensPerSecond,
    /// Seconds, shown in µs, ms or s.
    Seconds,
    /// A plain number.
    Count,
    /// Tokens.
    Tokens,
    /// Parameters, shown as 70B.
    Parameters,
    /// A share of one, shown in percent.
    Share,
    /// A factor, shown as 2.25x.
    Factor,
    /// Bits per weight or cache element.
    Bits,
    /// Floating-point operations.
    Flop,
    /// Floating-point operations per second, shown in TFLOPS.
    FlopPerSecond,
    /// Floating-point operations per byte moved.
    FlopPerByte,
    /// US dollars.
    Usd,
    /// US dollars per marketed GB of memory.
    UsdPerGb,
    /// US dollars per million tokens.
    UsdPerMtok,
    /// US dollars per usable GiB of memory.
    UsdPerGib,
    /// US dollars per GB/s of bandwidth.
    UsdPerGbs,
    /// US dollars per hour.
    UsdPerHour,
    /// US dollars per year.
    UsdPerYear,
    /// Millions of tokens.
    Mtok,
    /// Kilowatt-hours per million tokens.
    KwhPerMtok,
    /// Months.
    Months,
    /// Hours per day.
    HoursPerDay,
    /// US dollars per kWh.
    UsdPerKwh,
    /// Watts.
    Watts,
    /// Joules per token.
    JoulesPerToken,
    /// Years.
    Years,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
    /// Euros.
    Eur,
}

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

/// A number with its unit, ready to be written.
///
/// ```
/// use whichbox::units::{Amount, Digits, Unit};
/// assert_eq!(Amount::exact(1792e9, Unit::BytesPerSecond).to_string(), "1,792 GB/s");
/// assert_eq!(Amount::new(6.3126, Unit::TokensPerSecond, Digits::Significant(2)).to_string(), "6.3 tok/s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// The value in base units.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// How precisely it is written.
    pub digits: Digits,
}

impl Amount {
    /// An amount with chosen digits.
    #[must_use]
    pub fn new(value: f64, unit: Unit, digits: Digits) -> Self {
        Self { value, unit, digits }
    }

    /// A share that is counted in percent, to two digits: how errors are told.
    #[must_use]
    pub fn percent(value: f64) -> Self {
        Self::new(value / 100.0, Unit::Share, Digits::Significant(2))
    }

    /// A fact or setting: written as given.
    #[must_use]
    pub fn exact(value: f64, unit: Unit) -> Self {
        Self::new(value, unit, Digits::Exact)
    }

    /// A computed value without a band: three significant digits.
    #[must_use]
    pub fn computed(value: f64, unit: Unit) -> Self {
        Self::new(value, unit, Digits::Significant(3))
    }

    /// The number without its unit, scaled as [`Amount`] would show it.
    #[must_use]
    pub fn number(self) -> CompactString {
        let (scaled, _) = self.scaled();
        group(&digits_of(scaled, self.digits))
    }

    /// The value in the unit it is shown in, and that unit's symbol.
    fn scaled(self) -> (f64, &'static str) {
        let v = self.value;
        match self.unit {
            Unit::Bytes => (v / GB, " GB"),
            Unit::MemoryBytes => (v / GIB, " GiB"),
            Unit::BytesPerToken => (v / GB, " GB/token"),
            Unit::BytesPerStep => (v / GB, " GB/step"),
            Unit::BytesPerSecond => (v / GB, " GB/s"),
            Unit::TokensPerSecond => (v, " tok/s"),
            Unit::Seconds if v.abs() < 1e-3 && v != 0.0 => (v * 1e6, " µs"),
            Unit::Seconds if v.abs() < 1.0 && v != 0.0 => (v * 1e3, " ms"),
            Unit::Seconds => (v, " s"),
            Unit::Tokens => (v, " tokens"),
            Unit::Parameters if v.abs() >= 999.5e9 => (v / 1e12, "T"),
            Unit::Parameters if v.abs() >= 999.5e6 => (v / 1e9, "B"),
            Unit::Parameters => (v / 1e6, "M"),
            Unit::Share => (v * 100.0, " %"),
            Unit::Factor => (v, "x"),
            Unit::Bits => (v, " bit"),
            Unit::Flop => (v / 1e9, " GFLOP"),
            Unit::FlopPerSecond => (v / 1e12, " TFLOPS"),
            Unit::FlopPerByte => (v, " FLOP/byte"),
            Unit::Count | Unit::Usd | Unit::Eur => (v, ""),
            Unit::UsdPerGb => (v, "/GB"),
            Unit::UsdPerMtok => (v, "/Mtok"),
            Unit::UsdPerGib => (v, "/GiB"),
            Unit::UsdPerGbs => (v, " per GB/s"),
            Unit::UsdPerHour => (v, "/h"),
            Unit::UsdPerYear => (v, "/year"),
            Unit::Mtok => (v, " Mtok"),
            Unit::KwhPerMtok => (v, " kWh/Mtok"),
            Unit::Months => (v, " months"),
            Unit::HoursPerDay => (v, " h a day"),
            Unit::UsdPerKwh => (v, "/kWh"),
            Unit::Watts => (v, " W"),
            Unit::JoulesPerToken => (v, " J/token"),
            Unit::Years => (v, " years"),
            Unit::Days if v.to_bits() == 1f64.to_bits() => (v, " day"),
            Unit::Days => (v, " days"),
            Unit::Minutes => (v, " min"),
        }
    }

    /// What stands before the number: the currency.
    fn sign(self) -> &'static str {
        match self.unit {
            Unit::Usd
            | Unit::UsdPerGb
            | Unit::UsdPerGib
            | Unit::UsdPerGbs
            | Unit::UsdPerMtok
            | Unit::UsdPerKwh
            | Unit::UsdPerHour
            | Unit::UsdPerYear => "$",
            Unit::Eur => "EUR ",
            _ => "",
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.value.is_finite() {
            return f.pad("not known");
        }
        let (scaled, symbol) = self.scaled();
        let sign = self.sign();
        let text = format_compact!("{sign}{}{symbol}", group(&digits_of(scaled, self.digits)));
        f.pad(&text)
    }
}

/// The parts of a sum, all in the unit of the largest and rounded to the place of its third digit, so that they add up
/// as they stand: `199 ms`, `8 ms`, `3 ms`. A part too small for that place is written by itself.
#[must_use]
pub fn terms(values: &[f64], unit: Unit) -> Vec<String> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let (shown, symbol) = Amount::exact(largest, unit).scaled();
    let factor = if largest > 0.0 { shown / largest } else { 1.0 };
    let places = decimals(round_significant(shown, 3), 3);
    let sign = Amount::exact(largest, unit).sign();
    let write = |value: &f64| {
        let text = format!("{:.places$}", value * factor);
        let lost = *value != 0.0 && text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let small = || Amount::new(*value, unit, Digits::Significant(1)).to_string();
        if lost { small() } else { format!("{sign}{}{symbol}", group(&text)) }
    };
    values.iter().map(write).collect()
}

/// Writes `value` with the wanted digits, trailing zeros of an exact value dropped.
fn digits_of(value: f64, digits: Digits) -> CompactString {
    match digits {
        Digits::Exact => {
            if value.fract() == 0.0 || value.abs() >= 9_999.5 {
                return fixed(value, 0);
            }
            let text = fixed(value, decimals(value, 4));
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
        }
        Digits::Significant(n) => {
            let rounded = round_significant(value, n);
            fixed(rounded, decimals(rounded, n))
        }
    }
}

/// Writes `value` with so many decimal places, at most six, as `{:.*}` does.
fn fixed(value: f64, places: usize) -> CompactString {
    /// Whole numbers below it are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    const POWERS: [u32; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    // Nearly all numbers are rounded already: as a whole number of the last place one is written in a quarter of the time.
    // One that is not near a whole number might be rounded the other way.
    let Some(power) = POWERS.get(places) else { return format_compact!("{value:.places$}") };
    let scaled = value * f64::from(*power);
    let whole = scaled.round();
    if !(0.0..EXACT).contains(&whole) || value.is_sign_negative() || (scaled - whole).abs() > 0.25 {
        return format_compact!("{value:.places$}");
    }
    let (units, parts) = (whole as u64 / u64::from(*power), whole as u64 % u64::from(*power));
    if places == 0 { format_compact!("{units}") } else { format_compact!("{units}.{parts:0places$}") }
}

/// Decimal places that give `n` significant digits, at most six.
fn decimals(value: f64, n: u8) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    (i32::from(n) - 1 - exponent(value)).clamp(0, 6) as usize
}

/// The power of ten of the first digit.
fn exponent(value: f64) -> i32 {
    libm::log10(value.abs()).floor() as i32
}

/// Rounds to `n` significant digits.
#[must_use]
pub fn round_significant(value: f64, n: u8) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = i32::from(n) - 1 - exponent(value);
    // A power of ten is exact, its reciprocal is not: 131e9 must not become 130.99999999999998e9.
    let scale = 10f64.powi(digits.abs());
    if digits >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// Rounds up to `n` significant digits: the lowest such number that is not below `value`.
#[must_use]
pub fn round_up(value: f64, n: u8) -> f64 {
    let rounded = round_significant(value, n);
    if rounded >= value { rounded } else { round_significant(rounded + step(value, n), n) }
}

/// Rounds down to `n` significant digits: the highest such number that is not above `value`.
#[must_use]
pub fn round_down(value: f64, n: u8) -> f64 {
    let rounded = round_significant(value, n);
    if rounded <= value { rounded } else { round_significant(rounded - step(value, n), n) }
}

/// What the last of `n` significant digits counts.
fn step(value: f64, n: u8) -> f64 {
    10f64.powi(exponent(value) + 1 - i32::from(n))
}

/// Puts a comma between thousands of the integer part.
fn group(text: &str) -> CompactString {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = CompactString::default();
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
            let (whole, part) = (millions as u64 / 1000, millions as u64 % 1000);
            match part {
                0 => write!(f, "{whole}b"),
                _ if part % 100 == 0 => write!(f, "{whole}.{}b", part / 100),
                _ if part % 10 == 0 => write!(f, "{whole}.{:02}b", part / 10),
                _ => write!(f, "{whole}.{part:03}b"),
            }
        } else if same {
            write!(f, "{billions}b")
        } else {
            write!(f, "{}", self.0)
        }
    }
}

/// A token count in few characters that [`parse_number`] reads back to the same value: 131072 → `128K`, 500 → `500`.
#[must_use]
pub fn short_tokens(tokens: u64) -> CompactString {
    match tokens {
        t if t >= 1_048_576 && t % 1_048_576 == 0 => format_compact!("{}M", t / 1_048_576),
        t if t >= 1024 && t % 1024 == 0 => format_compact!("{}K", t / 1024),
        t => group(&format_compact!("{t}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gigabytes_and_gibibytes_differ() {
        assert_eq!(Amount::exact(128.0 * GIB, Unit::MemoryBytes).to_string(), "128 GiB");
        assert_eq!(Amount::computed(128.0 * GIB, Unit::Bytes).to_string(), "137 GB");
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..100_000 {
            let value = libm::exp(random.f64() * 50.0 - 20.0) * [1.0, -1.0][random.usize(..2)];
            let value = if random.bool() { round_significant(value, random.u8(1..8)) } else { value };
            let places = random.usize(..8);
            assert_eq!(fixed(value, places), format!("{value:.places$}"), "{value:e} to {places}");
            let billions = value.abs() / 1e9;
            if (billions * 1e9).to_bits() == value.abs().to_bits() {
                assert_eq!(ShortParameters(value.abs()).to_string(), format!("{billions}b"), "{value:e}");
            }
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

    #[test]
    fn rounded_numbers_are_the_nearest_to_what_they_say() {
        for (value, rounded) in
            [(131.04e9, 131e9), (255.2e9, 255e9), (2.1134e9, 2.11e9), (0.048_891, 0.0489), (-4.994e11, -4.99e11)]
        {
            assert_eq!(round_significant(value, 3).to_bits(), f64::to_bits(rounded), "{value}");
        }
    }

    #[test]
    fn powers_of_ten_have_their_own_exponent() {
        for power in -30..30 {
            let value: Result<f64, _> = format!("1e{power}").parse();
            assert_eq!(value.clone().map(exponent), Ok(power), "{value:?}");
            assert_eq!(value.map(|value| exponent(value * 9.99)), Ok(power), "{power}");
        }
    }

    #[test]
    fn rounding_up_never_goes_below_nor_rounding_down_above() {
        for (value, down, up) in
            [(11.04, 11.0, 12.0), (11.0, 11.0, 11.0), (99.2, 99.0, 100.0), (0.0513, 0.051, 0.052), (7.87, 7.8, 7.9)]
        {
            let (lower, upper) = (round_down(value, 2), round_up(value, 2));
            assert!((lower - down).abs() < 1e-9 && (upper - up).abs() < 1e-9, "{value}: {lower} {upper}");
        }
    }

    #[test]
    fn parts_of_a_sum_share_a_unit_and_a_place() {
        assert_eq!(terms(&[0.1993, 0.0078, 0.00272], Unit::Seconds), ["199 ms", "8 ms", "3 ms"]);
        assert_eq!(terms(&[0.0119, 0.0003, 0.000_000_2], Unit::Seconds), ["11.9 ms", "0.3 ms", "0.2 µs"]);
        assert_eq!(terms(&[1.2345, 0.1], Unit::Seconds), ["1.23 s", "0.10 s"]);
        assert_eq!(terms(&[0.0], Unit::Seconds), ["0 s"]);
    }

    #[test]
    fn money_and_parameters() {
        assert_eq!(Amount::exact(4699.0, Unit::Usd).to_string(), "$4,699");
        assert_eq!(Amount::computed(36.71, Unit::UsdPerGb).to_string(), "$36.7/GB");
        assert_eq!(Amount::computed(70.55e9, Unit::Parameters).to_string(), "70.6B");
        assert_eq!(Amount::exact(1e12, Unit::Parameters).to_string(), "1T");
        assert_eq!(Amount::computed(f64::NAN, Unit::Usd).to_string(), "not known");
    }

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
    fn short_parameters_are_read_back_to_the_bit() {
        assert_eq!(ShortParameters(70e9).to_string(), "70b");
        for params in [70e9, 70_553_706_496.0, 1e12 / 3.0, 0.1e9, 134_515_008.0, 1e6 / 7.0] {
            assert_eq!(parse_number(&ShortParameters(params).to_string(), Unit::Parameters), Ok(params));
        }
    }

    #[test]
    fn every_unit_is_written_in_its_own_prefix() {
        let written = [
            (2.5e9, Unit::Flop, "2.5 GFLOP"),
            (125e12, Unit::FlopPerSecond, "125 TFLOPS"),
            (457.0, Unit::FlopPerByte, "457 FLOP/byte"),
            (0.25, Unit::Share, "25 %"),
            (70e9, Unit::Parameters, "70B"),
            (1.5e12, Unit::Parameters, "1.5T"),
            (135e6, Unit::Parameters, "135M"),
            (2.5e-5, Unit::Seconds, "25 µs"),
            (0.25, Unit::Seconds, "250 ms"),
            (40e9, Unit::BytesPerToken, "40 GB/token"),
            (273e9, Unit::BytesPerSecond, "273 GB/s"),
        ];
        for (value, unit, text) in written {
            assert_eq!(Amount::exact(value, unit).to_string(), text);
        }
    }
}
