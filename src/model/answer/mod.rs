//! The answer to a scenario: one answer per machine, and the verdict over them.
//!
//! A machine's answer has its figures, or the reason why it has none; the verdict names the machine to buy. The
//! explorer, the commands and the exports show [`Answers`] and compute nothing themselves.

mod advice;
mod availability;
mod builder;
mod choose;
mod compare;
mod economics;
mod explain;
mod fallback;
mod figure;
mod flips;
pub mod headline;
mod host;
mod identity;
mod json;
mod judgement;
mod lanes;
mod map;
mod marks;
mod neighborhood;
mod other_split;
mod pays;
mod power;
mod price;
mod record;
mod rented;
mod request;
mod search;
mod setup_advice;
mod setup_json;
mod shared;
mod sheet;
pub mod sheets;
mod strip;
mod tree;

use std::sync::Arc;

use builder::{AnswerBuilder, answer, answer_if_it_runs, builder};
use economics::Use;
use judgement::{candidate, candidates, decisive_waiting, judge, limits};
use request::{RequestedModel, assumption, load, method, model, number};

use crate::model::calibrate::accuracy::FEW_ROWS;
use crate::model::catalog::Catalog;
use crate::model::estimate::case::{Economics, EstimateInputs, Evidence, HostParts, Load, Missing, Subject};
use crate::model::estimate::estimate;
use crate::model::estimate::figures::Estimate;
use crate::model::estimate::setup::{Setup, Waiting, queue};
use crate::model::estimate::trace::Sourced;
use crate::model::estimate::verdict::Verdict;
use crate::model::facts::{
    Basis, DraftMethod, Fact, Format, Host, HostSystem, KvFormat, Level, Machine, Measurement, Model, Runtime, Split,
};
use crate::model::scenario::Scenario;

pub use choose::Refusal;
pub use compare::{Change, Comparison, Named, compare, written};
pub use economics::economics_words;
pub use explain::{Explanation, explain};
pub use fallback::{Alternative, cheaper_not_shown, fallback};
pub use figure::{FIGURES, Figure, Listing, Quantity};
pub use flips::{Flip, flip_sentences};
pub use headline::Headline;
pub use identity::{Identity, PALETTE, identities};
pub use json::json_number;
pub use judgement::default_min_speed;
pub use lanes::{OwnedLane, lanes};
pub use map::{MAP_AXES, MAP_COLUMNS, MAP_ROWS, MapAxis, MapCell, WinnerMap};
pub use marks::measured_on;
pub use neighborhood::Neighborhood;
pub use other_split::OtherSplit;
pub use pays::{Against, Curves, Line, curves, pays};
pub use power::{PowerRange, Powers, powers};
pub use price::{Age, History, Price, age_today, amount, elsewhere, history};
pub use record::{ChangesSinceSave, changes_since_save, record};
pub use rented::Rented;
pub use search::{Axes, Found, LeftOut, Nearest, Search, search};
pub use shared::Shared;
pub use sheet::{Cell, Emphasis, Point, RowAction, Sheet, SheetColumn, SheetOf, SheetRow};
pub use strip::StopWinner;
pub use tree::{Branch, From, origin_words, tree};

/// The answer of one machine.
#[derive(Clone, Debug)]
pub struct Answer<'c> {
    /// The machine, with the scenario's what-ifs applied.
    pub machine: Shared<'c, Machine>,
    /// The model.
    pub model: Shared<'c, Model>,
    /// Bytes read per token, if the scenario gives them.
    pub read_bytes: Option<f64>,
    /// The weight format.
    pub format: &'c Format,
    /// The runtime.
    pub runtime: &'c Runtime,
    /// The cache format.
    pub kv_format: &'c KvFormat,
    /// The reason why it cannot run the format; `None` if it can.
    pub refused: Option<Refusal<'c>>,
    /// The figures; without speeds if it is refused or does not fit.
    pub estimate: Option<Estimate<f64>>,
    /// Price of the machine as sold, USD; `None` if not known.
    pub price: Option<Price<'c>>,
    /// Latest price in another currency, in words; it is shown apart and never counted.
    pub elsewhere: Option<String>,
    /// The host of the machine, if it is a bare card.
    pub host: Option<HostParts<'c>>,
    /// The devices that it is made of and their split, if it is a set-up.
    pub setup: Option<(Arc<Setup>, Split)>,
    /// A split that its devices could have instead, if it is a set-up and such a split can be estimated.
    pub other_split: Option<OtherSplit>,
    /// The host whose memory may take weights, if the scenario turns offload on.
    pub memory_host: Option<Shared<'c, HostSystem>>,
    /// Bytes of the host's memory that weights can use.
    pub host_memory_bytes: Option<f64>,
    /// Waits and speeds of the users; `None` if there is no speed, or if only an estimate was asked for.
    pub waiting: Option<Waiting>,
    /// The drafts; `None` if no tokens are drafted.
    pub drafts: Option<Drafts<'c>>,
    /// The rented machine that owning is compared with; `None` if none runs the model.
    pub rented: Option<Rented<'c>>,
    /// Number of measurements behind the bandwidth efficiency, and their closeness to this machine and runtime.
    pub evidence: (u32, Level),
    /// The first change that would make the model fit, in few words; `None` if it fits or no change would do.
    pub remedy: Option<String>,
    /// Warnings, in sentences.
    pub warnings: Vec<String>,
}

/// The speculative decoding of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Drafts<'c> {
    /// The draft method, if one is named.
    pub method: Option<&'c DraftMethod>,
    /// Tokens drafted per step.
    pub drafted: f64,
    /// Tokens that a stream gains per step, including the model's own token.
    pub accepted_per_step: f64,
}

/// The answers of all machines of a scenario.
#[derive(Clone, Debug)]
pub struct Answers<'c> {
    /// The answers in the order of the scenario's machines.
    pub machines: Vec<Answer<'c>>,
    /// The load that was asked for.
    pub load: Load,
    /// The verdict over them.
    pub verdict: Verdict,
    /// Published measurements on each machine, once [`Answers::mark`] has found them.
    pub marks: Vec<Vec<&'c Measurement>>,
}

impl<'c> Answers<'c> {
    /// Returns the published measurements on the machine at index `at`.
    pub fn measured(&self, at: usize) -> impl Iterator<Item = &'c Measurement> {
        self.marks.get(at).into_iter().flatten().copied()
    }

    /// Returns the identities of the machines, in their order.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        identities(&self.machines.iter().map(|answer| &*answer.machine).collect::<Vec<_>>())
    }

    /// Returns true if all machines use the same format, so that one label holds for all.
    #[must_use]
    pub fn same_format(&self) -> bool {
        self.machines.windows(2).all(|pair| pair[0].format.id == pair[1].format.id)
    }
}

/// A fault because of which a scenario cannot be answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnswerError {
    /// An id that the catalog does not have.
    #[error(transparent)]
    Unknown(#[from] crate::model::catalog::UnknownId),
    /// A part that every estimate needs and that the catalog lacks.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// No runtime of the catalog loads a format.
    #[error("the catalog has no runtime that loads {0}")]
    NoRuntime(String),
    /// A model file that has not been read yet.
    #[error("the model file \"{0}\" has not been read; start the program with the scenario that names it")]
    Unread(String),
    /// A custom model with impossible sizes, or without catalog models to interpolate.
    #[error(
        "no model of {total} parameters with {active} active can be made: active must be above 0 and at most the total"
    )]
    Custom {
        /// Parameters.
        total: f64,
        /// Parameters that work on a token.
        active: f64,
    },
}

/// Answers a scenario.
///
/// # Errors
/// [`AnswerError`] if the scenario names something that the catalog lacks.
pub fn answer_scenario<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Answers<'c>, AnswerError> {
    let mut machines = estimate_machines(catalog, scenario)?;
    let rented = rented::choose(catalog, scenario)?;
    for answer in &mut machines {
        answer.rented.clone_from(&rented);
        answer.elsewhere = elsewhere(catalog, &answer.machine.id);
        let case = answer.whole_case(catalog, scenario)?;
        let numbers = estimate(&case);
        let waiting = queue::of(&case, &numbers);
        answer.estimate = Some(numbers);
        answer.waiting = waiting;
        answer.other_split = other_split::of(catalog, scenario, answer)?;
        answer.remedy = advice::remedy(catalog, scenario, answer);
        answer.warnings = advice::warnings(catalog, scenario, answer);
    }
    if machines.windows(2).any(|pair| pair[0].format.id != pair[1].format.id) {
        for answer in &mut machines {
            answer.warnings.push(advice::quality(answer));
        }
    }
    let verdict = judge(catalog, scenario, &machines);
    let marks = machines.iter().map(|_| Vec::new()).collect();
    Ok(Answers { machines, load: load(catalog, scenario), verdict, marks })
}

/// Answers a scenario as [`answer_scenario`] does, but with the figures alone: no waits, no warnings, no comparison
/// with renting.
///
/// # Errors
/// [`AnswerError`] if the scenario names something that the catalog lacks.
pub fn estimate_machines<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Vec<Answer<'c>>, AnswerError> {
    let subject = model(catalog, scenario)?;
    let mut machines = Vec::with_capacity(scenario.machines.len());
    for id in scenario.machines.iter() {
        machines.push(answer(catalog, scenario, id, &subject)?);
    }
    Ok(machines)
}

impl<'c> Answer<'c> {
    /// Returns the inputs of this answer's estimate.
    ///
    /// # Errors
    /// [`Missing`] if the catalog lacks a part that every estimate needs.
    pub fn case<'a>(&'a self, catalog: &'a Catalog, scenario: &Scenario) -> Result<EstimateInputs<'a>, Missing>
    where
        'c: 'a,
    {
        let subject = Subject {
            machine: &self.machine,
            model: &self.model,
            read_bytes: self.read_bytes,
            format: self.format,
            runtime: self.runtime,
            kv_format: self.kv_format,
            setup: self.setup.as_ref().map(|(setup, split)| (&**setup, *split)),
            offload: host::offload(catalog, scenario, self)?,
            draft: method(catalog, scenario),
            engine: None,
            processor: catalog.hosts.iter().find(|host| host.id == self.machine.id),
            kernel: None,
        };
        let Use { years, utilisation, tariff } = Use::of(catalog, scenario)?;
        let economics = Economics {
            price: self.price.as_ref().map(|price| price.known(&self.machine)),
            host: self.host,
            years,
            utilisation,
            tariff,
            rent: self.rented.as_ref().map(Rented::known),
            api: catalog.api_price(&self.model.id).map(|api| Sourced::fact(&api.output_usd_per_mtok, &api.id, 1.0)),
        };
        let evidence = Evidence {
            efficiency: &catalog.efficiency,
            assumptions: &catalog.assumptions,
            setups: &catalog.setup_constants,
        };
        EstimateInputs::new(&subject, &load(catalog, scenario), economics, &evidence, self.refused.is_none())
    }

    /// Returns the inputs of this answer's estimate with the least speed of a user who is counted: the required speed,
    /// or the catalog's `well_tok_s` if none is required.
    ///
    /// # Errors
    /// [`Missing`] if the catalog lacks a part that every estimate needs.
    pub fn whole_case<'a>(&'a self, catalog: &'a Catalog, scenario: &Scenario) -> Result<EstimateInputs<'a>, Missing>
    where
        'c: 'a,
    {
        let least_speed = match scenario.limits.min_tok_s {
            Some(asked) => Sourced::setting(asked, "min-tok-s"),
            None => assumption(catalog, "well_tok_s")?,
        };
        Ok(EstimateInputs { least_speed: Some(least_speed), ..self.case(catalog, scenario)? })
    }

    /// Returns true if the estimate comes from few measurements, or from none on this machine and runtime.
    #[must_use]
    pub fn has_few_rows(&self) -> bool {
        (self.evidence.0 as usize) < FEW_ROWS
    }

    /// Returns true if some users wait until others have their answer.
    #[must_use]
    pub fn has_a_queue(&self) -> bool {
        self.waiting.is_some_and(|waiting| waiting.waiting > 0.0)
    }

    /// Returns the speed that a limit on the speed is compared with, tokens per second: the mean rate of a user with the
    /// wait if some users wait, otherwise the expected speed of a stream. `None` if it is not known.
    #[must_use]
    pub fn speed_of_a_user(&self) -> Option<f64> {
        match self.waiting.filter(|_| self.has_a_queue()) {
            Some(waiting) => waiting.times.map(|times| times.mean_rate),
            None => self.estimate?.decode.speeds.map(|speeds| speeds.each.expected),
        }
    }

    /// Returns the model, format and runtime in words.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} · {} · {}", self.model.name, self.format.id, self.runtime.id)
    }
}

/// Returns true if the machine is a bare card, whose price and power do not include a host.
#[must_use]
pub fn is_card(machine: &Machine) -> bool {
    machine.host == Host::NeedsHost
}

/// Returns true if sources dispute a fact.
#[must_use]
pub fn is_contested(fact: &Fact) -> bool {
    fact.basis == Basis::Contested
}
