//! One machine's answer in machine-readable form, by the fields that scripts rely on.

use serde_json::{Value, json};

use crate::model::answer::{Against, Answer, Answers, pays};
use crate::model::estimate::figures::{Bound, Memory};
use crate::model::facts::{Measurement, Test};
use crate::model::scenario::Scenario;
use crate::model::units::short_tokens;

/// A number; null where it is not known or does not apply.
pub(crate) fn number(value: impl Into<Option<f64>>) -> Value {
    value.into().filter(|value| value.is_finite()).map_or(Value::Null, |value| {
        // Whole numbers are written whole: bytes and counts are not 42520000000.0.
        if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
    })
}

/// A count of bytes: whole, null where not known.
pub(crate) fn bytes(value: impl Into<Option<f64>>) -> Value {
    number(value.into().map(f64::round))
}

/// The machine-readable answer of one machine.
#[must_use]
pub fn record(scenario: &Scenario, answers: &Answers<'_>, at: usize) -> Value {
    let Some(answer) = answers.machines.get(at) else { return Value::Null };
    let bandwidth = &answer.machine.bandwidth_gbs;
    json!({
        "machine": answer.machine.id,
        "model": answer.model.id,
        "format": answer.format.id,
        "runtime": answer.runtime.id,
        "kv_format": answer.kv_format.id,
        "context": scenario.context,
        "prompt": scenario.prompt,
        "generate": scenario.generate,
        "concurrency": scenario.concurrency,
        "bandwidth": {"gbs": bandwidth.value, "basis": bandwidth.basis.word()},
        "memory": memory(answer),
        "decode": decode(answer),
        "prefill": prefill(answer),
        "answer_time": answer_time(answer),
        "roofline": roofline(answer),
        "served": served(answer),
        "power": {
            "load_watts": number(answer.estimate.and_then(|e| e.load_watts)),
            "idle_watts": number(answer.estimate.and_then(|e| e.idle_watts)),
            "total_load_watts": number(answer.estimate.and_then(|e| e.computer.load_watts)),
            "host_load_watts": number(answer.host.map(|host| host.load_watts.known.value)),
            "card_only": answer.host.is_some_and(|host| !host.load_watts.stated),
            "joules_per_token": number(answer.estimate.and_then(|e| e.joules_per_token)),
            "kwh_per_mtok": number(answer.estimate.and_then(|e| e.kwh_per_mtok)),
            "bill_load_usd_per_year": number(answer.estimate.and_then(|e| e.bill).map(|bill| bill.load)),
            "bill_idle_usd_per_year": number(answer.estimate.and_then(|e| e.bill).and_then(|bill| bill.idle)),
            "bill_usd_per_year": number(answer.estimate.and_then(|e| e.bill).and_then(|bill| bill.total)),
        },
        "cost": cost(answer),
        "break_even": break_even(answer),
        "measured": answers.measured(at).map(measured).collect::<Vec<_>>(),
        "evidence": {"rows": answer.evidence.0},
        "basis": "derived",
        "warnings": answer.warnings,
    })
}

fn memory(answer: &Answer<'_>) -> Value {
    let memory = answer.estimate.map(|estimate| estimate.memory);
    let field = |pick: fn(Memory<f64>) -> f64| bytes(memory.map(pick));
    json!({
        "weights_bytes": field(|m| m.weights),
        "kv_bytes": field(|m| m.kv),
        "state_bytes": field(|m| m.state.unwrap_or(0.0)),
        "overhead_bytes": field(|m| m.overhead),
        "total_bytes": field(|m| m.total),
        "usable_bytes": field(|m| m.usable),
        "fits": memory.map(|m| m.fits),
        "max_concurrency": number(memory.and_then(|m| m.max_streams)),
        "max_context": field(|m| m.max_context),
    })
}

fn decode(answer: &Answer<'_>) -> Value {
    let decode = answer.estimate.map(|estimate| estimate.decode);
    let speeds = decode.and_then(|decode| decode.speeds);
    let (each, all) = (speeds.map(|s| s.each), speeds.map(|s| s.aggregate));
    json!({
        "weight_bytes_read": bytes(decode.map(|d| d.weights_read)),
        "kv_bytes_read": bytes(decode.map(|d| d.cache_read)),
        "bound": decode.filter(|d| d.speeds.is_some() || d.bound == Bound::Memory).map(|d| d.bound.word()),
        "ceiling_tok_s": number(speeds.map(|s| s.ceiling)),
        "low_tok_s": number(each.map(|b| b.low)),
        "expected_tok_s": number(each.map(|b| b.expected)),
        "high_tok_s": number(each.map(|b| b.high)),
        "aggregate_ceiling_tok_s": number(speeds.map(|s| s.aggregate_ceiling)),
        "aggregate_low_tok_s": number(all.map(|b| b.low)),
        "aggregate_expected_tok_s": number(all.map(|b| b.expected)),
        "aggregate_high_tok_s": number(all.map(|b| b.high)),
    })
}

fn prefill(answer: &Answer<'_>) -> Value {
    let prefill = answer.estimate.and_then(|estimate| estimate.prefill);
    let (speed, ttft) = (prefill.map(|p| p.speed), prefill.map(|p| p.ttft));
    json!({
        "low_tok_s": number(speed.map(|b| b.low)),
        "expected_tok_s": number(speed.map(|b| b.expected)),
        "high_tok_s": number(speed.map(|b| b.high)),
        "ttft_low_s": number(ttft.map(|b| b.low)),
        "ttft_expected_s": number(ttft.map(|b| b.expected)),
        "ttft_high_s": number(ttft.map(|b| b.high)),
        "bound": prefill.map(|p| p.bound.word()),
    })
}

fn answer_time(answer: &Answer<'_>) -> Value {
    let time = answer.estimate.and_then(|estimate| estimate.answer_time);
    json!({
        "low_s": number(time.map(|b| b.low)),
        "expected_s": number(time.map(|b| b.expected)),
        "high_s": number(time.map(|b| b.high)),
    })
}

fn roofline(answer: &Answer<'_>) -> Value {
    let roofline = answer.estimate.and_then(|estimate| estimate.roofline);
    json!({
        "balance_flop_per_byte": number(roofline.map(|r| r.balance)),
        "intensity_flop_per_byte": number(roofline.map(|r| r.intensity)),
        "crossover_streams": number(roofline.map(|r| r.crossover)),
    })
}

fn served(answer: &Answer<'_>) -> Value {
    let served = answer.estimate.and_then(|estimate| estimate.served);
    json!({
        "aggregate_low_tok_s": number(served.map(|b| b.low)),
        "aggregate_expected_tok_s": number(served.map(|b| b.expected)),
        "aggregate_high_tok_s": number(served.map(|b| b.high)),
    })
}

fn cost(answer: &Answer<'_>) -> Value {
    let fact = answer.price.as_ref().map(|price| &price.fact);
    let cost = answer.estimate.and_then(|estimate| estimate.cost);
    // The range moves with the price: with a stated host it is that of the computer.
    let host = answer.host.filter(|host| host.usd.stated).map_or(0.0, |host| host.usd.known.value);
    json!({
        "price_usd": number(fact.map(|f| f.value + host)),
        "price_low_usd": number(fact.and_then(|f| f.low).map(|low| low + host)),
        "price_high_usd": number(fact.and_then(|f| f.high).map(|high| high + host)),
        "price_date": fact.and_then(|f| f.date).map(|date| date.to_string()),
        "price_basis": fact.map(|f| f.basis.word()),
        "price_age_days": answer.price.as_ref().and_then(|price| price.age).map(|age| age.days),
        "price_outdated": answer.price.as_ref().and_then(|price| price.age).is_some_and(|age| age.outdated.is_some()),
        "elsewhere": answer.elsewhere,
        "card_only": answer.card_only(),
        "host_usd": number(answer.host.map(|host| host.usd.known.value)),
        "total_usd": number(answer.estimate.and_then(|e| e.computer.price)),
        "usd_per_gb": number(cost.map(|c| c.usd_per_gb)),
        "usd_per_gb_usable": number(cost.map(|c| c.usd_per_usable_gib)),
        "usd_per_gbs": number(cost.map(|c| c.usd_per_gbs)),
        "usd_per_mtok": number(cost.and_then(|c| c.usd_per_mtok)),
    })
}

/// Owning against renting and against an API.
fn break_even(answer: &Answer<'_>) -> Value {
    let (rent, api) = (answer.break_even(Against::Rent), answer.break_even(Against::Api));
    let rented = answer.rented.as_ref();
    json!({
        "energy_usd_per_mtok": number(rent.or(api).map(|b| b.energy)),
        "rented": rented.map(|rented| rented.machine.id.as_str()),
        "rented_usd_per_hour": number(rented.map(|rented| rented.usd_per_hour.value)),
        "rented_tok_s": number(rented.map(|rented| rented.tok_s)),
        "rent_usd_per_mtok": number(rent.map(|b| b.theirs)),
        "rent_mtok": number(rent.and_then(|b| b.paid).map(|paid| paid.mtok)),
        "rent_months": number(rent.and_then(|b| b.paid).map(|paid| paid.months)),
        "rent_hours": number(rent.and_then(|b| b.paid).map(|paid| paid.hours_per_day)),
        "rent_text": pays(answer, Against::Rent),
        "api_usd_per_mtok": number(api.map(|b| b.theirs)),
        "api_mtok": number(api.and_then(|b| b.paid).map(|paid| paid.mtok)),
        "api_months": number(api.and_then(|b| b.paid).map(|paid| paid.months)),
        "api_hours": number(api.and_then(|b| b.paid).map(|paid| paid.hours_per_day)),
        "api_text": pays(answer, Against::Api),
    })
}

fn measured(row: &Measurement) -> Value {
    let test = match row.test {
        Test::Decode => "decode",
        Test::Prefill => "prefill",
        Test::Aggregate => "aggregate",
    };
    let context = row.context.map_or(String::new(), |context| format!(", context {}", short_tokens(context as u64)));
    let conditions = format!("{} {} {}{context}. {}", row.runtime, row.format, row.kv_format, row.note);
    json!({
        "tok_s": row.tok_s,
        "test": test,
        "source": row.source,
        "date": row.date.to_string(),
        "conditions": conditions,
    })
}
