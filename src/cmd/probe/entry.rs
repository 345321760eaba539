//! The catalog entry of this machine.

use super::Probe;
use crate::model::facts::Date;
use crate::model::units::{Amount, Digits, GIB, Unit, round_significant};

/// Id of the entry.
pub const ID: &str = "this-machine";
/// Id of the source that the entry cites.
const SOURCE: &str = "this-machine-measured";

/// Returns the text of a catalog file with this machine; `None` if its memory is not known, since an entry must state
/// it.
#[must_use]
pub fn catalog_entry(probe: &Probe, date: Date) -> Option<String> {
    let fields = fields(probe, probe.facts.memory.installed?, date).join(",\n            ");
    let source =
        format!("(id: \"{SOURCE}\", title: \"measured on this machine by whichbox measure\", date: \"{date}\")");
    Some(format!(
        "// What is not known is left out: `fp16_tflops` for prefill, `load_w` for power, `price`. Where the specified bandwidth\n\
         // is known, write it instead: efficiencies are shares of a specification.\n\
         Catalog(\n    machines: [\n        (\n            {fields},\n        ),\n    ],\n    sources: [\n        {source},\n    ],\n)\n"
    ))
}

/// Returns the fields of the machine in RON.
fn fields(probe: &Probe, installed: u64, date: Date) -> Vec<String> {
    let usable = probe.facts.memory.usable.unwrap_or(installed);
    let gib = |bytes: u64| bytes as f64 / GIB;
    let read = &probe.bandwidth.read;
    let name = probe.facts.processor.name.as_deref().or(probe.facts.processor.product.as_deref());
    let name = quoted(&format!("This machine ({})", name.unwrap_or("processor not known")));
    let family = quoted(&format!("cpu-{}", std::env::consts::ARCH.to_lowercase()));
    let bandwidth_note = quoted(&format!(
        "read by {} threads at once, the best of {} rounds, the slowest {} below it; the specification may be higher",
        probe.bandwidth.threads,
        read.rates.len(),
        Amount::new(read.spread(), Unit::Share, Digits::Significant(2)),
    ));
    vec![
        format!("id: \"{ID}\""),
        format!("name: {name}"),
        "short: \"This machine\"".to_owned(),
        "kind: Desktop".to_owned(),
        format!("family: {family}"),
        format!("source: [\"{SOURCE}\"]"),
        format!("date: \"{date}\""),
        format!(
            "memory_gb: (value: {}, basis: Measured, note: \"what the system has, rounded up to whole GiB\")",
            gib(installed).ceil()
        ),
        "memory_type: \"not known\"".to_owned(),
        format!(
            "bandwidth_gbs: (value: {}, basis: Measured, note: {bandwidth_note})",
            round_significant(read.best_gbs(), 4)
        ),
        format!(
            "usable_gib: (value: {}, basis: Measured, note: \"what was free when it was measured\")",
            round_significant(gib(usable), 4).min(gib(installed).ceil())
        ),
        "host: Complete".to_owned(),
    ]
}

/// Returns a text as a RON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
