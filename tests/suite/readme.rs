//! Tests of the README and the pages that it links to: keys, files, examples and the sample answer agree with the
//! program.

use whichbox::model::scenario;
use whichbox::ui::input::{ACTIONS, Context};

use super::program::run;

const README: &str = include_str!("../../README.md");
const COMMANDS: &str = include_str!("../../assets/docs/commands.md");
const SCENARIOS: &str = include_str!("../../assets/docs/scenarios.md");
const PRESENTING: &str = include_str!("../../assets/docs/presenting.md");

/// Returns the RON blocks of a page that begin with `name`.
fn blocks(page: &'static str, name: &str) -> Vec<&'static str> {
    let blocks = page.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.filter(|block| block.starts_with(name)).collect()
}

#[test]
fn the_sample_answer_is_what_the_command_prints() {
    let line = README.lines().find_map(|line| line.trim().strip_prefix("$ whichbox ")).expect("a command");
    let ran = run(line);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    let printed: Vec<String> = ran.out.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
    super::docs::hold("../../README.md", "sample", &format!("{}\n", printed.join("\n")));
}

#[test]
fn the_example_of_the_library_is_the_one_that_is_compiled() {
    let (_, code) = include_str!("../../examples/speeds.rs").split_once("\n\n").expect("a head, then code");
    super::docs::hold("../../README.md", "example", &format!("\n```rust\n{code}```\n\n"));
}

#[test]
fn the_key_table_is_the_table_of_actions() {
    let rows: Vec<String> = ACTIONS
        .iter()
        .filter(|row| row.contexts.contains(&Context::Explore))
        .map(|row| {
            let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
            format!("| {} | {} |", keys.join(" "), row.help)
        })
        .collect();
    super::docs::hold("keys.md", "keys", &format!("| keys | what they do |\n|---|---|\n{}\n", rows.join("\n")));
}

#[test]
fn the_scenario_is_answered() {
    let found = blocks(SCENARIOS, "Scenario");
    assert_eq!(found.len(), 1);
    let scenario = scenario::from_str("scenarios.md", found[0]).expect("right");
    whichbox::model::answer::answer_scenario(super::ask::catalog(), &scenario).expect("answered");
}

#[test]
fn the_examples_are_answered() {
    let rows = COMMANDS.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 2);
    let examples: Vec<&str> = rows.filter_map(|row| row.rsplit('`').nth(1)?.strip_prefix("whichbox ")).collect();
    assert!(examples.len() > 8, "{examples:?}");
    // Replaying all measurements is slow and has separate tests.
    for example in examples.into_iter().filter(|example| !["fit", "accuracy"].contains(example)) {
        let needs_a_terminal = ["present", "notes"].iter().any(|command| example.starts_with(command));
        if needs_a_terminal {
            continue;
        }
        let line = match example {
            "gpt-oss-120b" => "--plain gpt-oss-120b",
            "measure" => "measure --mib 1 --seconds 0",
            _ => example,
        };
        let (directory, words) = (tempfile::tempdir().expect("a directory"), line.split(' ').collect::<Vec<_>>());
        if example.starts_with("export") {
            assert_eq!(super::program::run_in(directory.path(), &words).code, 0, "{example}");
            continue;
        }
        let ran = run(line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{example}");
    }
}

#[test]
fn the_what_if_is_right() {
    let found = blocks(SCENARIOS, "(");
    assert_eq!(found.len(), 1);
    let scenario = scenario::from_str("scenarios.md", found[0]).expect("right");
    let answers = whichbox::model::answer::answer_scenario(super::ask::catalog(), &scenario).expect("answered");
    assert_eq!(answers.machines[1].machine.usable_gib.value, 2.0 * answers.machines[0].machine.usable_gib.value);
}

#[test]
fn the_deck_is_right() {
    use whichbox::ui::present::deck::{Known, check, find};
    let found = blocks(PRESENTING, "Deck");
    assert_eq!(found.len(), 1);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("deck.ron");
    std::fs::write(&path, found[0]).expect("written");
    let known = Known { catalog: super::ask::catalog(), panels: &whichbox::ui::view::panels::panel_ids() };
    let deck = find(path.to_str().expect("a name"), known).expect("right").deck;
    assert_eq!(check(known.catalog, &deck).unmet, Vec::<String>::new());
}
