//! Tests of presentations: transitions, detours, and audience screens of all sizes.

use whichbox::model::answer::answer_scenario;
use whichbox::model::scenario::knob::knob;
use whichbox::model::scenario::{FormatChoice, ModelChoice, Scenario};
use whichbox::ui::input::{ACTIONS, Action};
use whichbox::ui::overlay::Overlay;
use whichbox::ui::present::deck::tween::{FRAME_MS, FRAMES, frame};
use whichbox::ui::present::deck::{DECKS, Deck, Known, find};
use whichbox::ui::state::{Message, Remote, State, update};
use whichbox::ui::view::panels::panel_ids;

use super::screen::{Explorer, catalog, lines};

/// Returns a built-in deck.
pub fn deck(name: &str) -> Deck {
    find(name, Known { catalog: catalog(), panels: &panel_ids() }).expect(name).deck
}

fn presenting(name: &str) -> Explorer {
    let mut explorer = Explorer::built_in("default");
    explorer.state.present(deck(name), 0, None);
    explorer
}

fn at(state: &State<'_>) -> usize {
    state.present.as_ref().expect("a presentation").at
}

fn off_script(explorer: &Explorer) -> bool {
    explorer.state.present.as_ref().expect("a presentation").off_script
}

/// Runs a transition to its end and returns the scenarios on the way.
fn run_out(explorer: &mut Explorer) -> Vec<Scenario> {
    let from = explorer.now();
    let mut shown = Vec::new();
    for k in 0..=u64::from(FRAMES) {
        update(&mut explorer.state, Message::Frame { at: from + k * FRAME_MS });
        shown.push(explorer.state.scenario.clone());
    }
    assert!(!explorer.state.is_moving());
    shown
}

#[test]
fn a_frame_depends_on_its_number_alone_and_sizes_only_grow() {
    let from = Scenario { concurrency: 1, context: 0, ..Scenario::default() };
    let to = Scenario {
        model: ModelChoice::Catalog("gpt-oss-120b".into()),
        concurrency: 256,
        context: 131_072,
        ..Scenario::default()
    };
    let frames: Vec<Scenario> = (0..=FRAMES).map(|k| frame(catalog(), &from, &to, k)).collect();
    assert_eq!((&frames[0], frames.last()), (&from, Some(&to)));
    assert_eq!(frames[5], frame(catalog(), &from, &to, 5));
    let size = |scenario: &Scenario| match &scenario.model {
        ModelChoice::Custom { params, .. } => *params,
        ModelChoice::Catalog(id) => catalog().model(id).expect("known").total_params,
        ModelChoice::ReadGb(_) | ModelChoice::File(_) => panic!("no size"),
    };
    for pair in frames.windows(2) {
        assert!(pair[0].concurrency <= pair[1].concurrency && pair[0].context <= pair[1].context);
        assert!(size(&pair[0]) <= size(&pair[1]) * 1.01);
    }
    assert!(frames[6].concurrency > 4 && frames[6].concurrency < 64, "by equal factors: {}", frames[6].concurrency);
    let flips = frames.windows(2).filter(|pair| pair[0].format != pair[1].format).count();
    assert!(flips <= 3, "the format flips, it does not flicker");
}

#[test]
fn every_frame_of_every_built_in_deck_is_answered() {
    for (name, _) in DECKS {
        let mut explorer = presenting(name);
        let steps = deck(name).steps;
        for (place, step) in steps.iter().enumerate().skip(1) {
            explorer.press("Right");
            run_out(&mut explorer);
            assert_eq!(at(&explorer.state), place);
            assert_eq!(explorer.state.scenario, step.scenario);
            assert_eq!(explorer.state.notice, None, "{name} {place}");
        }
        explorer.press("Right");
        assert_eq!(at(&explorer.state), steps.len() - 1, "the last step stays");
    }
}

#[test]
fn a_key_finishes_a_transition_and_back_reverses_it() {
    let mut explorer = presenting("bottleneck");
    let steps = deck("bottleneck").steps;
    explorer.press("Right Right");
    // The second step moves nothing; the third one does.
    assert_eq!(at(&explorer.state), 2);
    assert!(explorer.state.is_moving());
    explorer.press("Space");
    assert!(!explorer.state.is_moving());
    assert_eq!((at(&explorer.state), &explorer.state.scenario), (2, &steps[2].scenario));
    explorer.press("Right");
    let begun = explorer.now();
    update(&mut explorer.state, Message::Frame { at: begun + 4 * FRAME_MS });
    let half = explorer.state.scenario.clone();
    assert!(half != steps[2].scenario && half != steps[3].scenario);
    explorer.press("Left");
    assert_eq!(at(&explorer.state), 2);
    run_out(&mut explorer);
    assert_eq!(explorer.state.scenario, steps[2].scenario);
}

#[test]
fn every_key_that_asks_for_a_knob_names_one() {
    let asked: Vec<&str> = ACTIONS
        .iter()
        .filter_map(|row| match row.action {
            Action::AskKnob(id) => Some(id),
            _ => None,
        })
        .collect();
    assert!(!asked.is_empty());
    for id in asked {
        assert!(knob(id).is_ok(), "{id}");
    }
}

#[test]
fn a_step_that_only_changes_a_format_moves_through_the_formats_in_between() {
    let from = Scenario::default();
    let to = Scenario { format: FormatChoice::Same("q8_0".to_owned()), ..Scenario::default() };
    let frames: Vec<Scenario> = (0..=FRAMES).map(|k| frame(catalog(), &from, &to, k)).collect();
    let mut formats: Vec<FormatChoice> = frames.into_iter().map(|scenario| scenario.format).collect();
    formats.dedup();
    assert!(formats.len() > 3, "{formats:?}");
    let state = |format: &FormatChoice| Scenario { format: format.clone(), ..Scenario::default() };
    for format in &formats {
        let answers = answer_scenario(catalog(), &state(format)).expect("an answer");
        assert!(answers.machines.iter().all(|answer| answer.refused.is_none()), "{format:?} runs everywhere");
    }
}

#[test]
fn escape_undoes_the_spotlight_and_ends_only_when_it_is_repeated() {
    let mut explorer = presenting("bottleneck");
    explorer.state.motion = false;
    explorer.press("h Esc");
    let spotlight = |explorer: &Explorer| explorer.state.present.as_ref().map(|present| present.spotlight);
    assert_eq!(spotlight(&explorer), Some(None));
    explorer.press("Esc Right Esc");
    assert_eq!(at(&explorer.state), 1, "another key between them goes on");
    explorer.press("Esc");
    assert!(explorer.state.present.is_none());
}

#[test]
fn q_ends_the_talk_in_one_step_and_asks_where_a_detour_would_be_lost() {
    use whichbox::ui::input::Chord;
    use whichbox::ui::state::Effect;

    let q = |explorer: &mut Explorer| {
        let chord: Chord = "q".parse().expect("a key");
        update(&mut explorer.state, Message::Key { chord, at: 0 })
    };
    let mut explorer = presenting("bottleneck");
    assert_eq!(q(&mut explorer), None);
    assert!(explorer.state.present.is_none(), "back in the explorer that it was started from");

    let program = || {
        let mut explorer = presenting("bottleneck");
        explorer.state.motion = false;
        explorer.state.present.iter_mut().for_each(|present| present.ends_program = true);
        explorer
    };
    assert_eq!(q(&mut program()), Some(Effect::Quit));
    let mut detour = program();
    detour.press("s 8 Enter");
    assert!(off_script(&detour));
    assert_eq!(q(&mut detour), None);
    assert!(detour.picture(120, 40).contains("the detour is not kept"));
    assert_eq!(q(&mut detour), Some(Effect::Quit));
    let mut escaped = program();
    escaped.press("Esc");
    let chord: Chord = "Esc".parse().expect("a key");
    assert_eq!(update(&mut escaped.state, Message::Key { chord, at: 9 }), Some(Effect::Quit));
}

#[test]
fn a_speed_has_one_place_in_all_steps_of_a_deck_and_the_digits_say_whose_speed_they_are() {
    for (name, _) in DECKS {
        let mut explorer = presenting(name);
        let steps = deck(name).steps;
        for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
            let mut places: Vec<(&str, usize)> = Vec::new();
            for (at, step) in steps.iter().enumerate() {
                explorer.state.show_step(at);
                let text = lines(&explorer.draw(columns, rows).0);
                for (title, label) in [("Decode tok/s", "10"), ("streams tok/s together", "100")] {
                    let Some(line) = text.iter().find(|line| line.contains(title)) else { continue };
                    let after = line.find(title).expect("the title");
                    let labels = line[after..].split('─').scan(after, |place, word| {
                        let start = *place;
                        *place += word.len() + '─'.len_utf8();
                        Some((line[..start].chars().count(), word))
                    });
                    places.extend(labels.filter(|(_, word)| *word == label).map(|(place, _)| (title, place)));
                }
                let streams = step.scenario.concurrency;
                let unit = match step.headline.id {
                    "decode.ceiling" => ["tok/s ceiling".to_owned(), "tok/s ceiling".to_owned()],
                    "decode.expected" if streams > 1 => ["tok/s per stream".to_owned(), "tok/s each".to_owned()],
                    "decode.aggregate" if streams > 1 => {
                        [format!("tok/s of {streams} streams"), "tok/s together".to_owned()]
                    }
                    _ => continue,
                };
                let told = text[..usize::from(rows) * 2 / 3].join("\n");
                assert!(unit.iter().any(|unit| told.contains(unit)), "{name} step {} at {columns}: {unit:?}", at + 1);
            }
            places.sort_unstable();
            places.dedup();
            let titles = places.iter().filter(|(title, _)| *title == "Decode tok/s").count();
            assert!(titles <= 1 && places.len() - titles <= 1, "{name} at {columns}x{rows}: {places:?}");
        }
    }
}

#[test]
fn commands_of_the_speaker_that_follow_each_other_quickly_all_count() {
    let mut explorer = presenting("which-box");
    for _ in 0..5 {
        update(&mut explorer.state, Message::Remote { wish: Remote::Act(Action::NextStep), at: 0 });
    }
    assert_eq!(at(&explorer.state), 5);
}

#[test]
fn the_plate_names_the_answer_and_the_one_before_where_it_changed() {
    let mut explorer = presenting("which-box");
    explorer.state.motion = false;
    let screen = |explorer: &Explorer| lines(&explorer.draw(120, 40).0).join("\n");
    assert!(!screen(&explorer).contains("was:"));
    explorer.press("Right");
    assert!(screen(&explorer).contains("was: DGX Spark"), "{}", screen(&explorer));
    explorer.press("Right");
    assert!(!screen(&explorer).contains("was:"), "the same answer as in the step before");
}

#[test]
fn nothing_moves_its_row_during_a_transition() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut explorer = presenting("levers");
        let row_of = |explorer: &Explorer, text: &str| {
            lines(&explorer.draw(columns, rows).0).iter().position(|line| line.contains(text))
        };
        // The rows of the step's number and of the machines' names above the digits.
        let places = |explorer: &Explorer| (row_of(explorer, " of 7"), row_of(explorer, "DGX Spark"));
        let before = places(&explorer);
        explorer.press("Right");
        let from = explorer.now();
        for k in 0..=u64::from(FRAMES) {
            update(&mut explorer.state, Message::Frame { at: from + k * FRAME_MS });
            assert_eq!(places(&explorer), before, "frame {k} at {columns}x{rows}");
        }
    }
}

#[test]
fn without_motion_a_step_is_there_at_once() {
    let mut explorer = presenting("levers");
    explorer.state.motion = false;
    explorer.press("Right Right");
    assert_eq!(explorer.state.scenario, deck("levers").steps[2].scenario);
    assert!(!explorer.state.is_moving());
}

#[test]
fn a_question_is_three_keys_and_its_value_and_one_key_goes_back() {
    let mut explorer = presenting("levers");
    explorer.state.motion = false;
    for place in 0..7 {
        let script = explorer.state.scenario.clone();
        explorer.press("s 1 2 Enter");
        assert_eq!(explorer.state.scenario.concurrency, 12, "step {place}");
        assert!(off_script(&explorer));
        let screen = lines(&explorer.draw(120, 40).0).join("\n");
        assert!(screen.contains("off script") && screen.contains('→'), "{screen}");
        explorer.press("Bksp");
        assert_eq!(explorer.state.scenario, script);
        assert!(!off_script(&explorer) && explorer.state.pinned.is_none());
        explorer.press("Right");
    }
}

#[test]
fn a_slider_taken_is_turned_by_arrows_and_a_step_leaves_the_detour() {
    let mut explorer = presenting("which-box");
    explorer.state.motion = false;
    explorer.press("c Esc Up Up");
    assert!(off_script(&explorer));
    explorer.press("Right");
    assert!(!off_script(&explorer));
    assert_eq!(at(&explorer.state), 1);
}

#[test]
fn digits_and_the_outline_go_to_a_step() {
    let mut explorer = presenting("which-box");
    explorer.state.motion = false;
    explorer.press("5 Enter");
    assert_eq!(at(&explorer.state), 4);
    explorer.press("9 9 Enter");
    assert_eq!(at(&explorer.state), 7, "beyond the end is the end");
    explorer.press("o Up Up Enter");
    assert_eq!(at(&explorer.state), 5);
    explorer.press("o");
    assert!(matches!(explorer.state.overlay, Some(Overlay::Steps(_))));
    explorer.press("Esc Home");
    assert_eq!(at(&explorer.state), 0);
}

#[test]
fn clicker_keys_move_and_empty_the_screen() {
    let mut explorer = presenting("bottleneck");
    explorer.state.motion = false;
    explorer.press("PgDn PgDn PgUp .");
    assert_eq!(at(&explorer.state), 1);
    let (buffer, _) = explorer.draw(80, 24);
    assert!(lines(&buffer).iter().all(|line| line.trim().is_empty()), "the screen is empty");
    explorer.press(".");
    assert!(!lines(&explorer.draw(80, 24).0).join("").trim().is_empty());
    explorer.press("F5");
    assert!(explorer.state.present.is_some(), "it asks once more");
    explorer.press("F5");
    assert!(explorer.state.present.is_none());
}

#[test]
fn what_is_on_the_screen_is_presented_by_one_key_and_comes_back() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    explorer.press("c Right");
    let (before, pinned) = (explorer.state.scenario.clone(), explorer.state.pinned.as_ref().map(|p| p.pin.clone()));
    explorer.press("P s 9 Enter");
    assert!(off_script(&explorer));
    explorer.press("Esc Esc");
    assert!(explorer.state.present.is_none());
    assert_eq!(explorer.state.scenario, before);
    assert_eq!(explorer.state.pinned.as_ref().map(|p| p.pin.clone()), pinned);
}

#[test]
fn every_step_is_drawn_at_every_size() {
    for (name, _) in DECKS {
        let mut explorer = presenting(name);
        explorer.state.motion = false;
        for _ in 0..deck(name).steps.len() {
            for (columns, rows) in
                [(1, 1), (7, 3), (20, 5), (30, 8), (40, 10), (80, 24), (120, 40), (200, 60), (500, 200)]
            {
                explorer.draw(columns, rows);
                explorer.press("n");
                explorer.draw(columns, rows);
                explorer.press("n");
            }
            explorer.press("Right");
        }
    }
}

#[test]
fn the_room_reads_every_machine_s_number_at_80_columns() {
    let mut explorer = presenting("bottleneck");
    explorer.state.motion = false;
    let blocks = lines(&explorer.draw(80, 24).0).iter().filter(|line| line.matches('█').count() >= 6).count();
    assert!(blocks >= 4, "digits of at least four rows");
    explorer.press("End Left");
    let screen = lines(&explorer.draw(80, 24).0).join("\n");
    assert!(screen.matches("too big").count() >= 3, "the missing memory of each machine is shown: {screen}");
}
