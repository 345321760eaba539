//! Powers of ten: rounding to significant digits, and positions on a logarithmic scale.

/// Returns the power of ten of the first digit.
#[must_use]
pub fn exponent(value: f64) -> i32 {
    libm::log10(value.abs()).floor() as i32
}

/// Returns the value rounded to `n` significant digits.
#[must_use]
pub fn round_significant(value: f64, n: u8) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = i32::from(n) - 1 - exponent(value);
    // A positive power of ten is exact and its reciprocal is not: 131e9 must not become 130.99999999999998e9.
    let scale = 10f64.powi(digits.abs());
    if digits >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// Returns the lowest number with `n` significant digits that is not below `value`.
#[must_use]
pub fn round_up(value: f64, n: u8) -> f64 {
    let rounded = round_significant(value, n);
    if rounded >= value { rounded } else { round_significant(rounded + step(value, n), n) }
}

/// Returns the highest number with `n` significant digits that is not above `value`.
#[must_use]
pub fn round_down(value: f64, n: u8) -> f64 {
    let rounded = round_significant(value, n);
    if rounded <= value { rounded } else { round_significant(rounded - step(value, n), n) }
}

/// Returns the value of one unit of the last of `n` significant digits.
fn step(value: f64, n: u8) -> f64 {
    10f64.powi(exponent(value) + 1 - i32::from(n))
}

/// Returns the position of a value on a logarithmic scale: 0 at `from`, 1 at `to`, outside of 0..=1 beyond them.
#[must_use]
pub fn log_place(value: f64, (from, to): (f64, f64)) -> f64 {
    libm::log(value / from) / libm::log(to / from)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_logarithmic_scale_has_a_decade_as_long_as_another() {
        for (value, place) in [(1.0, 0.0), (10.0, 0.5), (100.0, 1.0), (1000.0, 1.5), (0.1, -0.5)] {
            assert!((log_place(value, (1.0, 100.0)) - place).abs() < 1e-12, "{value}");
        }
    }
}
