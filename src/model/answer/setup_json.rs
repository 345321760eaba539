//! The fields of an answer's JSON about its set-up, its offload and its drafts.

use serde_json::{Value, json};

use super::{Answer, json_number};
use crate::model::facts::Split;

/// Returns those fields with their paths.
pub(super) fn fields(answer: &Answer<'_>) -> Vec<(&'static str, Value)> {
    let setup = answer.setup.as_ref();
    let memory = answer.estimate.map(|estimate| estimate.memory);
    let plan = memory.and_then(|memory| memory.offload);
    let on_host = plan.map_or(0.0, |plan| plan.host_bytes);
    let kind = plan.map_or("none", |plan| if plan.experts { "experts" } else { "layers" });
    let drafts = answer.drafts.as_ref();
    let waiting = answer.waiting.as_ref();
    let times = waiting.and_then(|waiting| waiting.times);
    vec![
        ("setup.units", units(answer)),
        ("setup.split", json!(setup.map(|(_, split)| split.word()))),
        ("setup.layers", json!(layers(answer))),
        ("setup.link", json!(setup.map(|(setup, _)| setup.link.id.as_str()))),
        ("setup.host", json!(answer.memory_host.as_ref().map(|host| host.id.as_str()))),
        ("setup.offload.kind", json!(kind)),
        ("setup.offload.layers", json_number(plan.map_or(0.0, |plan| plan.layers))),
        ("setup.offload.device_bytes", json_number(memory.map(|memory| (memory.total - on_host).round()))),
        ("setup.offload.host_bytes", json_number(on_host.round())),
        ("setup.offload.host_usable_bytes", json_number(answer.host_memory_bytes.map(f64::round))),
        ("load.running_streams", json_number(waiting.map(|waiting| waiting.running))),
        ("load.waiting_streams", json_number(waiting.map(|waiting| waiting.waiting))),
        ("load.ttft_p50_s", json_number(times.map(|times| times.ttft_p50))),
        ("load.ttft_p95_s", json_number(times.map(|times| times.ttft_p95))),
        ("load.stream_mean_tok_s", json_number(times.map(|times| times.mean_rate))),
        ("draft.method", json!(drafts.and_then(|drafts| drafts.method).map(|method| method.id.as_str()))),
        ("draft.drafted", json_number(drafts.map_or(0.0, |drafts| drafts.drafted))),
        ("draft.accepted_per_step", json_number(drafts.map_or(1.0, |drafts| drafts.accepted_per_step))),
    ]
}

/// Returns the number of whole layers on each device; `None` if the split does not divide the layers among the devices.
fn layers(answer: &Answer<'_>) -> Option<Vec<f64>> {
    let (setup, split) = answer.setup.as_ref()?;
    matches!(split, Split::Layer | Split::Pipeline).then(|| setup.whole_layers(answer.model.layers))
}

fn units(answer: &Answer<'_>) -> Value {
    match &answer.setup {
        Some((setup, _)) => {
            let unit = |unit: &crate::model::facts::SetupUnit| json!({"machine": unit.machine, "count": unit.count});
            setup.spec.units.iter().map(unit).collect()
        }
        None => json!([{"machine": answer.machine.id, "count": 1}]),
    }
}
