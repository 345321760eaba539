//! The answer of one machine: its runtime and format are chosen, then it is estimated.

use std::sync::Arc;

use super::choose::{self, Choice};
use super::request::{drafted, method, number};
use super::{Answer, AnswerError, Drafts, Price, Shared, availability, host, is_card, price};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::HostParts;
use crate::model::estimate::estimate;
use crate::model::estimate::setup::Setup;
use crate::model::facts::{Format, HostSystem, KvFormat, Level, Machine, Model, Runtime};
use crate::model::scenario::{FormatOn, Scenario};

/// Answers for the machine `id`. The subject is shared by all machines: the model, and the bytes read per token if the
/// user gave them.
pub(super) fn answer<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
    id: &str,
    subject: &(Shared<'c, Model>, Option<f64>),
) -> Result<Answer<'c>, AnswerError> {
    let builder = builder(catalog, scenario, id, subject)?;
    match builder.format(id)? {
        Some(format) => builder.with_format(format),
        None => builder.best(),
    }
}

/// Returns the answer for the machine `id` as [`answer`] does; `None`, without an estimate, if the machine cannot run
/// the scenario.
pub(super) fn answer_if_it_runs<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
    id: &str,
    subject: &(Shared<'c, Model>, Option<f64>),
) -> Result<Option<Answer<'c>>, AnswerError> {
    let builder = builder(catalog, scenario, id, subject)?;
    let Some(format) = builder.format(id)? else { return builder.best().map(Some) };
    let choice = builder.choice(format)?;
    if choice.refused.is_some() {
        return Ok(None);
    }
    builder.with(format, choice).map(Some)
}

/// Returns the builder of the answer for the machine `id`, before a format is chosen.
pub(super) fn builder<'c, 's>(
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

/// All parts of an answer that do not depend on the format.
#[derive(Clone)]
pub(super) struct AnswerBuilder<'c, 's> {
    pub catalog: &'c Catalog,
    pub scenario: &'s Scenario,
    pub machine: Shared<'c, Machine>,
    pub model: Shared<'c, Model>,
    pub read_bytes: Option<f64>,
    pub kv_format: &'c KvFormat,
    pub wanted: Option<&'c Runtime>,
    pub price: Option<Price<'c>>,
    pub host: Option<HostParts<'c>>,
    pub setup: Option<Arc<Setup>>,
    pub memory_host: Option<Shared<'c, HostSystem>>,
}

impl<'c> AnswerBuilder<'c, '_> {
    /// Returns the format that the scenario sets for the machine `id`; `None` if it asks for the best format.
    fn format(&self, id: &str) -> Result<Option<&'c Format>, AnswerError> {
        Ok(match self.scenario.format.on(id) {
            FormatOn::Best => None,
            FormatOn::Auto => Some(self.catalog.format(self.scenario.auto_format(self.catalog))?),
            FormatOn::Id(format) => Some(self.catalog.format(format)?),
        })
    }

    /// Returns the number of devices in the machine; 1 unless it is a set-up.
    pub fn devices(&self) -> u32 {
        self.setup.as_ref().map_or(1, |setup| setup.spec.devices())
    }

    /// Returns the answer in the machine's best format: the fastest that has at least the catalog's least bits per
    /// weight. Formats whose efficiency was measured on this machine with their runtime go first, so no format is
    /// recommended on an estimate alone.
    pub fn best(self) -> Result<Answer<'c>, AnswerError> {
        let (catalog, experimental) = (self.catalog, self.scenario.limits.experimental);
        let streams = self.scenario.concurrency as f64;
        let merit = |answer: &Answer<'_>| {
            let speeds = answer.estimate.and_then(|estimate| estimate.decode.speeds);
            let runs = speeds.is_some();
            let settled = experimental || !availability::is_unsettled(catalog, answer);
            let at_once = answer.estimate.and_then(|estimate| estimate.memory.max_streams);
            let holds_all = at_once.is_none_or(|most| most >= streams);
            // The aggregate speed, because the speed per stream would favour a format in which fewer streams run at
            // once.
            let speed = speeds.map_or(0.0, |speeds| speeds.aggregate.expected);
            (runs && settled, runs && holds_all, runs && answer.evidence.1 == Level::Exact, speed)
        };
        let mut best: Option<Answer<'c>> = None;
        let least = number(self.catalog, "least_bits").unwrap_or(0.0);
        for format in self.catalog.formats.iter().filter(|format| format.block_bits.value >= least) {
            let choice = self.choice(format)?;
            // A format that cannot run has no speed, so it is the best only if no format runs.
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

    /// Returns the runtime for a format, with the reason why the model, the runtime or the cache format rules it out.
    pub fn choice(&self, format: &'c Format) -> Result<Choice<'c>, AnswerError> {
        let choice = choose::runtime(self.catalog, &self.machine, format, self.wanted);
        let Choice { runtime, refused } = choice.ok_or_else(|| AnswerError::NoRuntime(format.id.clone()))?;
        let refused = choose::unavailable(&self.model, format).or(refused);
        Ok(Choice { runtime, refused: refused.or_else(|| choose::no_such_cache(runtime, self.kv_format)) })
    }

    /// Answers with `format` and the runtime that is chosen for it.
    pub fn with_format(self, format: &'c Format) -> Result<Answer<'c>, AnswerError> {
        let choice = self.choice(format)?;
        self.with(format, choice)
    }

    /// Answers with `format` and a runtime that is already chosen.
    pub fn with(self, format: &'c Format, Choice { runtime, refused }: Choice<'c>) -> Result<Answer<'c>, AnswerError> {
        let AnswerBuilder { catalog, scenario, machine, model, read_bytes, kv_format, price, host, .. } = self;
        let setup = self.setup.map(|setup| {
            let split = setup.split_with(runtime);
            (setup, split)
        });
        // The split is the runtime's unless one is named, and the split decides what machine the devices form.
        let machine = match &setup {
            Some((setup, split)) => Shared::Made(Arc::new(setup.machine(*split))),
            None => machine,
        };
        let refused = refused.or_else(|| choose::no_such_split(runtime, setup.as_ref()));
        let refused = refused.or_else(|| choose::no_head(&model, method(catalog, scenario)));
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
            other_split: None,
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
