//! Flips of the answer: the nearest single changes after which another machine wins, or none.
//!
//! A slider flips at one of its stops, and a count at the exact number between two stops. The required speed flips at
//! the speeds of the machines, and a price where the next machine becomes the cheapest. Each flip is found by answering
//! the changed scenario, never by inference.

use rayon::prelude::*;

use super::{Answer, Answers, Neighborhood, StopWinner, default_min_speed, limits};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::{self, Limits};
use crate::model::scenario::Scenario;
use crate::model::scenario::knob::{self, Knob};
use crate::model::units::{Amount, Digits, Unit, round_down, round_significant, round_up};

/// A single change that flips the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The change in few words: `from 41 streams`.
    pub when: String,
    /// Index of the winner after the change among the machines; `None` if no machine passes.
    pub winner: Option<usize>,
    /// The distance of the change, as a share of a slider's length or comparable to it.
    pub distance: f64,
}

impl Flip {
    /// Returns the change and the winner after it: `from 41 streams: DGX Spark`.
    #[must_use]
    pub fn sentence(&self, answers: &Answers<'_>) -> String {
        let mut told = String::new();
        self.tell(&mut told, answers);
        told
    }

    /// Appends that sentence to `told`.
    pub fn tell(&self, told: &mut String, answers: &Answers<'_>) {
        let name = self.winner.and_then(|at| answers.machines.get(at)).map_or("none", |answer| &answer.machine.short);
        told.extend([self.when.as_str(), ": ", name]);
    }
}

/// Knobs other than sliders whose stops may flip the answer.
const FURTHER: &[&str] = &["runtime", "kv-format"];
/// Least distance of a change of software.
const SOFTWARE: f64 = 0.3;
/// Distance that is added to a change of price, which has no slider.
const PRICE: f64 = 0.15;
/// Greatest ratio of the two quantities between which the search for a border ends.
const BORDER: f64 = 1.01;
/// The factor of a speed or price whose distance is one slider's length.
const DECADES: f64 = 1000.0;

/// Returns a sentence for each of the `most` nearest single changes that flip the answer.
#[must_use]
pub fn flip_sentences(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>, most: usize) -> Vec<String> {
    let here = Neighborhood::of(catalog, scenario, answers);
    let strips: Vec<_> = knob::sliders().map(|knob| here.strip(knob)).collect();
    here.flips(&strips).iter().take(most).map(|flip| flip.sentence(answers)).collect()
}

impl Neighborhood<'_, '_> {
    /// Returns the changes that flip the answer, the nearest first. `strips` are the strips of all sliders, in their
    /// order.
    #[must_use]
    pub fn flips(&self, strips: &[Vec<StopWinner>]) -> Vec<Flip> {
        let further: Vec<&'static Knob> = FURTHER.iter().filter_map(|id| knob::knob(id).ok()).collect();
        let further: Vec<(&'static Knob, Vec<StopWinner>)> =
            further.into_par_iter().map(|knob| (knob, self.strip(knob))).collect();
        let near = knob::sliders().zip(strips).map(|(knob, strip)| (knob, strip, 0.0));
        let tracks: Vec<_> = near.chain(further.iter().map(|(knob, strip)| (*knob, strip, SOFTWARE))).collect();
        let along = |(knob, strip, least): (&'static Knob, &Vec<StopWinner>, f64)| {
            let place = knob.position(self.scenario, self.catalog);
            let mut there = self.scenario.clone();
            [true, false].map(|rising| {
                let flip = self.along((knob, strip), (place, rising), &mut there)?;
                Some(Flip { distance: flip.distance.max(least), ..flip })
            })
        };
        let found: Vec<[Option<Flip>; 2]> = tracks.into_par_iter().map(along).collect();
        let mut flips: Vec<Flip> = found.into_iter().flatten().flatten().collect();
        flips.extend(self.by_speed());
        flips.extend(self.by_budget());
        flips.extend(self.by_price());
        flips.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        flips
    }

    fn winner(&self) -> Option<usize> {
        self.answers.verdict.winner
    }

    /// Returns the first stop of a strip, rising or falling from `place`, at which another machine wins; sets `there`
    /// to it.
    fn along(
        &self,
        (knob, strip): (&'static Knob, &[StopWinner]),
        (place, rising): (f64, bool),
        there: &mut Scenario,
    ) -> Option<Flip> {
        let beyond = |stretch: &&StopWinner| if rising { stretch.at > place + 1e-9 } else { stretch.at < place - 1e-9 };
        let other = |stretch: &&StopWinner| stretch.winner != self.winner();
        let found = if rising {
            strip.iter().filter(beyond).find(other)
        } else {
            strip.iter().rev().filter(beyond).find(other)
        }?;
        knob.overwrite(there, self.catalog, &found.typed).ok()?;
        let now = knob.whole_number(self.scenario);
        let before = if rising {
            strip.iter().rev().find(|stop| stop.at < found.at - 1e-9)
        } else {
            strip.iter().find(|stop| stop.at > found.at + 1e-9)
        };
        let edge = if let Some(ends) = now.zip(knob.whole_number(there)) {
            self.edge(knob, there, ends)?
        } else if let Some(far) = knob.quantity(there, self.catalog) {
            let near = before.filter(beyond).map_or(Some(self.scenario.clone()), |stop| {
                let mut near = self.scenario.clone();
                knob.overwrite(&mut near, self.catalog, &stop.typed).ok().map(|()| near)
            });
            let near = near.and_then(|near| knob.quantity(&near, self.catalog))?;
            let stop = there.clone();
            self.border(knob, there, (near, far)).unwrap_or_else(|| {
                there.clone_from(&stop);
                found.clone()
            })
        } else {
            found.clone()
        };
        let when = knob.reached(there, self.catalog, rising);
        Some(Flip { when, winner: edge.winner, distance: (edge.at - place).abs() })
    }

    /// Returns the number nearest to `near` at which the current winner no longer wins, as at `far`; sets `there` to
    /// it.
    fn edge(&self, knob: &Knob, there: &mut Scenario, (mut near, mut far): (u64, u64)) -> Option<StopWinner> {
        let mut at = |number: u64| {
            knob.overwrite(there, self.catalog, &format!("{number}")).ok()?;
            self.winner_of(there).ok()
        };
        while near.abs_diff(far) > 1 {
            let middle = near.midpoint(far);
            if at(middle)? == self.winner() { near = middle } else { far = middle }
        }
        let (winner, typed) = (at(far)?, format!("{far}"));
        Some(StopWinner { at: knob.position(there, self.catalog), typed, winner })
    }

    /// Returns the border between the quantity `from`, at which the winner is the current one, and `far`, at which
    /// another machine wins, to 1%. Changes `there` from the scenario at `far` to the one at the border.
    ///
    /// Returns `None` if the winner changes right beside the scenario's own quantity: a custom model differs in shape
    /// from a catalog's model of the same size, so the flip is not due to the size.
    fn border(&self, knob: &Knob, there: &mut Scenario, (from, mut far): (f64, f64)) -> Option<StopWinner> {
        let apart = |one: f64, other: f64| (one / other).max(other / one) > BORDER;
        let (mut near, mut middle) = (from, there.clone());
        while apart(near, far) {
            let value = round_significant(libm::sqrt(near * far), 3);
            if value.to_bits() == near.to_bits() || value.to_bits() == far.to_bits() {
                break;
            }
            knob.overwrite(&mut middle, self.catalog, &format!("{value}")).ok()?;
            if self.winner_of(&middle).ok()? == self.winner() {
                near = value;
            } else {
                far = value;
                there.clone_from(&middle);
            }
        }
        if near.to_bits() == from.to_bits() && knob.quantity(self.scenario, self.catalog) == Some(from) {
            return None;
        }
        let (winner, typed) = (self.winner_of(there).ok()?, knob.read(there, self.catalog).typed);
        Some(StopWinner { at: knob.position(there, self.catalog), typed, winner })
    }

    /// Returns the winner under changed limits, with the same figures.
    fn limited(&self, change: impl FnOnce(&mut Limits)) -> Option<usize> {
        let mut there = limits(self.scenario);
        change(&mut there);
        verdict::winner(&self.candidates, &there, default_min_speed(self.catalog))
    }

    /// Returns the next higher and the next lower required speed at which another machine wins.
    fn by_speed(&self) -> Vec<Flip> {
        let now = self.answers.verdict.min_tok_s.unwrap_or(0.0);
        let mut speeds: Vec<f64> = self.answers.machines.iter().filter_map(Answer::speed_of_a_user).collect();
        speeds.sort_by(f64::total_cmp);
        let asking = |least: f64| self.limited(|there| there.min_tok_s = Some(least));
        let distance = |least: f64| libm::log(least.max(0.1) / now.max(0.1)).abs() / libm::log(DECADES);
        let mut flips = Vec::new();
        // The number is rounded away from the current one to two digits, so the answer has flipped at the number that
        // is shown.
        let above = speeds.iter().map(|speed| round_up(*speed * (1.0 + 1e-9), 2)).filter(|least| *least > now);
        if let Some((least, winner)) = above.map(|least| (least, asking(least))).find(|(_, w)| *w != self.winner()) {
            let amount = Amount::new(least, Unit::TokensPerSecond, Digits::Significant(2));
            flips.push(Flip { when: format!("from {amount} per stream"), winner, distance: distance(least) });
        }
        let below = speeds.iter().rev().map(|speed| round_down(*speed, 2)).filter(|least| *least < now);
        if let Some((least, winner)) = below.map(|least| (least, asking(least))).find(|(_, w)| *w != self.winner()) {
            let shown = Amount::new(least, Unit::TokensPerSecond, Digits::Significant(2));
            flips.push(Flip { when: format!("up to {shown} per stream"), winner, distance: distance(least) });
        }
        flips
    }

    /// Returns the lowest budget with which a machine passes, if none passes now.
    fn by_budget(&self) -> Option<Flip> {
        let now = self.scenario.limits.budget_usd.filter(|_| self.winner().is_none())?;
        let price = |answer: &Answer<'_>| answer.computer_price().map(|price| price.usd);
        let mut prices: Vec<f64> = self.answers.machines.iter().filter_map(price).filter(|usd| *usd > now).collect();
        prices.sort_by(f64::total_cmp);
        let buying = |usd: f64| self.limited(|there| there.budget_usd = Some(usd));
        let (usd, winner) = prices.into_iter().find_map(|usd| Some((usd, Some(buying(usd)?))))?;
        let distance = libm::log(usd / now.max(1.0)) / libm::log(DECADES);
        Some(Flip { when: format!("from a budget of {}", Amount::exact(usd, Unit::Usd)), winner, distance })
    }

    /// Returns the price of the next cheapest machine that passes, above which the winner no longer wins.
    fn by_price(&self) -> Option<Flip> {
        let at = self.winner()?;
        let answer = self.answers.machines.get(at)?;
        let (own, now) = (answer.price.as_ref()?.fact.value, answer.computer_price()?.usd);
        let others = self.answers.machines.iter().enumerate().filter(|(other, _)| *other != at);
        let passing = others.filter(|(other, _)| self.answers.verdict.failed.get(*other).is_some_and(Vec::is_empty));
        let next = passing.filter_map(|(_, other)| other.computer_price().map(|price| price.usd));
        let usd = next.min_by(f64::total_cmp)?;
        let mut there = self.scenario.clone();
        there.price.own.insert(answer.machine.id.clone(), own + usd - now + 1.0);
        let winner = self.winner_of(&there).ok()?;
        let amount = Amount::exact(usd, Unit::Usd);
        let distance = PRICE + libm::log(usd / now.max(1.0)).abs() / libm::log(DECADES);
        (winner != Some(at)).then(|| Flip {
            when: format!("{} above {amount}", answer.machine.short),
            winner,
            distance,
        })
    }
}
