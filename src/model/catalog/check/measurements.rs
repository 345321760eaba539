//! Rules for measurements. A model need not be in the catalog; machine, runtime and formats must.

use std::collections::HashSet;

use super::report::{Checked, Found, Problem, Report};
use crate::model::facts::{Measurement, Test};

/// Returns the first figure of a measurement that is impossible for any catalog; `None` if all are possible.
#[must_use]
pub fn impossible(row: &Measurement) -> Option<Problem> {
    let mut found = Found::default();
    numbers(&mut found.entry("measurements", &row.id), row);
    found.problems.into_iter().next()
}

pub(super) fn check(report: &mut Report<'_>, rows: &[Measurement]) {
    let catalog = report.catalog;
    let machines: HashSet<&str> = catalog.machines.iter().map(|m| m.id.as_str()).collect();
    let formats: HashSet<&str> = catalog.formats.iter().map(|f| f.id.as_str()).collect();
    let kv_formats: HashSet<&str> = catalog.kv_formats.iter().map(|f| f.id.as_str()).collect();
    let runtimes: HashSet<&str> = catalog.runtimes.iter().map(|r| r.id.as_str()).collect();
    for row in rows {
        let mut entry = report.found.entry("measurements", &row.id);
        entry.require_known(machines.contains(row.machine.as_str()), "machine", &row.machine);
        entry.require_known(formats.contains(row.format.as_str()), "format", &row.format);
        entry.require_known(kv_formats.contains(row.kv_format.as_str()), "kv_format", &row.kv_format);
        entry.require_known(runtimes.contains(row.runtime.as_str()), "runtime", &row.runtime);
        numbers(&mut entry, row);
    }
}

fn numbers(entry: &mut Checked<'_>, row: &Measurement) {
    entry.require_positive("tok_s", row.tok_s);
    entry.require(row.concurrency >= 1.0, "concurrency", || "is below one stream".to_owned());
    let aggregate = row.test == Test::Aggregate;
    entry.require(aggregate == row.aggregate.is_some(), "aggregate", || {
        "says how an aggregate was taken, and stands with `test: Aggregate` alone".to_owned()
    });
    for (field, value) in [
        ("prompt", row.prompt),
        ("context", row.context),
        ("generate", row.generate),
        ("per_stream_tok_s", row.per_stream_tok_s),
        ("ttft_s", row.ttft_s),
        ("power_w", row.power_w),
    ] {
        entry.require(value.is_none_or(|v| v >= 0.0 && v.is_finite()), field, || "is below zero".to_owned());
        entry.require_sane(field, value.unwrap_or(0.0));
    }
}
