//! Tests of styles that must differ from their surroundings; snapshots store only the text of screens.

use super::screen::Explorer;

const SIZE: (u16, u16) = (80, 24);

fn is_only(letters: &str, wanted: char) -> bool {
    letters.chars().all(|letter| letter == wanted)
}

#[test]
fn the_chosen_row_of_a_list_differs_from_the_others_in_all_of_its_columns() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("o Down Down");
    let list = explorer.state.overlay.as_ref().and_then(|overlay| overlay.list()).expect("a list").clone();
    let label = |at: usize| list.rows[at].label.clone();
    assert!(is_only(&explorer.styles_of(&label(2), SIZE), 'C'), "the chosen row");
    assert!(is_only(&explorer.styles_of(&label(1), SIZE), '.'), "another row");
}

#[test]
fn a_complaint_looks_like_one() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("=").type_in("7x").press("Enter");
    let text = explorer.state.notice.as_ref().expect("a complaint").text.clone();
    let start: String = text.chars().take(20).collect();
    assert!(is_only(&explorer.styles_of(start.trim_end(), SIZE), 'b'), "{text}");
}

#[test]
fn keys_stand_out_in_the_line_of_hints() {
    let explorer = Explorer::built_in("default");
    assert_eq!(explorer.styles_of("? help", SIZE), "Fmmmmm");
}

#[test]
fn a_machine_that_is_not_looked_at_is_dimmed_while_presenting() {
    let mut explorer = Explorer::built_in("default");
    explorer.state.motion = false;
    explorer.state.present(super::present::deck("which-box"), 0, None);
    explorer.press("h");
    let names: Vec<String> =
        explorer.state.answers.machines.iter().map(|answer| answer.machine.short.clone()).collect();
    assert!(is_only(&explorer.styles_of(&names[1], SIZE), 'r'), "{}", names[1]);
    assert!(!is_only(&explorer.styles_of(&names[0], SIZE), 'r'), "{}", names[0]);
}

#[test]
fn without_colour_no_cell_is_coloured() {
    let mut explorer = Explorer::built_in("default");
    explorer.look.theme = explorer.look.theme.without_colour();
    for keys in ["1", "3", "p", "Esc ?"] {
        let (buffer, _) = explorer.press(keys).draw(SIZE.0, SIZE.1);
        let plain = ratatui::style::Color::Reset;
        assert!(buffer.content.iter().all(|cell| cell.fg == plain && cell.bg == plain), "{keys}");
    }
}
