//! The cost of one press on a slider, part by part, in milliseconds of one thread's time and with all cores.
//!
//! `cargo bench --bench key` prints the median of many presses, `cargo bench --bench key -- screen` only the parts with
//! this word in their names.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench ends where it cannot run, and prints")]

use std::hint::black_box;
use std::time::Instant;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whichbox::model::answer::{MAP_AXES, Neighborhood, WinnerMap, answer_scenario, fallback};
use whichbox::model::catalog::Catalog;
use whichbox::model::scenario::Scenario;
use whichbox::model::scenario::knob;
use whichbox::ui::state::{Document, State};
use whichbox::ui::view::theme::Theme;
use whichbox::ui::view::{Look, glyphs, render};

fn main() {
    let catalog = Catalog::builtin().expect("the built-in catalog");
    let scenario = Scenario::default();
    median("answers", || {
        black_box(answer_scenario(&catalog, &scenario)).expect("an answer");
    });
    let answers = answer_scenario(&catalog, &scenario).expect("an answer");
    let here = Neighborhood::of(&catalog, &scenario, &answers);
    for knob in knob::sliders() {
        let stops = knob.stops(&scenario, &catalog).len();
        median(&format!("strip of {} ({stops} stops)", knob.id), || {
            black_box(here.strip(knob));
        });
    }
    let strips: Vec<_> = knob::sliders().map(|knob| here.strip(knob)).collect();
    median("flips", || {
        black_box(here.flips(&strips));
    });
    median("a cheaper machine that is not shown", || {
        black_box(fallback(&catalog, &scenario, &answers)).expect("an answer");
    });
    for step in [3, 1] {
        median(&format!("map, every cell of {step}"), || {
            black_box(WinnerMap::of(&catalog, &scenario, [&MAP_AXES[0], &MAP_AXES[1]], step));
        });
    }
    let mut state = State::new(&catalog, scenario.clone(), Document::default()).expect("a state");
    state.look_around();
    let look = Look { theme: Theme::named("dark").expect("a built-in theme"), glyphs: &glyphs::UNICODE };
    for (columns, rows) in [(120, 40), (200, 60)] {
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        median(&format!("a screen of {columns}x{rows}"), || {
            black_box(render(&state, &look, area, &mut buffer));
        });
    }
}

fn median(name: &str, mut run: impl FnMut()) {
    const RUNS: usize = 201;
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if wanted.is_some_and(|word| !name.contains(&word)) {
        return;
    }
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name}: {:.3} ms", times[RUNS / 2]);
}
