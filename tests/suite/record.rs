//! Tests of a scenario as a record of a decision: its answer is stored, and compared with the answer of a changed
//! catalog.

use whichbox::model::answer::{answer_scenario, changes_since_save, record};
use whichbox::model::catalog::Catalog;
use whichbox::model::facts::Date;
use whichbox::model::scenario::{Scenario, from_str, knob};
use whichbox::ui::overlay::Overlay;
use whichbox::ui::state::{Document, Focus, Message, State, update};
use whichbox::ui::view::glyphs::UNICODE;
use whichbox::ui::view::panel_markdown;

use super::ask;
use super::screen::Explorer;

const SAVED_ON: &str = "2026-10-01";

/// Returns a scenario with its recorded answer, written to a file's text and read back.
fn saved(catalog: &Catalog, fields: &str) -> Scenario {
    let scenario = from_str("test", &format!("(schema: 1, {fields})")).expect(fields);
    let date: Option<Date> = SAVED_ON.parse().ok();
    let saved = record(catalog, &answer_scenario(catalog, &scenario).expect("answered"), date);
    let text = Scenario { saved: Some(saved), ..scenario }.to_ron().expect("text");
    from_str("saved", &text).expect("what is saved can be opened")
}

/// Returns the changes that the program reports for a catalog.
fn told(catalog: &Catalog, scenario: &Scenario) -> whichbox::model::answer::ChangesSinceSave {
    let saved = scenario.saved.as_ref().expect("a record");
    changes_since_save(catalog, saved, &answer_scenario(catalog, scenario).expect("answered"))
}

#[test]
fn nothing_has_changed_right_after_saving() {
    let catalog = ask::catalog();
    for fields in [
        "concurrency: 1",
        "model: Catalog(\"gpt-oss-120b\"), concurrency: 8, limits: (budget_usd: 6000)",
        "model: Catalog(\"llama-3.1-405b\"), context: 131072",
        "model: Custom(params: 93e9, active: 20e9), format: Best, machines: [\"rtx-5090\", \"dgx-spark\"]",
    ] {
        let found = told(catalog, &saved(catalog, fields));
        assert!(found.is_quiet() && found.catalog.is_none(), "{fields}: {found:?}");
    }
}

#[test]
fn a_moved_price_and_a_refit_are_told_apart_and_so_is_another_winner() {
    let before = ask::catalog();
    let scenario = saved(before, "model: Catalog(\"gpt-oss-120b\"), machines: [\"dgx-spark\", \"rtx-pro-6000\"]");
    assert_eq!(scenario.saved.as_ref().and_then(|saved| saved.winner.as_deref()), Some("dgx-spark"));

    let mut dearer = before.clone();
    let machine = dearer.machines.iter_mut().find(|machine| machine.id == "dgx-spark").expect("a machine");
    machine.price.as_mut().expect("a price").usd.value = 49_990.0;
    let found = told(&dearer, &scenario);
    assert_eq!(found.verdict.as_deref(), Some("the answer changed: DGX Spark → RTX PRO 6000"));
    assert_eq!(found.changes.len(), 1, "{found:?}");
    assert!(found.changes[0].contains("→ $49,990") && !found.changes[0].contains("expected"), "{found:?}");
    assert!(found.catalog.expect("another catalog").ends_with("other prices"));

    let mut refitted = before.clone();
    refitted.efficiency.edit(|rows| {
        for row in rows {
            row.typical *= 0.8;
            row.low *= 0.8;
            row.high *= 0.8;
        }
    });
    let found = told(&refitted, &scenario);
    assert!(found.changes.iter().any(|change| change.contains("expected") && change.ends_with("(refit)")), "{found:?}");
    assert!(!found.changes.iter().any(|change| change.contains('$')), "{found:?}");
    assert!(found.when().ends_with(SAVED_ON));
}

#[test]
fn what_no_shown_digit_tells_is_no_change() {
    let before = ask::catalog();
    let scenario = saved(before, "");
    let mut same = before.clone();
    same.efficiency.edit(|rows| rows.iter_mut().for_each(|row| row.typical *= 1.000_01));
    let found = told(&same, &scenario);
    assert!(found.is_quiet() && found.catalog.is_some(), "{found:?}");
}

#[test]
fn machines_that_came_and_went_are_named() {
    let catalog = ask::catalog();
    let mut scenario = saved(catalog, "machines: [\"dgx-spark\", \"rtx-5090\"]");
    scenario.machines = vec!["dgx-spark".to_owned(), "rtx-pro-6000".to_owned()].into();
    let found = told(catalog, &scenario);
    assert!(found.changes.iter().any(|change| change == "RTX PRO 6000: not there when it was saved"), "{found:?}");
    assert!(found.changes.iter().any(|change| change == "RTX 5090: no longer among the machines"), "{found:?}");
}

#[test]
fn opening_tells_what_changed_and_d_lists_it() {
    let before = ask::catalog();
    let scenario = saved(before, "");
    let mut dearer = before.clone();
    dearer.machines.iter_mut().filter_map(|m| m.price.as_mut()).for_each(|price| price.usd.value *= 2.0);
    let plain = Scenario::default();
    let document = |saved: &Scenario| Document { name: "it".to_owned(), path: None, saved: saved.clone() };
    let mut state = State::new(&dearer, plain.clone(), document(&plain)).expect("answered");
    update(&mut state, Message::Loaded(Box::new((scenario.clone(), document(&scenario)))));
    let notice = state.notice.as_ref().map(|notice| notice.text.clone()).expect("a notice");
    assert!(notice.starts_with("Since it was saved on 2026-10-01") && notice.contains('$'), "{notice}");
    assert!(!state.is_changed());
    update(&mut state, Message::Key { chord: "d".parse().expect("a key"), at: 0 });
    let Some(Overlay::Page(page)) = &state.overlay else { panic!("a page") };
    assert!(page.lines.iter().filter(|line| line.contains('$')).count() >= 2, "{page:?}");
}

#[test]
fn the_copied_command_asks_the_same() {
    let catalog = ask::catalog();
    for fields in [
        "",
        "concurrency: 8, context: 32768, prompt: 9000, generate: 77, cached: 1024",
        "model: Catalog(\"gpt-oss-120b\"), format: Best, limits: (budget_usd: 6000, min_tok_s: 12.5, portable: true)",
        "model: Custom(params: 93e9, active: 20e9), machines: [\"rtx-5090\"], runtime: Same(\"llama.cpp\")",
        "model: Custom(params: 93123456789, active: 123456789)",
        "model: ReadGb(41.7), format: Same(\"q8_0\"), kv_format: \"kv-q8_0\"",
        "price: (as_of: \"2026-06\", level: High, own: {\"dgx-spark\": 4000.5}), title: \"it's; $(x)\"",
        "speculation: (draft: 4, acceptance: 0.7), economics: (tariff_usd_kwh: 0.31, years: 3.5, utilisation: 0.25)",
        "host: (usd: 1800, idle_watts: 60, load_watts: 150), limits: (max_watts: 300, max_ttft_s: 2.5)",
    ] {
        let scenario = ask::scenario(fields);
        let line = scenario.command(catalog).unwrap_or_else(|| panic!("{fields}: no command"));
        let output = std::process::Command::new("sh")
            .args(["-c", &line.replacen("whichbox", "\"$0\"", 1), env!("CARGO_BIN_EXE_whichbox")])
            .output();
        let ran = output.expect("a shell");
        let table = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.code() < Some(2), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
        let file = tempfile::Builder::new().suffix(".ron").tempfile().expect("a file");
        std::fs::write(file.path(), scenario.to_ron().expect("text")).expect("written");
        let direct =
            std::process::Command::new(env!("CARGO_BIN_EXE_whichbox")).arg("estimate").arg(file.path()).output();
        assert_eq!(table, String::from_utf8_lossy(&direct.expect("ran").stdout), "{line}");
    }
    let fields = "format: PerMachine({\"pair\": \"q8_0\"}), what_if: {\"pair\": (like: \"dgx-spark\", count: 2)}";
    assert_eq!(ask::scenario(fields).command(catalog), None, "no flags say it");
}

#[test]
fn every_stop_of_every_slider_can_be_said_in_a_command() {
    let catalog = ask::catalog();
    for fields in ["", "model: Catalog(\"gpt-oss-120b\"), concurrency: 3"] {
        let start = ask::scenario(fields);
        for slider in knob::sliders() {
            for stop in slider.stops(&start, catalog) {
                let mut scenario = start.clone();
                if slider.write(&mut scenario, catalog, &stop.typed).is_ok() {
                    assert!(scenario.command(catalog).is_some(), "{} at {}", slider.id, stop.typed);
                }
            }
        }
    }
}

#[test]
fn a_panel_is_copied_with_a_row_for_each_machine_and_as_many_cells_in_each() {
    let mut explorer = Explorer::built_in("default");
    for panel in 0..4 {
        explorer.state.focus = Focus::Panel { panel, machine: 0 };
        let table = panel_markdown(&explorer.state, &UNICODE).expect("a panel");
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2 + explorer.state.answers.machines.len(), "{table}");
        let cells = |line: &str| line.matches(" | ").count();
        assert!(lines.iter().all(|line| cells(line) == cells(lines[0])), "{table}");
        for (line, answer) in lines[2..].iter().zip(&explorer.state.answers.machines) {
            assert!(line.contains(&answer.machine.short), "{table}");
        }
    }
}
