//! Owning against paying per token, in words and as lines of cost over tokens.

use super::Answer;
use crate::model::estimate::figures::BreakEven;
use crate::model::units::{Amount, Digits, Unit};

/// Whom owning is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// A machine rented by the hour.
    Rent,
    /// An API that takes money per token.
    Api,
}

impl Answer<'_> {
    /// The comparison's numbers, where there are any.
    #[must_use]
    pub fn break_even(&self, against: Against) -> Option<BreakEven<f64>> {
        let estimate = self.estimate?;
        match against {
            Against::Rent => estimate.rent,
            Against::Api => estimate.api,
        }
    }
}

/// Returns in a sentence after how many tokens owning pays, or why it never does.
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

/// One way of paying: what is paid at once, and what each million tokens adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// USD at once.
    pub start: f64,
    /// USD per million output tokens.
    pub slope: f64,
}

impl Line {
    /// USD after a number of million tokens.
    #[must_use]
    pub fn at(&self, mtok: f64) -> f64 {
        self.start + self.slope * mtok
    }
}

/// Cost over tokens of one machine, beside those it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curves {
    /// Million tokens that are worth showing: to the last crossing and a half more, at least those of a year's use.
    pub upto: f64,
    /// Million tokens within the years of use.
    pub lifetime: f64,
    /// Owning.
    pub own: Line,
    /// Renting, with the crossing in million tokens where there is one.
    pub rent: Option<(Line, Option<f64>)>,
    /// The API, likewise.
    pub api: Option<(Line, Option<f64>)>,
}

/// The curves of an answer used for `utilisation` of the hours of `years`; `None` where a price, power or speed is not
/// known.
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
