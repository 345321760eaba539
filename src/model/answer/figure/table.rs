//! The table of figures. A new figure needs its formula in the estimate and a row here.

use super::{Accessor, BandAccessor, Figure, Listing, Precision};
use crate::model::units::Unit;

macro_rules! figures {
    ($(
        $id:literal $json:literal $label:literal $unit:ident $precision:ident [$($listing:ident)*]
        $value:expr $(, $kind:ident $band:expr)?;
    )*) => {
        /// All figures, in the order of every list.
        pub static FIGURES: &[Figure] = &[$(Figure {
            id: $id,
            json: $json,
            label: $label,
            unit: Unit::$unit,
            precision: Precision::$precision,
            listed: &[$(Listing::$listing),*],
            value: Accessor { number: $value, node: $value },
            band: figures!(@ $($kind $band)?),
        }),*];
    };
    (@) => { None };
    (@ band $band:expr) => { Some(BandAccessor { own: true, number: $band, node: $band }) };
    (@ from $band:expr) => { Some(BandAccessor { own: false, number: $band, node: $band }) };
}

// Name, path in JSON, label, unit, digits without a band, lists, field. Then `band` for a band in the figure's unit, or
// `from` for the band of the speed that it is computed from or is an edge of.
figures! {
    "bandwidth" "bandwidth.gbs" "memory bandwidth" BytesPerSecond Exact [Page Comparison]
        |e| Some(e.bandwidth);
    "memory.weights" "memory.weights_bytes" "weights in memory" MemoryBytes Computed [Page Sheet]
        |e| Some(e.memory.weights);
    "memory.kv" "memory.kv_bytes" "KV cache in memory" MemoryBytes Computed [Page Sheet]
        |e| Some(e.memory.kv);
    "memory.state" "memory.state_bytes" "state in memory" MemoryBytes Computed [Page Sheet]
        |e| e.memory.state;
    "memory.overhead" "memory.overhead_bytes" "runtime and activations" MemoryBytes Computed [Page Sheet]
        |e| Some(e.memory.overhead);
    "memory.total" "memory.total_bytes" "memory needed" MemoryBytes Computed [Page Sheet Table Comparison Handout]
        |e| Some(e.memory.total);
    "memory.usable" "memory.usable_bytes" "usable memory" MemoryBytes Computed [Page Table Comparison]
        |e| Some(e.memory.usable);
    "memory.max-concurrency" "memory.max_concurrency" "streams that fit" Count Exact [Page Sheet Table Comparison]
        |e| e.memory.max_streams;
    "memory.max-context" "memory.max_context" "context that fits" Tokens Computed [Page Sheet Comparison]
        |e| Some(e.memory.max_context);
    "decode.weights-read" "decode.weight_bytes_read" "weights read per step" BytesPerStep Computed [Page Sheet]
        |e| Some(e.decode.weights_read);
    "decode.kv-read" "decode.kv_bytes_read" "caches read per step" BytesPerStep Computed [Page Sheet]
        |e| Some(e.decode.cache_read);
    "decode.ceiling" "decode.ceiling_tok_s" "decode ceiling of one stream" TokensPerSecond Computed
        [Page Sheet Table Comparison Handout]
        |e| e.decode.speeds.map(|s| s.ceiling);
    "decode.low" "decode.low_tok_s" "low edge of expected decode" TokensPerSecond Computed [Page]
        |e| e.decode.speeds.map(|s| s.each.low), from |e| e.decode.speeds.map(|s| s.each);
    "decode.expected" "decode.expected_tok_s" "expected decode of one stream" TokensPerSecond Computed
        [Page Sheet Table Comparison Handout]
        |e| e.decode.speeds.map(|s| s.each.expected), band |e| e.decode.speeds.map(|s| s.each);
    "decode.high" "decode.high_tok_s" "high edge of expected decode" TokensPerSecond Computed [Page]
        |e| e.decode.speeds.map(|s| s.each.high), from |e| e.decode.speeds.map(|s| s.each);
    "decode.aggregate-ceiling" "decode.aggregate_ceiling_tok_s" "decode ceiling of all streams" TokensPerSecond Computed
        [Page Sheet TableOfStreams]
        |e| e.decode.speeds.map(|s| s.aggregate_ceiling);
    "decode.aggregate-low" "decode.aggregate_low_tok_s" "low edge of all streams" TokensPerSecond Computed [Page]
        |e| e.decode.speeds.map(|s| s.aggregate.low), from |e| e.decode.speeds.map(|s| s.aggregate);
    "decode.aggregate" "decode.aggregate_expected_tok_s" "expected decode of all streams" TokensPerSecond Computed
        [Page Sheet TableOfStreams Comparison Handout]
        |e| e.decode.speeds.map(|s| s.aggregate.expected), band |e| e.decode.speeds.map(|s| s.aggregate);
    "decode.aggregate-high" "decode.aggregate_high_tok_s" "high edge of all streams" TokensPerSecond Computed [Page]
        |e| e.decode.speeds.map(|s| s.aggregate.high), from |e| e.decode.speeds.map(|s| s.aggregate);
    "prefill.low" "prefill.low_tok_s" "low edge of expected prefill" TokensPerSecond Computed []
        |e| e.prefill.map(|p| p.speed.low), from |e| e.prefill.map(|p| p.speed);
    "prefill" "prefill.expected_tok_s" "expected prefill" TokensPerSecond Computed [Page Sheet Table Comparison Handout]
        |e| e.prefill.map(|p| p.speed.expected), band |e| e.prefill.map(|p| p.speed);
    "prefill.high" "prefill.high_tok_s" "high edge of expected prefill" TokensPerSecond Computed []
        |e| e.prefill.map(|p| p.speed.high), from |e| e.prefill.map(|p| p.speed);
    "prefill.ttft-low" "prefill.ttft_low_s" "shortest time to first token" Seconds Computed []
        |e| e.prefill.map(|p| p.ttft.low), from |e| e.prefill.map(|p| p.ttft);
    "prefill.ttft" "prefill.ttft_expected_s" "TTFT of one request, idle" Seconds Computed [Page Sheet Table Comparison Handout]
        |e| e.prefill.map(|p| p.ttft.expected), band |e| e.prefill.map(|p| p.ttft);
    "prefill.ttft-high" "prefill.ttft_high_s" "longest time to first token" Seconds Computed []
        |e| e.prefill.map(|p| p.ttft.high), from |e| e.prefill.map(|p| p.ttft);
    "answer-time.low" "answer_time.low_s" "shortest time to the whole answer" Seconds Computed []
        |e| e.answer_time.map(|t| t.low), from |e| e.answer_time;
    "answer-time" "answer_time.expected_s" "time to the whole answer" Seconds Computed [Page Sheet Table Comparison]
        |e| e.answer_time.map(|t| t.expected), band |e| e.answer_time;
    "answer-time.high" "answer_time.high_s" "longest time to the whole answer" Seconds Computed []
        |e| e.answer_time.map(|t| t.high), from |e| e.answer_time;
    "roofline.balance" "roofline.balance_flop_per_byte" "balance of the machine" FlopPerByte Computed [Page Sheet]
        |e| e.roofline.map(|r| r.balance);
    "roofline.intensity" "roofline.intensity_flop_per_byte" "intensity of a decode step" FlopPerByte Computed [Page Sheet]
        |e| e.roofline.map(|r| r.intensity);
    "roofline.crossover" "roofline.crossover_streams" "streams where compute takes over" Count Computed
        [Page Sheet Comparison]
        |e| e.roofline.map(|r| r.crossover);
    "served.low" "served.aggregate_low_tok_s" "low edge of output served" TokensPerSecond Computed []
        |e| e.served.map(|s| s.low), from |e| e.served;
    "served" "served.aggregate_expected_tok_s" "output served with prefill on the same device" TokensPerSecond Computed
        [Page Sheet Table Comparison Handout]
        |e| e.served.map(|s| s.expected), band |e| e.served;
    "served.high" "served.aggregate_high_tok_s" "high edge of output served" TokensPerSecond Computed []
        |e| e.served.map(|s| s.high), from |e| e.served;
    "load.users" "load.users_at_least_speed" "users at the least speed asked" Count Exact [Page Sheet Table Comparison Handout]
        |e| e.users;
    "power.load" "power.load_watts" "power under load" Watts Computed [Page Sheet Table Comparison Handout]
        |e| e.load_watts;
    "power.idle" "power.idle_watts" "power at idle" Watts Computed [Page Sheet]
        |e| e.idle_watts;
    "power.total-load" "power.total_load_watts" "power under load of the working computer" Watts Computed
        [Page Sheet Comparison]
        |e| e.computer.load_watts;
    "power.joules-per-token" "power.joules_per_token" "energy per token" JoulesPerToken Rough [Page Sheet Comparison]
        |e| e.joules_per_token, from |e| e.decode.speeds.map(|s| s.aggregate);
    "power.kwh-per-mtok" "power.kwh_per_mtok" "energy per million tokens" KwhPerMtok Rough [Page Sheet]
        |e| e.kwh_per_mtok, from |e| e.decode.speeds.map(|s| s.aggregate);
    "power.bill-load" "power.bill_load_usd_per_year" "yearly electricity while generating" UsdPerYear Rough [Page Sheet]
        |e| e.bill.map(|b| b.load);
    "power.bill-idle" "power.bill_idle_usd_per_year" "yearly electricity at idle" UsdPerYear Rough [Page Sheet]
        |e| e.bill.and_then(|b| b.idle);
    "power.bill" "power.bill_usd_per_year" "yearly electricity of the working computer" UsdPerYear Rough
        [Page Sheet Table Comparison]
        |e| e.bill.and_then(|b| b.total);
    "cost.price" "cost.price_usd" "price" Usd Exact [Page Sheet Comparison Handout]
        |e| e.cost.map(|c| c.price);
    "cost.total" "cost.total_usd" "price of the working computer" Usd Exact [Page Sheet Comparison Handout]
        |e| e.computer.price;
    "cost.usd-per-gb" "cost.usd_per_gb" "cost per GB" UsdPerGb Computed [Page Sheet Table Comparison Handout]
        |e| e.cost.map(|c| c.usd_per_gb);
    "cost.usd-per-gb-usable" "cost.usd_per_gb_usable" "cost per usable GiB" UsdPerGib Computed [Page Sheet]
        |e| e.cost.map(|c| c.usd_per_usable_gib);
    "cost.usd-per-gbs" "cost.usd_per_gbs" "cost per GB/s" UsdPerGbs Computed [Page Sheet]
        |e| e.cost.map(|c| c.usd_per_gbs);
    "cost.usd-per-mtok" "cost.usd_per_mtok" "cost per million tokens" UsdPerMtok Rough [Page Sheet Table Comparison Handout]
        |e| e.cost.and_then(|c| c.usd_per_mtok), from |e| e.decode.speeds.map(|s| s.aggregate);
    "break-even.energy" "break_even.energy_usd_per_mtok" "electricity per million tokens" UsdPerMtok Rough [Page Sheet]
        |e| e.rent.or(e.api).map(|b| b.energy);
    "break-even.rent-usd-per-mtok" "break_even.rent_usd_per_mtok" "rent per million tokens" UsdPerMtok Rough [Page Sheet]
        |e| e.rent.map(|b| b.theirs);
    "break-even.rent" "break_even.rent_mtok" "break-even against renting" Mtok Rough [Page Sheet Comparison]
        |e| e.rent.and_then(|b| b.paid).map(|p| p.mtok);
    "break-even.rent-months" "break_even.rent_months" "months to break even against renting" Months Rough [Page Sheet]
        |e| e.rent.and_then(|b| b.paid).map(|p| p.months);
    "break-even.rent-hours" "break_even.rent_hours" "hours a day to break even against renting" HoursPerDay Rough [Page Sheet]
        |e| e.rent.and_then(|b| b.paid).map(|p| p.hours_per_day);
    "break-even.api-usd-per-mtok" "break_even.api_usd_per_mtok" "API price per million tokens" UsdPerMtok Rough [Page Sheet]
        |e| e.api.map(|b| b.theirs);
    "break-even.api" "break_even.api_mtok" "break-even against the API" Mtok Rough [Page Sheet Comparison]
        |e| e.api.and_then(|b| b.paid).map(|p| p.mtok);
    "break-even.api-months" "break_even.api_months" "months to break even against the API" Months Rough [Page Sheet]
        |e| e.api.and_then(|b| b.paid).map(|p| p.months);
    "break-even.api-hours" "break_even.api_hours" "hours a day to break even against the API" HoursPerDay Rough [Page Sheet]
        |e| e.api.and_then(|b| b.paid).map(|p| p.hours_per_day);
}
