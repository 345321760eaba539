//! Dates as sources give them: a year, a month or a day.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar date with the precision of its source: `2026`, `2026-09` or `2026-09-03`. Dates are ordered by time; a
/// year sorts before its months and a month before its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is not a [`Date`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date from 1970 to 2999; write 2026, 2026-09 or 2026-09-03")]
pub struct NotADate(String);

impl Date {
    /// Returns the current day in UTC; `None` if the clock is before 1970.
    #[must_use]
    pub fn today() -> Option<Self> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        Self::from_days_since_epoch(i64::try_from(since.as_secs() / 86_400).ok()?)
    }

    /// Returns the last day that the date can mean: the end of its year or month if the day is not given.
    #[must_use]
    pub fn latest_day(self) -> Self {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 { days_in(self.year, month) } else { self.day };
        Self { year: self.year, month, day }
    }

    /// Returns the days from 1970-01-01 to the date; a missing month or day counts as the first.
    #[must_use]
    pub fn days_since_epoch(self) -> i64 {
        // Howard Hinnant's `days_from_civil` from "chrono-compatible low-level date algorithms".
        let (m, d) = (i64::from(self.month.max(1)), i64::from(self.day.max(1)));
        let y = i64::from(self.year) - i64::from(m <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y - era * 400;
        let day_of_year = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// Returns the day `days` after 1970-01-01; `None` outside the years that a date can have.
    #[must_use]
    pub fn from_days_since_epoch(days: i64) -> Option<Self> {
        // Howard Hinnant's `civil_from_days`, the inverse of `days_from_civil`.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z - era * 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        (1970..=2999).contains(&year).then_some(Self { year: year as u16, month: month as u8, day: day as u8 })
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl std::str::FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let fault = || NotADate(text.chars().take(40).collect());
        let mut parts = text.split('-');
        let mut part = |width: usize| -> Result<Option<u16>, NotADate> {
            match parts.next() {
                None => Ok(None),
                Some(p) if p.len() == width && p.bytes().all(|b| b.is_ascii_digit()) => {
                    p.parse().map(Some).map_err(|_| fault())
                }
                Some(_) => Err(fault()),
            }
        };
        let (year, month, day) = (part(4)?.ok_or_else(fault)?, part(2)?, part(2)?);
        let date = Self { year, month: month.unwrap_or(0) as u8, day: day.unwrap_or(0) as u8 };
        let month_fits = month.is_none_or(|m| (1..=12).contains(&m));
        let day_fits = day.is_none_or(|d| d >= 1 && d <= u16::from(days_in(year, date.month)));
        let plausible = (1970..=2999).contains(&year) && month_fits && day_fits && parts.next().is_none();
        if plausible { Ok(date) } else { Err(fault()) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_sources_write() {
        for text in ["2025", "2026-09", "2026-09-03", "2024-02-29"] {
            assert_eq!(text.parse::<Date>().map(|d| d.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "26-09", "2026-13", "2026-9", "2025-02-29", "2026-09-03-01", "2026/09", "+026"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn orders_and_counts_days() {
        let date = |t: &str| t.parse::<Date>().unwrap_or_else(|error| panic!("{error}"));
        assert!(date("2026-09") < date("2026-09-03") && date("2025-12-31") < date("2026"));
        assert_eq!(date("2026-02").latest_day(), date("2026-02-28"));
        assert_eq!(date("1970-01-01").days_since_epoch(), 0);
        assert_eq!(date("2026-11-24").days_since_epoch(), 20_781);
        for days in (0..376_000).step_by(13) {
            let back = Date::from_days_since_epoch(days).map(Date::days_since_epoch);
            assert_eq!(back, Some(days));
        }
        assert_eq!(Date::from_days_since_epoch(20_781), Some(date("2026-11-24")));
        assert_eq!(Date::from_days_since_epoch(-1), None);
    }
}
