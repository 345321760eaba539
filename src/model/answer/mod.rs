//! A scenario against the catalog: one answer per machine, and the verdict over them.
//!
//! For each machine: its figures, or the reason why it has none; over all of them: which box it is. Everything that faces people (explorer, commands, exports) reads [`Answers`] and computes nothing itself.

mod advice;
mod availability;
mod choose;
mod compare;
mod explain;
mod fallback;
mod figure;
mod flips;
pub mod headline;
mod host;
mod identity;
mod json;
mod lanes;
mod map;
mod marks;
mod neighborhood;
mod pays;
mod power;
mod price;
mod record;
mod rented;
mod search;
mod setup_advice;
mod setup_json;
mod shared;
mod sheet;
pub mod sheets;
mod strip;
mod tree;

use std::sync::Arc;

use choose::Choice;

use crate::model::calibrate::accuracy::FEW_ROWS;
use crate::model::catalog::Catalog;
use crate::model::estimate::case::{Economics, EstimateInputs, Evidence, HostParts, Load, Missing, Subject};
use crate::model::estimate::estimate;
use crate::model::estimate::figures::Estimate;
use crate::model::estimate::setup::{Setup, Waiting, queue};
use crate::model::estimate::trace::Sourced;
use crate::model::estimate::verdict::{Candidate, Limits, Reason, Verdict, verdict};
use crate::model::facts::Batching;
use crate::model::facts::{
    Basis, Currency, DraftMethod, Fact, Format, Host, HostSystem, KvFormat, Level, Machine, Measurement, Model,
    Runtime, Split, Support,
};
use crate::model::scenario::{FormatOn, ModelChoice, Scenario};

pub use choose::Refusal;
pub use compare::{Change, Comparison, Named, compare, written};
pub use explain::{Explanation, explain};
pub use fallback::{Alternative, cheaper_not_shown, fallback};
pub use figure::{FIGURES, Figure, Listing, Quantity};
pub use flips::{Flip, flip_sentences};
pub use headline::Headline;
pub use identity::{Identity, PALETTE, identities};
pub use json::json_number;
pub use lanes::{OwnedLane, lanes};
pub use map::{MAP_AXES, MAP_COLUMNS, MAP_ROWS, MapAxis, MapCell, WinnerMap};
pub use marks::measured_on;
pub use neighborhood::Neighborhood;
pub use pays::{Against, Curves, Line, curves, pays};
pub use power::{PowerRange, Powers, powers};
pub use price::{Age, History, Price, amount, elsewhere, history};
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
    /// Bytes read per token where the scenario gives them.
    pub read_bytes: Option<f64>,
    /// The weight format.
    pub format: &'c Format,
    /// The runtime.
    pub runtime: &'c Runtime,
    /// The cache format.
    pub kv_format: &'c KvFormat,
    /// The reason why it cannot run the format, where it cannot.
    pub refused: Option<Refusal<'c>>,
    /// The numbers; without speeds where it is refused or does not fit.
    pub estimate: Option<Estimate<f64>>,
    /// Its price in USD, where known: of the machine as sold.
    pub price: Option<Price<'c>>,
    /// The newest price in another currency, in words: shown apart, never counted.
    pub elsewhere: Option<String>,
    /// The computer around it, where the machine is a bare card.
    pub host: Option<HostParts<'c>>,
    /// The devices that it is made of, where it is a set-up, and its split.
    pub setup: Option<(Arc<Setup>, Split)>,
    /// The memory beside it that may take weights, where that is asked for.
    pub memory_host: Option<Shared<'c, HostSystem>>,
    /// Bytes of it that weights can use.
    pub host_memory_bytes: Option<f64>,
    /// Speed and TTFT as the users see them, waiting included; `None` where there is no speed, or it was not asked for.
    pub waiting: Option<Waiting>,
    /// Its drafts, where tokens are drafted.
    pub drafts: Option<Drafts<'c>>,
    /// The rented machine that owning is compared with, where one runs the model.
    pub rented: Option<Rented<'c>>,
    /// Measurements behind the efficiency, and how close they are.
    pub evidence: (u32, Level),
    /// The smallest change that fits where the model does not, in few words.
    pub remedy: Option<String>,
    /// Warnings, in sentences.
    pub warnings: Vec<String>,
}

/// The drafts of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Drafts<'c> {
    /// The way in which they are made, where one is named.
    pub method: Option<&'c DraftMethod>,
    /// Tokens drafted per step.
    pub drafted: f64,
    /// Tokens that a stream gains per step, its own among them.
    pub accepted_per_step: f64,
}

/// The answers of all machines of a scenario.
#[derive(Clone, Debug)]
pub struct Answers<'c> {
    /// Machine by machine, in the scenario's order.
    pub machines: Vec<Answer<'c>>,
    /// The load that was asked for.
    pub load: Load,
    /// The verdict over them.
    pub verdict: Verdict,
    /// Published measurements of what is shown, machine by machine.
    pub marks: Vec<Vec<&'c Measurement>>,
}

impl<'c> Answers<'c> {
    /// Measurements of what is shown on the machine in place `at`.
    pub fn measured(&self, at: usize) -> impl Iterator<Item = &'c Measurement> {
        self.marks.get(at).into_iter().flatten().copied()
    }

    /// Returns the identity of each machine, in their order.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        identities(&self.machines.iter().map(|answer| &*answer.machine).collect::<Vec<_>>())
    }

    /// Returns true if all machines show the same format, so that one label speaks for all.
    #[must_use]
    pub fn same_format(&self) -> bool {
        self.machines.windows(2).all(|pair| pair[0].format.id == pair[1].format.id)
    }
}

/// A fault that stops a scenario from being answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnswerError {
    /// An id that the catalog does not have.
    #[error(transparent)]
    Unknown(#[from] crate::model::catalog::UnknownId),
    /// The catalog lacks what every estimate needs.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// No runtime of the catalog loads a format.
    #[error("the catalog has no runtime that loads {0}")]
    NoRuntime(String),
    /// A model file that has not been read.
    #[error("the model file \"{0}\" has not been read; start the program with the scenario that names it")]
    Unread(String),
    /// A custom model that cannot be followed.
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
/// [`AnswerError`] where the scenario names what the catalog does not have.
pub fn answer_scenario<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Answers<'c>, AnswerError> {
    let mut machines = estimate_machines(catalog, scenario)?;
    let rented = rented::choose(catalog, scenario)?;
    for answer in &mut machines {
        answer.rented.clone_from(&rented);
        answer.elsewhere = elsewhere(catalog, &answer.machine.id);
        let case = answer.case(catalog, scenario)?;
        let numbers = estimate(&case);
        let waiting = queue::of(&case, &numbers);
        answer.estimate = Some(numbers);
        answer.waiting = waiting;
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

/// Answers a scenario as [`answers`] does, without what is said beside the numbers: no warnings and no remedies.
///
/// # Errors
/// [`AnswerError`] where the scenario names what the catalog does not have.
pub fn estimate_machines<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Vec<Answer<'c>>, AnswerError> {
    let subject = model(catalog, scenario)?;
    let mut machines = Vec::with_capacity(scenario.machines.len());
    for id in scenario.machines.iter() {
        machines.push(answer(catalog, scenario, id, &subject)?);
    }
    Ok(machines)
}

/// The way in which tokens are drafted, where one is named.
fn method<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Option<&'c DraftMethod> {
    scenario.speculation.method.as_ref().and_then(|id| catalog.draft(id).ok())
}

/// Tokens drafted per step: as asked, else as the method usually does; none without either.
fn drafted(catalog: &Catalog, scenario: &Scenario) -> f64 {
    let asked = &scenario.speculation;
    let usual = || method(catalog, scenario).map(|method| method.drafted.value);
    asked.draft.or_else(usual).unwrap_or(0.0)
}

fn load(catalog: &Catalog, scenario: &Scenario) -> Load {
    Load {
        concurrency: scenario.concurrency as f64,
        context: scenario.context as f64,
        prompt: scenario.prompt_tokens() as f64,
        cached: scenario.cached as f64,
        generate: scenario.generate as f64,
        drafted: drafted(catalog, scenario),
        acceptance: scenario.speculation.acceptance,
        task: scenario.speculation.task,
        micro_batch: None,
    }
}

/// The numbers of one machine for a model, which all machines share, and the bytes read where they are given.
fn answer<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
    id: &str,
    subject: &(Shared<'c, Model>, Option<f64>),
) -> Result<Answer<'c>, AnswerError> {
    let builder = builder(catalog, scenario, id, subject)?;
    let format = match scenario.format.on(id) {
        FormatOn::Best => return builder.best(),
        FormatOn::Auto => scenario.auto_format(catalog),
        FormatOn::Id(format) => format,
    };
    builder.with_format(catalog.format(format)?)
}

/// An answer of one machine whose format is still to be chosen.
fn builder<'c, 's>(
    catalog: &'c Catalog,
    scenario: &'s Scenario,
    id: &str,
    (model, read_bytes): &(Shared<'c, Model>, Option<f64>),
) -> Result<AnswerBuilder<'c, 's>, AnswerError> {
    let machine = Shared::from(scenario.machine(catalog, id)?);
    let setup = scenario.setup(catalog, id)?.map(Arc::new);
    let (model, read_bytes) = (model.clone(), *read_bytes);
    let kv_format = catalog.kv_format(&scenario.kv_format)?;
    let wanted = scenario.runtime.on(id).map(|runtime| catalog.runtime(runtime)).transpose()?;
    let price = price::of(catalog, scenario, &machine);
    let host = if is_card(&machine) { Some(host::parts(catalog, &scenario.host)?) } else { None };
    let memory_host = host::memory(catalog, scenario, &machine)?;
    Ok(AnswerBuilder {
        catalog,
        scenario,
        machine,
        model,
        read_bytes,
        kv_format,
        wanted,
        price,
        host,
        setup,
        memory_host,
    })
}

/// The model asked for, and the bytes read per token where they are given instead.
fn model<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<(Shared<'c, Model>, Option<f64>), AnswerError> {
    Ok(match RequestedModel::of(catalog, scenario)? {
        RequestedModel::Entry(model) => (Shared::Known(model), None),
        RequestedModel::Made(model, bytes) => (Shared::Made(Arc::new(model)), bytes),
    })
}

/// The model asked for, before it is known how long it is needed.
#[expect(clippy::large_enum_variant, reason = "it lives on the stack for as long as one question is answered")]
enum RequestedModel<'c> {
    /// An entry of the catalog.
    Entry(&'c Model),
    /// A custom model, or one of given bytes: those that are read per token.
    Made(Model, Option<f64>),
}

impl<'c> RequestedModel<'c> {
    fn of(catalog: &'c Catalog, scenario: &Scenario) -> Result<Self, AnswerError> {
        let make =
            |total: f64, active: f64| catalog.custom_model(total, active).ok_or(AnswerError::Custom { total, active });
        Ok(match &scenario.model {
            ModelChoice::Catalog(id) => Self::Entry(catalog.model(id)?),
            ModelChoice::File(name) => {
                let file =
                    catalog.file(name).ok_or_else(|| AnswerError::Unread(crate::model::ron_file::visible(name)))?;
                Self::Entry(&file.model)
            }
            ModelChoice::Custom { params, active } => Self::Made(make(*params, *active)?, None),
            ModelChoice::ReadGb(gb) => {
                // The rest of the shape (cache, layers) follows a dense model that reads this much in the usual format.
                let bits = catalog.format(scenario.auto_format(catalog))?.block_bits.value;
                let bytes = gb * crate::model::units::GB;
                let params = (bytes * 8.0 / bits).max(1e6);
                let model = Model { name: "given bytes".to_owned(), ..make(params, params)? };
                Self::Made(model, Some(bytes))
            }
        })
    }
}

/// An answer before its format is chosen.
#[derive(Clone)]
struct AnswerBuilder<'c, 's> {
    catalog: &'c Catalog,
    scenario: &'s Scenario,
    machine: Shared<'c, Machine>,
    model: Shared<'c, Model>,
    read_bytes: Option<f64>,
    kv_format: &'c KvFormat,
    wanted: Option<&'c Runtime>,
    price: Option<Price<'c>>,
    host: Option<HostParts<'c>>,
    setup: Option<Arc<Setup>>,
    memory_host: Option<Shared<'c, HostSystem>>,
}

impl<'c> AnswerBuilder<'c, '_> {
    /// The machine's own best: the fastest format of at least the catalog's least bits per weight. What was measured there with that
    /// runtime goes before what was not, so that no experiment is recommended for its estimate.
    fn best(self) -> Result<Answer<'c>, AnswerError> {
        let (catalog, experimental) = (self.catalog, self.scenario.limits.experimental);
        let merit = |answer: &Answer<'_>| {
            let speed = answer.estimate.and_then(|e| e.decode.speeds).map(|speeds| speeds.each.expected);
            let settled = experimental || !availability::is_unsettled(catalog, answer);
            (speed.is_some() && settled, speed.is_some() && answer.evidence.1 == Level::Exact, speed.unwrap_or(0.0))
        };
        let mut best: Option<Answer<'c>> = None;
        let least = number(self.catalog, "least_bits").unwrap_or(0.0);
        for format in self.catalog.formats.iter().filter(|format| format.block_bits.value >= least) {
            let choice = self.choice(format)?;
            // What cannot run has no speed: it is the best only where nothing runs.
            if best.is_some() && choice.refused.is_some() {
                continue;
            }
            let answer = self.clone().with(format, choice)?;
            if best.as_ref().is_none_or(|best| merit(&answer) > merit(best)) {
                best = Some(answer);
            }
        }
        match best {
            Some(best) => Ok(best),
            None => self.clone().with_format(self.catalog.format(self.scenario.auto_format(self.catalog))?),
        }
    }

    /// The runtime for a format, and why model, runtime or cache refuse it where they do.
    fn choice(&self, format: &'c Format) -> Result<Choice<'c>, AnswerError> {
        let choice = choose::runtime(self.catalog, &self.machine, format, self.wanted);
        let Choice { runtime, refused } = choice.ok_or_else(|| AnswerError::NoRuntime(format.id.clone()))?;
        let refused = choose::unavailable(&self.model, format).or(refused);
        Ok(Choice { runtime, refused: refused.or_else(|| choose::no_such_cache(runtime, self.kv_format)) })
    }

    fn with_format(self, format: &'c Format) -> Result<Answer<'c>, AnswerError> {
        let choice = self.choice(format)?;
        self.with(format, choice)
    }

    fn with(self, format: &'c Format, Choice { runtime, refused }: Choice<'c>) -> Result<Answer<'c>, AnswerError> {
        let AnswerBuilder { catalog, scenario, machine, model, read_bytes, kv_format, price, host, .. } = self;
        let setup = self.setup.map(|setup| {
            let split = setup.split_with(runtime);
            (setup, split)
        });
        // The machine is what the split makes of the devices, which the runtime decides where nothing is named.
        let machine = match &setup {
            Some((setup, split)) => Shared::Made(Arc::new(setup.machine(*split))),
            None => machine,
        };
        let refused = refused.or_else(|| choose::no_such_split(runtime, setup.as_ref()));
        let mut answer = Answer {
            machine,
            model,
            read_bytes,
            format,
            runtime,
            kv_format,
            refused,
            estimate: None,
            price,
            elsewhere: None,
            host,
            setup,
            memory_host: self.memory_host,
            host_memory_bytes: None,
            waiting: None,
            drafts: None,
            rented: None,
            evidence: (0, Level::Global),
            remedy: None,
            warnings: Vec::new(),
        };
        let case = answer.case(catalog, scenario)?;
        let (numbers, evidence) = (estimate(&case), case.evidence);
        let host_memory_bytes = case.offload.as_ref().map(|offload| offload.ram.value);
        let accepted_per_step = case.accepted_per_step();
        answer.host_memory_bytes = host_memory_bytes;
        let drafted = drafted(catalog, scenario);
        let method = method(catalog, scenario);
        answer.drafts = (drafted > 0.0).then_some(Drafts { method, drafted, accepted_per_step });
        answer.estimate = Some(numbers);
        answer.evidence = evidence;
        Ok(answer)
    }
}

impl<'c> Answer<'c> {
    /// The inputs of this answer's estimate.
    ///
    /// # Errors
    /// [`Missing`] where the catalog lacks what every estimate needs.
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
        };
        let chosen = |value: Option<f64>, knob: &'static str, otherwise: &'static str| match value {
            Some(value) => Ok(Sourced::setting(value, knob)),
            None => assumption(catalog, otherwise),
        };
        let economics = &scenario.economics;
        let economics = Economics {
            price: self.price.as_ref().map(|price| price.known(&self.machine)),
            host: self.host,
            years: chosen(economics.years, "years", "lifetime_years")?,
            utilisation: chosen(economics.utilisation, "utilisation", "utilisation")?,
            tariff: match economics.tariff_usd_kwh {
                Some(value) => Sourced::setting(value, "tariff"),
                None => tariff(catalog)?,
            },
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

    /// Returns true if the estimate rests on few measurements, or on none of this kind.
    #[must_use]
    pub fn has_few_rows(&self) -> bool {
        (self.evidence.0 as usize) < FEW_ROWS
    }

    /// Returns model, format and runtime in words.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} · {} · {}", self.model.name, self.format.id, self.runtime.id)
    }
}

/// The value of an assumption, where the catalog has it.
fn number(catalog: &Catalog, id: &str) -> Option<f64> {
    catalog.assumption(id).map(|entry| entry.fact.value)
}

fn assumption<'c>(catalog: &'c Catalog, id: &'static str) -> Result<Sourced<'c>, Missing> {
    catalog.assumption(id).map(|entry| Sourced::fact(&entry.fact, &entry.id, 1.0)).ok_or(Missing::Assumption(id))
}

/// Returns the price of a kWh where dollars are paid.
fn tariff(catalog: &Catalog) -> Result<Sourced<'_>, Missing> {
    let region = catalog.electricity.iter().find(|region| region.currency == Currency::Usd);
    let region = region.ok_or(Missing::Assumption("electricity in USD"))?;
    Ok(Sourced::fact(&region.per_kwh, &region.id, 1.0))
}

fn judge(catalog: &Catalog, scenario: &Scenario, machines: &[Answer<'_>]) -> Verdict {
    verdict(&candidates(catalog, scenario, machines), &limits(scenario), default_min_speed(catalog))
}

/// The speed per stream that counts as running well, tokens per second.
#[must_use]
pub fn default_min_speed(catalog: &Catalog) -> f64 {
    number(catalog, "well_tok_s").unwrap_or(0.0)
}

fn candidates<'a>(catalog: &Catalog, scenario: &Scenario, machines: &'a [Answer<'_>]) -> Vec<Candidate<'a>> {
    machines.iter().map(|answer| candidate(catalog, scenario, answer)).collect()
}

fn candidate<'a>(catalog: &Catalog, scenario: &Scenario, answer: &'a Answer<'_>) -> Candidate<'a> {
    Candidate {
        machine: &answer.machine,
        estimate: answer.estimate.as_ref(),
        refused: answer.refused.as_ref().map(|refusal| refusal as Reason<'a>),
        price: answer.computer_price(),
        power: answer.computer_power(),
        waiting: answer.waiting.or_else(|| {
            let (case, numbers) = (answer.case(catalog, scenario).ok()?, answer.estimate.as_ref()?);
            needs_queue(scenario, &case, numbers).then(|| queue::of(&case, numbers)).flatten()
        }),
        lacking: lacking(catalog, answer, &scenario.limits.needs),
        barred: availability::bars(catalog, scenario, answer),
    }
}

/// Returns true if the verdict depends on the queue: a limit on the wait of several users, or users that do not run at once.
fn needs_queue(scenario: &Scenario, case: &EstimateInputs<'_>, numbers: &Estimate<f64>) -> bool {
    let users = case.streams.value;
    let all_run = case.batching != Batching::Queue && numbers.memory.max_streams.is_none_or(|most| most >= users);
    users > 1.0 && (scenario.limits.max_ttft_s.is_some() || !all_run)
}

/// Returns the limits in the form that the verdict takes.
fn limits(scenario: &Scenario) -> Limits {
    let limits = &scenario.limits;
    Limits {
        budget_usd: limits.budget_usd,
        max_watts: limits.max_watts,
        min_tok_s: limits.min_tok_s,
        max_ttft_s: limits.max_ttft_s,
        portable: limits.portable,
    }
}

/// Returns the required capabilities that no source confirms, each as a sentence.
fn lacking(catalog: &Catalog, answer: &Answer<'_>, needs: &[String]) -> Vec<String> {
    let lacks = |need: &String| match catalog.capability_with(&answer.runtime.id, &answer.machine.family, need) {
        Some(c) if matches!(c.state, Support::Yes | Support::Stated) => None,
        Some(c) if c.note.is_empty() => Some(format!("{need}: {}", c.state.word())),
        Some(c) => Some(format!("{need}: {} ({})", c.state.word(), c.note)),
        None => Some(format!("{need}: no source says that it works")),
    };
    needs.iter().filter_map(lacks).collect()
}

/// Returns true if the machine's price and power are those of a bare card.
#[must_use]
pub fn is_card(machine: &Machine) -> bool {
    machine.host == Host::NeedsHost
}

/// Returns true if sources dispute a fact.
#[must_use]
pub fn is_contested(fact: &Fact) -> bool {
    fact.basis == Basis::Contested
}
