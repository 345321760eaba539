//! Owning compared with paying per token, in words and as lines of cost over tokens.

use super::Answer;
use crate::model::estimate::figures::BreakEven;
use crate::model::units::{Amount, Digits, Unit};

/// The provider that owning is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// A machine rented by the hour.
    Rent,
    /// An API that charges per token.
    Api,
}

impl Answer<'_> {
    /// Returns the figures of the comparison; `None` if there is none.
    #[must_use]
    pub fn break_even(&self, against: Against) -> Option<BreakEven<f64>> {
        let estimate = self.estimate?;
        match against {
            Against::Rent => estimate.rent,
            Against::Api => estimate.api,
        }
    }
}

/// Returns a sentence with the number of tokens after which owning pays, or the reason why it never does.
#[must_use]
pub fn pays(answer: &Answer<'_>, against: Against) -> String {
    let Some(numbers) = answer.break_even(against) else { return unknown(answer, against) };
    let mtok = |usd| Amount::new(usd, Unit::UsdPerMtok, Digits::Significant(2));
    let (energy, theirs) = (mtok(numbers.energy), mtok(numbers.theirs));
    let them = match (against, &answer.rented) {
        (Against::Rent, Some(rented)) => {
            let rent = Amount::exact(rented.usd_per_hour.value, Unit::UsdPerHour);
            format!("the {} at {rent} takes {theirs}", rented.machine.short)
        }
        _ => format!("the API takes {theirs}"),
    };
    let Some(paid) = numbers.paid else { return format!("never: electricity alone costs {energy}, {them}") };
    let two = |value, unit| Amount::new(value, unit, Digits::Significant(2));
    let (tokens, months) = (two(paid.mtok, Unit::Mtok), two(paid.months, Unit::Months));
    if paid.hours_per_day > 24.0 {
        let hours = two(paid.hours_per_day, Unit::HoursPerDay);
        return format!("never within its years of use: it would take {tokens}, {hours}; {them}, electricity {energy}");
    }
    let hours = two(paid.hours_per_day, Unit::HoursPerDay);
    format!(
        "pays after {tokens}: in {months} at this use, or at {hours} over its years of use; {them}, electricity {energy}"
    )
}

fn unknown(answer: &Answer<'_>, against: Against) -> String {
    let computer = answer.estimate.map(|estimate| estimate.computer);
    if answer.estimate.is_none_or(|estimate| estimate.decode.speeds.is_none()) {
        return "not known: the model does not run here".to_owned();
    }
    if computer.and_then(|computer| computer.price).is_none() {
        return "not known: its price in USD is not known".to_owned();
    }
    if computer.and_then(|computer| computer.load_watts).is_none() {
        return "not known: its power under load is not known".to_owned();
    }
    match against {
        Against::Rent => "not known: no machine to rent runs this".to_owned(),
        Against::Api => format!("not known: no API price of {} is known", answer.model.name),
    }
}

/// A way of paying: an amount at the start, and an amount for each million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Amount at the start, USD.
    pub start: f64,
    /// USD per million output tokens.
    pub slope: f64,
}

impl Line {
    /// Returns the cost after a number of million tokens, USD.
    #[must_use]
    pub fn at(&self, mtok: f64) -> f64 {
        self.start + self.slope * mtok
    }
}

/// Lines of cost over tokens for owning a machine, renting and an API.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curves {
    /// Million tokens up to which the lines are shown: one year's use, or 1.5 times the last crossing within four times
    /// the years of use.
    pub upto: f64,
    /// Million tokens within the years of use.
    pub lifetime: f64,
    /// Cost of owning.
    pub own: Line,
    /// Cost of renting, and the million tokens at which owning becomes cheaper, if it ever does.
    pub rent: Option<(Line, Option<f64>)>,
    /// Cost of the API, and the million tokens at which owning becomes cheaper, if it ever does.
    pub api: Option<(Line, Option<f64>)>,
}

/// Returns the lines of an answer whose machine is used for the share `utilisation` of the hours of `years`; `None` if
/// a price, a power or a speed is not known.
#[must_use]
pub fn curves(answer: &Answer<'_>, years: f64, utilisation: f64) -> Option<Curves> {
    let estimate = answer.estimate?;
    let speed = estimate.decode.speeds?.aggregate.expected;
    let energy = estimate.rent.or(estimate.api)?.energy;
    let own = Line { start: estimate.computer.price?, slope: energy };
    let beside = |numbers: Option<BreakEven<f64>>| {
        numbers.map(|n| (Line { start: 0.0, slope: n.theirs }, n.paid.map(|paid| paid.mtok)))
    };
    let (rent, api) = (beside(estimate.rent), beside(estimate.api));
    let year = speed * 31.536e6 * utilisation / 1e6;
    let crossings = [rent, api].into_iter().flatten().filter_map(|(_, at)| at);
    let upto = crossings.map(|at| at * 1.5).filter(|at| *at <= year * years * 4.0).fold(year, f64::max);
    Some(Curves { upto, lifetime: year * years, own, rent, api })
}
