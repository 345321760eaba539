//! `whichbox estimate`: every figure of a scenario on each of its machines.

use clap::Args;
use serde_json::{Value, json};

use super::ask::Ask;
use super::output::{Output, Stdout, Table, bytes, number, write};
use super::{DONE, Failure, NO};
use crate::answer::{Against, Answer, Answers, answers, pays};
use crate::catalog::Catalog;
use crate::estimate::figures::{Band, Bound};
use crate::scenario::Scenario;
use crate::spec::{Measurement, Test};
use crate::units::{Amount, Digits, Unit, short_tokens};

/// Arguments of `estimate`.
#[derive(Args, Clone, Debug)]
pub struct EstimateArgs {
    #[command(flatten)]
    ask: Ask,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command; the answer is no where no machine can run what is asked.
pub(super) fn run(catalog: &Catalog, args: &EstimateArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let scenario = args.ask.scenario(catalog)?;
    let mut answers = answers(catalog, &scenario).map_err(Failure::input)?;
    answers.mark(catalog);
    let json: Vec<Value> = (0..answers.machines.len()).map(|at| record(&scenario, &answers, at)).collect();
    write(out, args.output, &Value::Array(json), &table(&scenario, &answers))?;
    let any = answers.machines.iter().any(|a| a.estimate.is_some_and(|e| e.decode.speeds.is_some()));
    Ok(if any { DONE } else { NO })
}

/// The machine-readable answer of one machine.
pub(super) fn record(scenario: &Scenario, answers: &Answers<'_>, at: usize) -> Value {
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
    let field = |pick: fn(crate::estimate::figures::Memory<f64>) -> f64| bytes(memory.map(pick));
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

/// Figures down, machines across.
fn table(scenario: &Scenario, answers: &Answers<'_>) -> Table {
    let mut table = Table::of(["figure"]);
    table.header.extend(answers.machines.iter().map(|answer| answer.machine.short.clone()));
    let mut row = |label: &str, cell: &dyn Fn(&Answer<'_>) -> String| {
        table.push(std::iter::once(label.to_owned()).chain(answers.machines.iter().map(cell)));
    };
    row("model", &|a| a.model.name.clone());
    row("format", &|a| a.format.id.clone());
    row("runtime", &|a| a.runtime.id.clone());
    row("bandwidth", &|a| {
        let fact = &a.machine.bandwidth_gbs;
        format!("{} {}", Amount::exact(fact.value * crate::units::GB, Unit::BytesPerSecond), fact.basis.word())
    });
    row("memory needed", &|a| memory_cell(a));
    row("decode ceiling", &|a| speed(a, |s| computed(s.ceiling)));
    row("decode expected", &|a| speed(a, |s| band(s.each, Unit::TokensPerSecond)));
    if scenario.concurrency > 1 {
        row("all streams ceiling", &|a| speed(a, |s| computed(s.aggregate_ceiling)));
        row("all streams expected", &|a| speed(a, |s| band(s.aggregate, Unit::TokensPerSecond)));
    }
    row("waits for", &|a| if a.refused.is_some() { "cannot run".to_owned() } else { bound(a).word().to_owned() });
    row("prefill", &|a| known(a.estimate.and_then(|e| e.prefill).map(|p| band(p.speed, Unit::TokensPerSecond))));
    row("time to first token", &|a| known(a.estimate.and_then(|e| e.prefill).map(|p| band(p.ttft, Unit::Seconds))));
    row("time to the answer", &|a| known(a.estimate.and_then(|e| e.answer_time).map(|t| band(t, Unit::Seconds))));
    row("served", &|a| known(a.estimate.and_then(|e| e.served).map(|b| band(b, Unit::TokensPerSecond))));
    row("power under load", &|a| {
        known(a.estimate.and_then(|e| e.load_watts).map(|w| Amount::exact(w, Unit::Watts).to_string()))
    });
    row("price", &|a| price(a));
    row("price elsewhere", &|a| a.elsewhere.clone().unwrap_or_else(|| "none found".to_owned()));
    row("cost per GB", &|a| {
        known(a.estimate.and_then(|e| e.cost).map(|c| Amount::computed(c.usd_per_gb, Unit::UsdPerGb).to_string()))
    });
    row("cost per Mtok", &|a| {
        let cost = a.estimate.and_then(|e| e.cost).and_then(|c| c.usd_per_mtok);
        known(cost.map(|usd| Amount::new(usd, Unit::UsdPerMtok, Digits::Significant(2)).to_string()))
    });
    row("working computer", &|a| known(a.computer_price().map(|price| price.words())));
    row("yearly electricity", &|a| {
        let bill = a.estimate.and_then(|e| e.bill);
        let usd = |usd| Amount::new(usd, Unit::UsdPerYear, Digits::Significant(2));
        known(bill.map(|bill| match bill.total {
            Some(total) => usd(total).to_string(),
            None => format!("{} and idle, not known", usd(bill.load)),
        }))
    });
    row("measured", &|a| a.evidence.0.to_string() + " rows behind the estimate");
    for answer in &answers.machines {
        let (rent, api) = (pays(answer, Against::Rent), pays(answer, Against::Api));
        table.notes.push(format!("{}: against renting, {rent}", answer.machine.short));
        table.notes.push(format!("{}: against an API, {api}", answer.machine.short));
        table.notes.extend(answer.warnings.iter().map(|warning| format!("{}: {warning}", answer.machine.short)));
    }
    table
}

fn bound(answer: &Answer<'_>) -> Bound {
    answer.estimate.map_or(Bound::Memory, |estimate| estimate.decode.bound)
}

fn known(text: Option<String>) -> String {
    text.unwrap_or_else(|| "not known".to_owned())
}

fn computed(value: f64) -> String {
    Amount::computed(value, Unit::TokensPerSecond).to_string()
}

fn band(band: Band<f64>, unit: Unit) -> String {
    let digits = band.digits();
    let number = |value: f64| Amount::new(value, unit, digits);
    // Times change their unit with their size, so each says its own.
    let edge = |value| if unit == Unit::Seconds { number(value).to_string() } else { number(value).number() };
    format!("{} ({} to {})", number(band.expected), edge(band.low), edge(band.high))
}

fn speed(answer: &Answer<'_>, show: impl Fn(crate::estimate::figures::Speeds<f64>) -> String) -> String {
    match answer.estimate {
        Some(estimate) => match estimate.decode.speeds {
            Some(speeds) => show(speeds),
            None if answer.refused.is_some() => "cannot run".to_owned(),
            None => "does not fit".to_owned(),
        },
        None => "not known".to_owned(),
    }
}

fn memory_cell(answer: &Answer<'_>) -> String {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return "not known".to_owned() };
    let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes);
    format!("{} of {}", gib(memory.total).number(), gib(memory.usable))
}

fn price(answer: &Answer<'_>) -> String {
    let Some(price) = &answer.price else { return "not known".to_owned() };
    let date = price.fact.date.map_or(String::new(), |date| format!(" of {date}"));
    let age = price.age.map_or(String::new(), |age| format!(", {}", age.words()));
    format!("{} {}{date}{age}", Amount::exact(price.fact.value, Unit::Usd), price.fact.basis.word())
}
