//! Tests of whole screens at common sizes. `INSTA_UPDATE=always cargo test screens` accepts changed ones; read them
//! first.

use std::collections::HashSet;

use insta::{Settings, assert_snapshot};
use whichbox::ui::input::{Action, Context, Keymap};
use whichbox::ui::state::{Focus, VIEWS};
use whichbox::ui::view::glyphs::ASCII;
use whichbox::ui::view::panels::PANELS;
use whichbox::ui::view::theme::{THEMES, Theme};

use super::present::deck;
use super::screen::{Explorer, lines};

const LARGE: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const ALL: [(u16, u16); 5] = [(30, 8), (40, 10), (80, 24), (120, 40), (200, 60)];

/// Compares the picture at each size with the accepted snapshot.
fn same(name: &str, explorer: &Explorer, sizes: &[(u16, u16)]) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (columns, rows) in sizes {
            assert_snapshot!(format!("{name}_{columns}x{rows}"), explorer.picture(*columns, *rows));
        }
    });
}

/// Overlays and the keys that open them.
const OVERLAYS: &[(&str, &str)] = &[
    ("trace", "t"),
    ("ask", "a"),
    ("models", "p"),
    ("models_custom", "p 9 3 b / 2 0 b"),
    ("value_completed", "= g p t"),
    ("palette", ":"),
    ("knobs", ","),
    ("knob_value", ", b u d Enter"),
    ("help", "?"),
    ("open", "o"),
    ("machines", "m"),
    ("what_if", "Tab e Right"),
    ("copied_machine", "E"),
    ("value", "="),
    ("save_as", "S"),
];

const FIVE: &str =
    "machines: [\"dgx-spark\", \"macbook-pro-m5-max-40\", \"rtx-pro-6000\", \"rtx-5090\", \"strix-halo-395\"]";

#[test]
fn the_first_screen() {
    same("start", &Explorer::built_in("default"), &ALL);
}

#[test]
fn a_model_that_fits_nowhere() {
    same("fits_nowhere", &Explorer::of("model: Catalog(\"llama-3.1-405b\")"), &[(30, 8), (80, 24), (120, 40)]);
}

#[test]
fn a_model_that_fits_only_some() {
    let fields = "model: Catalog(\"llama-3.3-70b\"), format: Same(\"q8_0\"), context: 131072";
    same("fits_some", &Explorer::of(fields), &[(80, 24), (120, 40)]);
}

#[test]
fn a_format_that_a_machine_cannot_run() {
    same("refused", &Explorer::of("model: Catalog(\"gpt-oss-120b\"), format: Same(\"mxfp4\")"), &[(80, 24), (120, 40)]);
}

#[test]
fn eight_streams_of_a_mixture_of_experts() {
    same("eight_streams", &Explorer::of("model: Catalog(\"gpt-oss-120b\"), concurrency: 8"), &LARGE);
}

#[test]
fn each_overlay() {
    for (name, keys) in OVERLAYS.iter().copied() {
        let mut explorer = Explorer::built_in("default");
        same(name, explorer.press(keys), &[(40, 10), (80, 24), (120, 40)]);
    }
}

#[test]
fn each_step_of_the_first_deck() {
    let mut explorer = Explorer::built_in("default");
    explorer.state.motion = false;
    explorer.state.present(deck("bottleneck"), 0, None);
    for step in 1..=7 {
        let sizes: &[(u16, u16)] = if step == 2 { &ALL } else { &[(80, 24)] };
        same(&format!("present_{step}"), &explorer, sizes);
        explorer.press("Right");
    }
}

#[test]
fn a_detour_and_the_speaker_s_view() {
    let mut explorer = Explorer::built_in("default");
    explorer.state.motion = false;
    explorer.state.present(deck("which-box"), 0, None);
    same("present_detour", explorer.press("s 8 Enter"), &[(80, 24), (120, 40)]);
    same("present_spotlight", explorer.press("h"), &[(80, 24)]);
    same("present_speaker", explorer.press("n"), &[(40, 10), (80, 24)]);
    same("present_value", explorer.press("n s"), &[(80, 24)]);
    same("present_many", explorer.press("Esc 6 Enter"), &LARGE);
}

#[test]
fn each_panel_in_focus() {
    let mut explorer = Explorer::built_in("default");
    for (panel, keys) in panels() {
        explorer.press(&keys);
        same(&format!("focus_{panel}"), explorer.press("Down"), &[(40, 10), (80, 24)]);
        explorer.press("Up");
    }
}

#[test]
fn each_view() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    for (at, view) in VIEWS.iter().enumerate().skip(1) {
        explorer.state.focus = Focus::Slider(0);
        same(&format!("view_{}", view.id), explorer.press(&key(at)), &LARGE);
    }
}

#[test]
fn each_sheet_in_focus() {
    let mut explorer = Explorer::built_in("default");
    for (at, view) in VIEWS.iter().enumerate().filter(|(_, view)| view.sheet.is_some()) {
        same(&format!("focus_{}", view.id), explorer.press(&key(at)).press("Tab Down"), &[(40, 10), (80, 24)]);
    }
}

/// Returns the key of the view with the number `at`.
fn key(at: usize) -> String {
    Keymap::default().first_key(Action::View(at), Context::Explore).to_owned()
}

/// Returns every panel once, the overview's first, with the keys that focus it in a view that contains it.
fn panels() -> Vec<(&'static str, String)> {
    let all = VIEWS.iter().enumerate().flat_map(|(at, view)| {
        view.panels
            .iter()
            .enumerate()
            .map(move |(place, panel)| (*panel, format!("{} {}", key(at), "Tab ".repeat(place + 1))))
    });
    let mut seen = HashSet::new();
    // Leaving a view and returning to it focuses the sliders.
    all.filter(|(panel, _)| seen.insert(*panel)).map(|(panel, keys)| (panel, format!("7 {keys}"))).collect()
}

#[test]
fn every_panel_is_in_a_view_and_every_view_has_its_panels() {
    let shown: HashSet<&str> = panels().into_iter().map(|(panel, _)| panel).collect();
    let known: HashSet<&str> = PANELS.iter().map(|panel| panel.id).collect();
    assert_eq!(shown, known);
}

#[test]
fn each_chart_alone() {
    for (scenario, size) in [("default", (80, 24)), ("agents-256", (120, 40))] {
        let mut explorer = Explorer::built_in(scenario);
        for (id, keys) in panels() {
            let panel = PANELS.iter().find(|panel| panel.id == id).expect(id);
            if panel.chart.is_some() {
                same(&format!("zoom_{id}_{scenario}"), explorer.press(&keys).press("z"), &[size]);
            }
        }
    }
}

#[test]
fn zooming_out_shows_what_was_there() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("Tab Tab");
    let before = explorer.picture(80, 24);
    explorer.press("z");
    let zoomed = lines(&explorer.draw(80, 24).0).join("\n");
    assert!(zoomed.contains("Decode") && !zoomed.contains("Bandwidth"), "{zoomed}");
    assert_eq!(explorer.press("z").picture(80, 24), before);
}

#[test]
fn the_first_screen_keeps_its_panels_and_a_large_one_has_all() {
    let titles = |explorer: &Explorer, columns, rows| -> Vec<&str> {
        let screen = lines(&explorer.draw(columns, rows).0).join("\n");
        let titles = VIEWS[0].panels.iter().filter_map(|id| PANELS.iter().find(|panel| panel.id == *id));
        titles.map(|panel| panel.title).filter(|title| screen.contains(&format!(" {title} "))).collect()
    };
    let explorer = Explorer::built_in("default");
    let title = |id: &&str| PANELS.iter().find(|panel| panel.id == *id).map(|panel| panel.title);
    let all: Vec<&str> = VIEWS[0].panels.iter().filter_map(title).collect();
    assert_eq!(titles(&explorer, 80, 24), all[..3]);
    assert_eq!(titles(&explorer, 120, 40), all[..5]);
    assert_eq!(titles(&explorer, 200, 60), all);
}

#[test]
fn each_slider_in_focus() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    for _ in 0..4 {
        explorer.press("Down");
    }
    same("last_slider", &explorer, &[(40, 10), (80, 24)]);
}

#[test]
fn five_machines() {
    same("five_machines", &Explorer::of(FIVE), &[(40, 10), (80, 24), (120, 40), (200, 60)]);
}

#[test]
fn a_value_that_is_none() {
    let mut explorer = Explorer::built_in("default");
    same("bad_value", explorer.press("=").type_in("7x").press("Enter"), &[(80, 24)]);
}

#[test]
fn a_custom_model() {
    let fields = "title: \"What if?\", model: Custom(params: 120e9, active: 12e9), concurrency: 16, context: 32768";
    same("custom", &Explorer::of(fields), &[(80, 24), (120, 40)]);
}

#[test]
fn without_colour_and_with_seven_bits() {
    let mut explorer = Explorer::built_in("default");
    explorer.look.theme = explorer.look.theme.without_colour();
    same("no_colour", &explorer, &[(80, 24)]);
    explorer.look.glyphs = &ASCII;
    same("ascii", &explorer, &[(80, 24)]);
}

/// Returns explorers in all situations of the snapshots and some more.
fn situations() -> Vec<(String, Explorer)> {
    let mut found = Vec::new();
    let scenes = [
        "",
        FIVE,
        "model: Catalog(\"llama-3.1-405b\")",
        "model: Catalog(\"kimi-k2\"), format: Same(\"nvfp4\"), concurrency: 256, context: 1048576",
        "model: ReadGb(0.5), machines: [\"b200-sxm\"]",
        "title: \"A question that is as long as a title can be and a little longer than that, to be sure of it\", concurrency: 4096",
        "limits: (budget_usd: 1, max_watts: 1, min_tok_s: 1000, portable: true, needs: [\"full-fine-tuning\", \"lora\"])",
    ];
    for scene in scenes {
        found.push((scene.to_owned(), Explorer::of(scene)));
        for (name, keys) in OVERLAYS.iter().copied() {
            let mut explorer = Explorer::of(scene);
            explorer.press(keys);
            found.push((format!("{name} over {scene}"), explorer));
        }
        for (panel, keys) in panels() {
            let mut explorer = Explorer::of(scene);
            explorer.press(&keys);
            found.push((format!("panel {panel} of {scene}"), explorer));
        }
        for (at, view) in VIEWS.iter().enumerate() {
            let mut explorer = Explorer::of(scene);
            explorer.press(&key(at)).press("Tab");
            found.push((format!("view {} of {scene}", view.id), explorer));
        }
    }
    found
}

/// With `WHICHBOX_SIZE_STEP=10` every screen is drawn at one in ten sizes up to 200x60, at all sizes up to 20x10, and
/// at 1000x1000; with 1 at every size, which takes twelve minutes in an optimised build.
#[test]
fn every_size_is_drawn() {
    let sizes = |columns, rows: u16| (1..=columns).flat_map(move |columns| (1..=rows).map(move |rows| (columns, rows)));
    let small: Vec<(u16, u16)> = sizes(60, 20).collect();
    let all: Vec<(u16, u16)> = sizes(200, 60).collect();
    let asked = std::env::var("WHICHBOX_SIZE_STEP").ok().map(|step| step.parse().expect("a number"));
    let large_step = asked.unwrap_or(997);
    let mut usual = vec![(40, 10), (80, 24), (120, 40), (200, 60), (500, 200), (500, 1), (1, 200)];
    if asked.is_some() {
        usual.extend(sizes(20, 10).chain([(1000, 1000)]));
    }
    for (at, (name, explorer)) in situations().into_iter().enumerate() {
        // All sizes for the first screen and its overlays, every seventh for the others; the large sizes differ from
        // screen to screen.
        let step = if name.ends_with("over ") || name.is_empty() { 1 } else { 7 };
        let large = all.iter().skip(at % large_step).step_by(large_step);
        for (columns, rows) in small.iter().step_by(step).chain(large).chain(&usual) {
            let (buffer, _) = explorer.draw(*columns, *rows);
            assert_eq!((buffer.area.width, buffer.area.height), (*columns, *rows), "{name}");
        }
    }
}

#[test]
fn every_theme_paints_the_same_in_its_own_colours() {
    let themes: Vec<Theme> = THEMES.iter().map(|(name, _)| Theme::named(name).expect(name)).collect();
    for (at, (_, explorer)) in situations().into_iter().enumerate() {
        for theme in &themes {
            // Each screen is drawn at one size in every theme; the sizes take turns.
            explorer.holds_in(theme, [(80, 24), (120, 40), (200, 60)][at % 3]);
        }
    }
}

#[test]
fn no_number_is_cut() {
    // Titles and help contain sentences whose numbers are no figures of a machine.
    let has_figures = |(name, _): &(String, Explorer)| !name.starts_with("help") && !name.starts_with("open");
    for (name, explorer) in situations().into_iter().filter(has_figures) {
        for columns in (40..=125).step_by(6).chain([200]) {
            for rows in [10, 16, 24, 40] {
                let (buffer, _) = explorer.draw(columns, rows);
                for line in lines(&buffer) {
                    let cut = line.split_inclusive('…').any(|part| {
                        let before = part.strip_suffix('…').unwrap_or_default();
                        before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '$'))
                    });
                    assert!(!cut, "{name} at {columns}x{rows}: {line}");
                }
            }
        }
    }
}

#[test]
fn no_label_runs_into_another() {
    let names: HashSet<&str> = super::screen::catalog().machines.iter().map(|machine| machine.short.as_str()).collect();
    for (name, explorer) in situations().into_iter().filter(|(name, _)| !name.contains("over")) {
        for columns in (40..=125).step_by(7).chain([200]) {
            for rows in [16, 24, 40] {
                let (buffer, _) = explorer.draw(columns, rows);
                for line in lines(&buffer) {
                    for short in &names {
                        for (at, _) in line.match_indices(short) {
                            let after = line[at + short.len()..].chars().next();
                            let before = line[..at].chars().next_back();
                            let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                            assert!(is_apart(after) && is_apart(before), "{name} at {columns}x{rows}: {line}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_can_be_clicked_lies_on_the_screen() {
    for (name, explorer) in situations() {
        for (columns, rows) in ALL {
            let (buffer, hits) = explorer.draw(columns, rows);
            for y in 0..rows {
                for x in 0..columns {
                    let area = hits.at(x, y).map(|(_, area)| area);
                    assert!(area.is_none_or(|area| buffer.area.intersection(area) == area), "{name} {columns}x{rows}");
                }
            }
        }
    }
}

#[test]
fn a_state_compared_with_another() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    explorer.press("c Down Down Down Right Right Right");
    same("compared", &explorer, &[(80, 24), (120, 40)]);
}

#[test]
fn a_set_up_as_boxes() {
    let mut explorer = Explorer::of(
        "model: Catalog(\"gpt-oss-120b\"), concurrency: 100, offload: Auto, host: (ram_gb: 64), \
         machines: [\"2xdgx-spark:tensor\", \"4xrtx-3090\", \"2xdgx-spark:replica\", \"rtx-5090\"]",
    );
    explorer.press("3 BackTab z");
    same("set-ups", &explorer, &[(80, 24), (120, 40)]);
    // The waiting streams and their time to first token.
    explorer.press("z 4 Tab z");
    same("waiting", &explorer, &[(120, 40)]);
}
