//! Tests of rules for pictures: a common axis, one identity per machine, limits as lines, machines that do not fit, and
//! earlier values.

use ratatui::buffer::Buffer;
use ratatui::style::Color;
use whichbox::model::scenario::knob::sliders;
use whichbox::ui::view::theme::{Shade, Theme};

use super::screen::{Explorer, catalog, lines};

/// Returns the column of the first label of an axis in the line of a panel's title.
fn label(buffer: &Buffer, title: &str, label: &str) -> Option<usize> {
    let line = lines(buffer).into_iter().find(|line| line.contains(title))?;
    let after = line.find(title)?;
    let labels = line[after..].split(['─', ' ']);
    let at = labels.scan(after, |at, word| {
        let start = *at;
        *at += word.len() + line[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        Some((start, word))
    });
    let (at, _) = at.into_iter().find(|(_, word)| *word == label)?;
    Some(line[..at].chars().count())
}

#[test]
fn a_speed_has_the_same_column_at_every_position_of_every_slider() {
    let mut explorer = Explorer::built_in("default");
    let place = |explorer: &Explorer| label(&explorer.draw(120, 40).0, "Decode", "10").expect("a tick at 10 tok/s");
    let start = explorer.state.scenario.clone();
    let first = place(&explorer);
    let mut moved = 0;
    for (at, knob) in sliders().enumerate() {
        for stop in knob.stops(&start, catalog()) {
            explorer.state.scenario = start.clone();
            if knob.write(&mut explorer.state.scenario, catalog(), &stop.typed).is_err() {
                continue;
            }
            explorer.state.refresh().expect("an answer");
            let speeds = explorer.state.answers.machines.iter().filter_map(|it| it.estimate?.decode.speeds);
            let speeds = speeds.flat_map(|speeds| [speeds.each.expected, speeds.aggregate.expected]);
            let inside = speeds.clone().all(|speed| (1.0..=300.0).contains(&speed));
            // The axis stays the same for all values within it, and grows by whole decades for values beyond it.
            if inside {
                assert_eq!(place(&explorer), first, "slider {at} at {}", stop.typed);
                moved += 1;
            }
        }
    }
    assert!(moved > 50, "only {moved} positions were on the axis");
}

#[test]
fn a_machine_keeps_its_colour_and_sign_wherever_it_is_in_the_list() {
    let sign = |machines: &str, name: &str| {
        let explorer = Explorer::of(&format!("machines: [{machines}]"));
        let (buffer, _) = explorer.draw(120, 40);
        let text = lines(&buffer);
        let (y, line) = text.iter().enumerate().skip(12).find(|(_, line)| line.contains(name)).expect(name);
        let column = line[..line.find(name).expect(name)].chars().count() as u16;
        let cell = &buffer[(column - 2, y as u16)];
        (cell.symbol().to_owned(), cell.fg)
    };
    let (spark, pro, card) = ("\"dgx-spark\"", "\"rtx-pro-6000\"", "\"rtx-5090\"");
    assert_eq!(sign(&format!("{spark}, {pro}, {card}"), "RTX 5090"), sign(&format!("{card}, {spark}"), "RTX 5090"));
    assert_eq!(sign(&format!("{spark}, {pro}"), "RTX PRO"), sign(&format!("{card}, {pro}, {spark}"), "RTX PRO"));
}

#[test]
fn the_limit_is_one_line_through_the_rows_and_each_row_says_whether_it_is_kept() {
    let explorer = Explorer::built_in("default");
    let text = lines(&explorer.draw(120, 40).0);
    let start = text.iter().position(|line| line.contains("Decode")).expect("the panel");
    let rows = &text[start + 1..start + 4];
    let column = |line: &str| line.chars().position(|c| c == '┊');
    assert!(rows.iter().filter_map(|line| column(line)).count() >= 2, "{rows:#?}");
    let marks: Vec<char> = rows.iter().filter_map(|line| line.chars().last()).collect();
    let speeds = explorer.state.answers.machines.iter().filter_map(|it| it.estimate?.decode.speeds);
    let wanted: Vec<char> = speeds.map(|speeds| if speeds.each.expected >= 10.0 { '✓' } else { '✗' }).collect();
    assert_eq!(marks, wanted);
}

#[test]
fn what_does_not_fit_is_hatched_and_said_in_gib() {
    let explorer = Explorer::of("model: Catalog(\"llama-3.1-405b\")");
    let text = lines(&explorer.draw(120, 40).0).join("\n");
    assert!(text.contains('╱') && text.contains("GiB too big"), "{text}");
}

#[test]
fn a_tick_shows_where_a_bar_was() {
    let mut explorer = Explorer::built_in("default");
    assert!(!lines(&explorer.draw(120, 40).0).join("\n").contains('╎'));
    explorer.press("Left Left Left Left Left Left");
    let text = lines(&explorer.draw(120, 40).0).join("\n");
    explorer.press("= 8 b Enter");
    let far = lines(&explorer.draw(120, 40).0).join("\n");
    assert!(text.contains('╎') || far.contains('╎'), "{far}");
}

#[test]
fn shades_are_colours_and_dots_only_where_there_are_none() {
    let mut explorer = Explorer::built_in("default");
    let dots = |explorer: &Explorer| {
        let (buffer, _) = explorer.draw(120, 40);
        buffer.content.iter().filter(|cell| ["░", "▒", "▓"].contains(&cell.symbol())).count()
    };
    assert_eq!(dots(&explorer), 0);
    let (buffer, _) = explorer.draw(120, 40);
    let theme = &explorer.look.theme;
    let faint = theme.tint(theme.machine(0), Shade::Faint).expect("a tint");
    assert!(buffer.content.iter().any(|cell| cell.bg == faint), "no cell has the tint");
    explorer.look.theme = Theme::named("mono").expect("a theme");
    assert!(dots(&explorer) > 0);
    let (buffer, _) = explorer.draw(120, 40);
    assert!(buffer.content.iter().all(|cell| matches!(cell.bg, Color::Reset)));
}

#[test]
fn a_click_on_the_map_goes_there_and_sliding_along_it_changes_no_cell() {
    use whichbox::ui::state::{Message, update};

    let mut explorer = Explorer::built_in("default");
    let cells = explorer.state.map.cells().cloned().expect("a map");
    explorer.press("Right Right");
    assert_eq!(explorer.state.map.cells(), Some(&cells));
    update(&mut explorer.state, Message::Go { x: 0.1, y: 0.05 });
    explorer.press("Down");
    assert_eq!(explorer.state.answers.verdict.winner, cells.at(0.1, 0.05).winner);
    assert_eq!(explorer.state.map.cells(), Some(&cells));
    explorer.press("u Tab Right Up Up Up Up Up Up Enter");
    assert!(explorer.state.scenario.concurrency > 1, "Enter goes to the place of the cursor");
}

#[test]
fn the_first_screen_says_what_would_change_the_answer_and_which_cheaper_machine_is_not_shown() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut explorer = Explorer::built_in("default");
        let text = explorer.picture(columns, rows);
        for told in ["cheapest of these 3", "tok/s expected", "would change: ", "cheaper", "C shows it", "model size ×"]
        {
            let told = if columns == 80 && told.starts_with("model") { "size × streams" } else { told };
            assert!(text.contains(told), "{told} at {columns}x{rows}: {text}");
        }
        let other = explorer.state.around.cheaper.clone().expect("a cheaper machine").machine;
        explorer.press("C");
        assert!(explorer.state.scenario.machines.contains(&other));
        let winner = explorer.state.answers.verdict.winner.expect("an answer");
        assert_eq!(explorer.state.answers.machines[winner].machine.id, other, "the cheapest that passes is the answer");
        assert!(explorer.picture(columns, rows).contains("no cheaper box of the catalog passes"));
    }
}

#[test]
fn a_notice_covers_no_line_of_the_answer() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (60, 20)] {
        let mut explorer = Explorer::built_in("default");
        let before = lines(&explorer.draw(columns, rows).0);
        explorer.state.notice = Some(whichbox::ui::state::Notice { text: "x".repeat(70), bad: true });
        let after = lines(&explorer.draw(columns, rows).0);
        let hints = usize::from(rows) - 1;
        let changed: Vec<usize> = (0..before.len()).filter(|at| before[*at] != after[*at]).collect();
        assert!(!changed.is_empty() && changed.iter().all(|at| (hints - 2..hints).contains(at)), "{changed:?}");
    }
}

#[test]
fn the_memory_view_says_each_number_once() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("3 Tab z");
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let text = explorer.picture(columns, rows);
        let text = &text[text.find("Memory").expect("the panel")..];
        for answer in &explorer.state.answers.machines {
            let memory = answer.estimate.expect("an estimate").memory;
            let usable =
                whichbox::model::units::Amount::computed(memory.usable, whichbox::model::units::Unit::MemoryBytes);
            let told = format!(" of {}", usable.number());
            assert_eq!(text.matches(&told).count(), 1, "{told} at {columns}x{rows}: {text}");
        }
    }
}

#[test]
fn a_map_in_seven_bits_is_of_the_machines_signs() {
    let mut explorer = Explorer::built_in("default");
    explorer.look.glyphs = &whichbox::ui::view::glyphs::ASCII;
    for theme in ["dark", "mono"] {
        explorer.look.theme = Theme::named(theme).expect("a theme");
        let text = lines(&explorer.draw(120, 40).0);
        let start = text.iter().position(|line| line.contains("Which box where")).expect("the map");
        let map: Vec<&str> = text[start + 1..38].iter().map(|line| line.get(5..54).unwrap_or(line)).collect();
        assert!(map.iter().all(|line| !line.contains('\'')), "{map:#?}");
        assert!(map.join("\n").contains("ooo") && text.join("\n").contains("faint: perhaps"), "{map:#?}");
    }
}

#[test]
fn the_lands_of_a_map_are_told_apart_without_colour_and_no_name_is_under_the_mark() {
    let explorer = Explorer::built_in("default");
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let text = lines(&explorer.draw(columns, rows).0);
        let start = text.iter().position(|line| line.contains("Which box where")).expect("the map");
        let end = text.iter().position(|line| line.contains("faint: ")).expect("the legend");
        let map: Vec<String> =
            text[start + 1..end].iter().map(|line| line.chars().take(columns as usize / 3).collect()).collect();
        let map = map.join("\n");
        // On a small map, the only sign of a machine is the one before its name.
        let least = if columns == 80 { 1 } else { 3 };
        for sign in ["●", "■"] {
            assert!(map.matches(sign).count() >= least, "{sign} at {columns}x{rows}: {map}");
        }
        let marked = map.lines().find(|line| line.contains('◆')).expect("the mark");
        assert!(!marked.contains("M5"), "{marked}");
    }
}

#[test]
fn a_user_who_waits_is_told_by_the_rate_that_the_verdict_compares() {
    let fields = "machines: [\"dgx-spark\", \"rtx-pro-6000\"], model: Catalog(\"llama-3.3-70b\"), concurrency: 1024, \
                  limits: (min_tok_s: 5)";
    let explorer = Explorer::of(fields);
    let compared = explorer.state.answers.verdict.failed[1][0].have.expect("a rate");
    let each = explorer.state.answers.machines[1].estimate.and_then(|it| it.decode.speeds).expect("a speed").each;
    assert!(compared < 5.0 && each.expected > 5.0, "{compared} with the wait, {} without", each.expected);
    let drawn = explorer.picture(120, 40);
    assert!(drawn.contains(&format!("too slow with the wait: {compared:.1}")), "{drawn}");
}

#[test]
fn a_value_beyond_the_map_is_labelled_as_beyond() {
    let explorer = Explorer::of("model: Custom(params: 2e12, active: 2e12), concurrency: 1024");
    let drawn = explorer.picture(120, 40);
    assert!(drawn.contains(">256") && drawn.contains(">1T"), "{drawn}");
    let inside = Explorer::built_in("default").picture(120, 40);
    assert!(!inside.contains(">256") && !inside.contains(">1T"), "{inside}");
}
