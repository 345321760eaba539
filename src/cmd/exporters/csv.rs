//! The CSV export: a row per step, machine and figure.

use super::page::Page;
use crate::model::answer::{Figure, Listing, explain, written};

pub(super) fn write(page: &Page<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "step", "title", "machine", "model", "format", "runtime", "figure", "value", "low", "high", "written", "basis",
        "sources",
    ];
    // Writing to memory cannot fail.
    let _ = writer.write_record(header);
    for (at, step) in page.steps.iter().enumerate() {
        for answer in &step.answers.machines {
            let first = Figure::named("memory.total");
            let mut known = first.and_then(|f| explain(page.catalog, &step.step.scenario, answer, f).ok().flatten());
            for figure in Figure::listed(Listing::Comparison) {
                let amount = written(answer, figure);
                let band = amount.and(answer.estimate.as_ref()).and_then(|estimate| figure.own_band(estimate));
                let told = known
                    .as_mut()
                    .filter(|_| amount.is_some())
                    .and_then(|run| run.turn_to(figure).then(|| (run.basis(), run.sources().join(" "))));
                let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
                let _ = writer.write_record([
                    (at + 1).to_string(),
                    harmless(&step.step.title),
                    answer.machine.id.clone(),
                    answer.model.id.clone(),
                    answer.format.id.clone(),
                    answer.runtime.id.clone(),
                    figure.id.to_owned(),
                    number(amount.map(|amount| amount.value)),
                    number(band.map(|band| band.0)),
                    number(band.map(|band| band.1)),
                    amount.map_or("not known".to_owned(), |amount| amount.to_string()),
                    told.as_ref().map_or(String::new(), |known| known.0.clone()),
                    told.map_or(String::new(), |known| known.1),
                ]);
            }
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Returns a text that spreadsheets do not read as a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_no_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("1+1"), "1+1");
    }
}
