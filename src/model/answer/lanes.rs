//! The lanes of a scenario: the machine that owns each, with the numbers that decide.
//!
//! The rules are in `estimate::lanes`. This module computes what they need for each machine: the model as asked, the
//! model served to many streams by the best software that batches continuously, and a model of the next smaller class.

use super::{Answer, AnswerBuilder, AnswerError, Answers, availability, builder, choose, estimate_machines, number};
use crate::model::catalog::Catalog;
use crate::model::estimate::lanes::{LANES, Lane, Owner, Runner, Serving};
use crate::model::facts::{Batching, Host, Model, Runtime, Support};
use crate::model::scenario::{FormatChoice, ModelChoice, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit};

/// A lane and the machine that owns it.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnedLane {
    /// The lane's name.
    pub id: &'static str,
    /// Index of its owner among the scenario's machines; `None` if no machine qualifies.
    pub machine: Option<usize>,
    /// The reasons in sentences with numbers.
    pub why: Vec<String>,
}

/// Returns all lanes of an answered scenario.
///
/// # Errors
/// [`AnswerError`] if the catalog lacks a part that every estimate needs.
pub fn lanes(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Result<Vec<OwnedLane>, AnswerError> {
    let streams = catalog.assumption("server_streams").map_or(1.0, |entry| entry.fact.value);
    let asked = answers.machines.first().map(|answer| &*answer.model);
    let smaller = smaller(catalog, asked);
    let on_smaller = match smaller {
        Some(model) => estimate_machines(catalog, &with_model(scenario, model))?.iter().map(throughput).collect(),
        None => vec![None; answers.machines.len()],
    };
    let mut runners = Vec::new();
    for (answer, smaller) in answers.machines.iter().zip(on_smaller) {
        let bought =
            answer.machine.host != Host::Rented && availability::exclusions(catalog, scenario, answer).is_empty();
        runners.push(Runner {
            machine: &answer.machine,
            price: answer.computer_price(),
            asked: throughput(answer).filter(|_| bought),
            serving: if bought { serving(catalog, scenario, answer, streams)? } else { None },
            smaller: smaller.filter(|_| bought),
        });
    }
    let words = Words { streams, smaller, asked };
    Ok(LANES.iter().map(|lane| words.owned(lane, lane.owner(&runners), &runners)).collect())
}

fn throughput(answer: &Answer<'_>) -> Option<f64> {
    Some(answer.estimate?.decode.speeds?.aggregate.expected)
}

/// Returns the largest dense model of the next smaller class; the asked model itself if it is of that class.
fn smaller<'c>(catalog: &'c Catalog, asked: Option<&'c Model>) -> Option<&'c Model> {
    let most = number(catalog, "smaller_class_params")?;
    if let Some(model) = asked.filter(|model| model.total_params <= most) {
        return catalog.model(&model.id).ok();
    }
    let dense = catalog.models.iter().filter(|model| !model.kind.is_moe() && model.total_params <= most);
    let billions = |model: &Model| (model.total_params / 1e9).round();
    dense.max_by(|a, b| billions(a).total_cmp(&billions(b)))
}

/// Returns the scenario with another model, in its usual format on its usual runtime.
pub(super) fn with_model(scenario: &Scenario, model: &Model) -> Scenario {
    Scenario {
        model: ModelChoice::Catalog(model.id.clone()),
        format: FormatChoice::Auto,
        runtime: RuntimeChoice::Auto,
        ..scenario.clone()
    }
}

/// Returns the fastest way to serve many streams on the answer's machine with software that batches continuously.
fn serving(
    catalog: &Catalog,
    scenario: &Scenario,
    answer: &Answer<'_>,
    streams: f64,
) -> Result<Option<Serving>, AnswerError> {
    let family = &answer.machine.family;
    let is_yes = |state: Option<Support>| matches!(state, Some(Support::Yes | Support::Stated));
    let runs = |runtime: &Runtime| is_yes(choose::support(catalog, &answer.machine, runtime));
    let batches = |runtime: &Runtime| {
        let known = catalog.capability_with(&runtime.id, family, "continuous-batching");
        runtime.batching == Batching::Continuous && known.is_none_or(|known| is_yes(Some(known.state)))
    };
    let many = Scenario { concurrency: streams as u64, ..scenario.clone() };
    let subject = (answer.model.clone(), answer.read_bytes);
    let mut best: Option<Serving> = None;
    for runtime in catalog.runtimes.iter().filter(|runtime| runs(runtime) && batches(runtime)) {
        let builder = AnswerBuilder { wanted: Some(runtime), ..builder(catalog, &many, &answer.machine.id, &subject)? };
        let served = builder.best()?;
        let Some(tok_s) = throughput(&served).filter(|tok_s| best.as_ref().is_none_or(|best| *tok_s > best.tok_s))
        else {
            continue;
        };
        let how = format!("{} on {}", served.format.id, served.runtime.name);
        best = Some(Serving { tok_s, streams, how });
    }
    Ok(best)
}

/// The values of the placeholders in the rules.
struct Words<'m> {
    streams: f64,
    smaller: Option<&'m Model>,
    asked: Option<&'m Model>,
}

impl Words<'_> {
    fn owned(&self, lane: &'static Lane, owner: Option<Owner>, runners: &[Runner<'_>]) -> OwnedLane {
        let short = |at: usize| runners.get(at).map_or("", |runner| runner.machine.short.as_str());
        let Some(owner) = owner else {
            return OwnedLane { id: lane.id, machine: None, why: vec![self.fill(lane.none)] };
        };
        let mut why = vec![format!("{}: {}", short(owner.at), owner.words)];
        why.push(self.fill(if owner.next.is_some() { lane.rule } else { lane.sole }));
        why.extend(owner.next.map(|(at, words)| format!("next, {}: {words}", short(at))));
        if lane.id == "value" {
            why.extend(self.premium());
        }
        OwnedLane { id: lane.id, machine: Some(owner.at), why }
    }

    fn fill(&self, text: &str) -> String {
        let smaller = self.smaller.map_or("a smaller model", |model| model.name.as_str());
        let streams = Amount::exact(self.streams, Unit::Count).to_string();
        text.replace("{streams}", &streams).replace("{smaller}", smaller)
    }

    /// Returns the remark that a smaller model needs a less expensive machine, if the asked model is larger.
    fn premium(&self) -> Option<String> {
        let (asked, smaller) = (self.asked?, self.smaller?);
        let size = |model: &Model| Amount::new(model.total_params, Unit::Parameters, Digits::Significant(2));
        (asked.total_params > smaller.total_params)
            .then(|| format!("skip the {} premium where a dense {} is enough", size(asked), size(smaller)))
    }
}
