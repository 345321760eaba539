//! Drawing of the formulas behind a figure: one number per line, and remarks about the chosen one below.

use ratatui::layout::Rect;

use super::tree::Tree;
use super::{Trace, window};
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::words::{units_firm, wrap};

/// Width of the box, in columns.
const COLUMNS: u16 = 150;
/// Number of lines below the tree.
const ABOUT: u16 = 4;

/// Draws the tree so that the chosen number is visible.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, trace: &Trace, hits: &mut Hits) {
    let Some(answer) = state.answers.machines.get(trace.machine) else { return };
    let visible = trace.tree.visible();
    let mark = canvas.sign(trace.machine);
    let title = format!("{} · {mark} {}", trace.figure.label, answer.machine.short);
    let rows = visible.len() as u16 + 2 + ABOUT;
    let remark = state.keymap.told("{source} goes to the source, {next-machine} next machine");
    let inside = window(canvas, area, (COLUMNS, rows.max(12)), (&title, &remark), hits);
    let about = ABOUT.min(inside.height / 2);
    let body = Rect { height: inside.height - about, ..inside };
    let room = usize::from(body.height);
    let place = visible.iter().position(|at| *at == trace.tree.chosen).unwrap_or(0);
    let first = (place + 2).saturating_sub(room).min(visible.len().saturating_sub(room));
    for (row, at) in visible.iter().skip(first).take(room).enumerate() {
        let area = line(body, row as u16);
        hits.add(area, Target::Choice(first + row));
        draw_branch(canvas, area, &trace.tree, *at);
    }
    let below = Rect { y: body.bottom(), height: about, ..inside };
    draw_about(canvas, below, &trace.tree);
}

fn draw_branch(canvas: &mut Canvas<'_>, area: Rect, tree: &Tree, at: usize) {
    let Some(branch) = tree.branches.get(at) else { return };
    let chosen = at == tree.chosen;
    let (text, value, muted) = if chosen {
        (canvas.theme.chosen(), canvas.theme.chosen(), canvas.theme.chosen())
    } else {
        (canvas.theme.text(), canvas.theme.title(), canvas.theme.muted())
    };
    if chosen {
        canvas.text(area, &" ".repeat(usize::from(area.width)), text);
    }
    let fold = match (tree.has_inputs(at), tree.is_folded(at)) {
        (true, true) => "+ ",
        (true, false) => "- ",
        (false, _) => "  ",
    };
    let indent = (2 * branch.depth as u16).min(area.width / 3);
    let amount = format!(" = {}", branch.value);
    let rest = skip(area, indent);
    let room = rest.width.saturating_sub(width(&amount) + 2);
    let used = canvas.text(rest, fold, muted);
    let rest = skip(rest, used);
    let used = canvas.text(Rect { width: room.min(rest.width), ..rest }, &branch.label, text);
    let rest = skip(rest, used);
    let used = canvas.whole(rest, &canvas.glyphs.spelled(&amount), value);
    let known = if branch.above { "above".to_owned() } else { branch.basis.clone() };
    canvas.whole(skip(rest, used), &format!("  {known}"), muted);
}

/// Draws the remarks about the chosen number: its formula with values, or its origin. A number that was explained above
/// gets the path from the figure to it.
fn draw_about(canvas: &mut Canvas<'_>, area: Rect, tree: &Tree) {
    let Some(branch) = tree.current() else { return };
    let rule = canvas.glyphs.rule.repeat(usize::from(area.width));
    canvas.text(line(area, 0), &rule, canvas.theme.rule());
    let words: Vec<String> =
        branch.about.iter().flat_map(|about| wrap(&units_firm(&canvas.glyphs.spelled(about)), area.width)).collect();
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let words = if words.is_empty() { vec![tree.path().join(" < ")] } else { words };
    canvas.lines(rest, &words, canvas.theme.text());
}
