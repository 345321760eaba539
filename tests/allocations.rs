//! What is allocated: nothing for an estimate without its trace, little for a frame. A binary of its own: the counter is
//! the allocator.

use std::hint::black_box;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whichbox::model::answer::answer_scenario;
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::{estimate, explain, fit_and_decode};
use whichbox::model::scenario::{ModelChoice, Scenario};
use whichbox::ui::state::{Document, Message, State, update};
use whichbox::ui::view::glyphs::UNICODE;
use whichbox::ui::view::theme::Theme;
use whichbox::ui::view::{Look, render};

#[test]
fn an_estimate_allocates_nothing() {
    let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3.6-35b-a3b", "glm-4.7-flash"] {
        let model = ModelChoice::Catalog(model.into());
        let scenario = Scenario { model, concurrency: 8, ..Scenario::default() };
        let answers = answer_scenario(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        let answer = answers.machines.first().unwrap_or_else(|| panic!("no machine"));
        let case = answer.case(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        let counted = |run: &dyn Fn()| allocation_counter::measure(run).count_total;
        let numbers = counted(&|| {
            black_box(estimate(black_box(&case)));
            black_box(fit_and_decode(black_box(&case)));
        });
        let traced = counted(&|| {
            black_box(explain(black_box(&case)));
        });
        assert_eq!(numbers, 0, "{:?}", scenario.model);
        assert!(traced > 0, "the counter counts nothing");
    }
}

#[test]
fn a_frame_of_a_slider_allocates_little() {
    // The counter counts one thread: the pool is that thread.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    let _pool = pool.unwrap_or_else(|error| panic!("{error}"));
    let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
    let scenario = Scenario::default();
    let document = Document { name: "default".to_owned(), path: None, saved: scenario.clone() };
    let mut state = State::new(&catalog, scenario, document).unwrap_or_else(|error| panic!("{error}"));
    let theme = Theme::named("dark").unwrap_or_else(|error| panic!("{error}"));
    let look = Look { theme, glyphs: &UNICODE };
    let area = Rect::new(0, 0, 200, 60);
    let mut buffer = Buffer::empty(area);
    let mut at = 0;
    let mut pressed = |name: &str| {
        let chord: whichbox::ui::input::Chord = name.parse().unwrap_or_else(|error| panic!("{error}"));
        at += 1000;
        let updated = allocation_counter::measure(|| drop(update(&mut state, Message::Key { chord, at })));
        let around = allocation_counter::measure(|| state.look_around());
        buffer.reset();
        let drawn = allocation_counter::measure(|| drop(render(&state, &look, area, &mut buffer)));
        [updated, around, drawn].map(|counted| counted.count_total)
    };
    // The first frame also works out what all others use.
    let first = pressed("Right");
    assert!(first.iter().sum::<u64>() < 800, "{first:?} to update, look around and draw");
    for slider in 0..5 {
        for key in ["Right", "Right", "Left"] {
            let counts = pressed(key);
            let whole: u64 = counts.iter().sum();
            assert!(whole > 0 && whole <= 500, "{counts:?} to update, look around and draw with slider {slider}");
        }
        pressed("Down");
    }
}
