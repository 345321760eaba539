//! Set-up: devices and host as boxes with the bytes in each, and the bytes that cross between them.
//!
//! ```text
//! ── Set-up GiB in each ──
//! ● 2x RTX 3090   tensor split over PCIe 4.0 x16: 1,310 kB and 3.2 ms per token
//! ██████▓▓░░░░░░━━██████▓▓░░░░░░  ──████░░░░░░░░░░
//! RTX 3090        RTX 3090          Desktop DDR5
//! 20.7 of 23.3    20.7 of 23.3      12.4 of 56.0
//! ```
//! A box is a memory with weights, caches and runtime, and free memory. Devices of one kind share a box if there is no
//! room for one each. A machine with a single memory has no box.

use ratatui::layout::Rect;

use super::{Answer, Panel, PanelInput, too_big};
use crate::model::estimate::setup::{self, Setup};
use crate::model::facts::Split;
use crate::model::units::{Amount, Digits, GIB, Unit};
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel::picture("setup", "Set-up", "memory.total", (remarks, draw));

/// Most lines of a machine.
const TALLEST: u16 = 7;
/// Fewest columns of a machine beside another one.
const LEAST: u16 = 38;
/// Least and greatest width of a box, in columns.
const BOX: (u16, u16) = (14, 30);
/// Width of the link right of a box, in columns.
const LINK: u16 = 3;

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    vec![
        format!("GiB in each box  {} weights  {} caches and runtime  {} free", g.weights, g.cache, g.free),
        "GiB in each box".to_owned(),
        "GiB".to_owned(),
    ]
}

/// A memory: of devices of one kind that share a box, or of the host.
struct Store {
    name: String,
    /// Number of devices in the box.
    count: u32,
    /// Bytes of weights in each device.
    weights: f64,
    /// Bytes in use in each device.
    used: f64,
    /// Usable bytes of each device.
    usable: f64,
    /// True for the memory of the host.
    is_host: bool,
}

/// Returns the memories of a machine, its devices first.
fn stores(answer: &Answer<'_>) -> Vec<Store> {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return Vec::new() };
    let on_host = memory.offload.map_or(0.0, |plan| plan.host_bytes);
    let (weights, used) = ((memory.weights - on_host).max(0.0), (memory.total - on_host).max(0.0));
    let own = |name: &str, count: f64, usable: f64, share: f64| Store {
        name: name.to_owned(),
        count: count as u32,
        weights: weights * share,
        used: used * share,
        usable,
        is_host: false,
    };
    let mut stores: Vec<Store> = Vec::new();
    match &answer.setup {
        Some((setup, split)) => {
            let each = setup.devices.iter().flat_map(|device| std::iter::repeat_n(device, device.count as usize));
            let layers = setup.whole_layers(answer.model.layers);
            for (device, layers) in each.zip(layers) {
                let share = match split {
                    Split::Replica => 1.0,
                    Split::Tensor => 1.0 / setup.count(),
                    Split::Layer | Split::Pipeline => layers / answer.model.layers,
                };
                let store = own(&device.machine.short, 1.0, device.machine.usable_gib.value * GIB, share);
                let alike = |last: &&mut Store| last.name == store.name && last.used.to_bits() == store.used.to_bits();
                match stores.last_mut().filter(alike) {
                    Some(last) => last.count += 1,
                    None => stores.push(store),
                }
            }
        }
        None => stores.push(own(&answer.machine.short, 1.0, answer.machine.usable_gib.value * GIB, 1.0)),
    }
    if let (Some(host), Some(usable)) = (&answer.memory_host, answer.host_memory_bytes) {
        let name = host.name.clone();
        stores.push(Store { name, count: 1, weights: on_host, used: on_host, usable, is_host: true });
    }
    stores
}

/// Returns what crosses between the devices and from the host, in variants from the longest to the shortest.
fn crossing(input: &PanelInput<'_>, answer: &Answer<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if let Some((setup, split)) = &answer.setup {
        let layers =
            if matches!(split, Split::Layer | Split::Pipeline) { layers_each(answer, setup) } else { String::new() };
        let over = format!("{} split{layers} over {}", split.word(), setup.link.name);
        told.push(
            sent(input, answer, setup)
                .map_or_else(|| format!("{over}: nothing crosses"), |sent| format!("{over}: {sent}")),
        );
        told.push(format!("{} split", split.word()));
    }
    if let Some(plan) = answer.estimate.and_then(|estimate| estimate.memory.offload) {
        let bytes = Amount::computed(plan.host_bytes, Unit::MemoryBytes);
        let layers = Amount::exact(plan.layers, Unit::Count);
        let part = if plan.experts { "experts of" } else { "all of" };
        let there = format!("{part} {layers} layers on the host");
        let all = format!("{there}; {bytes} cross per micro-batch of a prompt");
        let before = told.first().map_or_else(String::new, |first| format!("{first}; "));
        told.insert(0, format!("{before}{all}"));
        told.insert(1, all);
        told.insert(2, there);
    } else if answer.memory_host.is_some() {
        told.push("nothing on the host".to_owned());
    }
    if told.is_empty() {
        told.push("one device, all of it in its memory".to_owned());
        told.push("one device".to_owned());
    }
    told
}

/// Returns the layers of each device in words: ` of 27 + 27 + 26 layers`.
fn layers_each(answer: &Answer<'_>, setup: &Setup) -> String {
    format!(" of {} layers", setup.layers_in_words(answer.model.layers))
}

/// Returns the bytes that a token sends over the links of a set-up and their time; `None` if nothing crosses.
fn sent(input: &PanelInput<'_>, answer: &Answer<'_>, setup: &Setup) -> Option<String> {
    let case = answer.case(input.catalog, input.scenario).ok()?;
    let crossing = setup::split::crossing(&case)?;
    let kilobytes = Amount::computed(crossing.bytes / 1e3, Unit::Count);
    let time = Amount::new(crossing.seconds, Unit::Seconds, Digits::Significant(2));
    let more = if setup.count() > 2.0 { " on all links" } else { "" };
    Some(format!("{kilobytes} kB and {time} per token{more}"))
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, (at, hits): (usize, &mut Hits)) {
    let machines = &input.answers.machines;
    let across = (area.width / LEAST).clamp(1, (machines.len() as u16).max(1));
    let rows = (machines.len() as u16).div_ceil(across);
    let each = (area.height / rows.max(1)).clamp(1, TALLEST);
    let room = usize::from(area.height / each * across);
    let shown = if room < machines.len() { room.saturating_sub(usize::from(across)) } else { machines.len() };
    let width = (area.width + LINK) / across - LINK;
    for (machine, answer) in machines.iter().enumerate().take(shown) {
        let (row, column) = (machine as u16 / across, machine as u16 % across);
        let place = Rect { x: area.x + column * (width + LINK), y: area.y + row * each, width, height: each };
        hits.add(place, Target::Row { panel: at, machine });
        // The bytes that cross get a line of their own if there is room for it.
        let lines = if each >= 6 { 2 } else { 1 };
        heading(canvas, Rect { height: lines, ..place }, (machine, answer), input);
        let below = Rect { y: place.y + lines, height: each - lines, ..place };
        let stores = stores(answer);
        // The content of a single memory is in the memory panel already.
        if stores.iter().map(|store| store.count).sum::<u32>() > 1 {
            boxes(canvas, below, (machine, answer), &stores);
        }
    }
    if shown < machines.len() {
        let below = line(area, shown as u16 / across * each);
        canvas.text(below, &format!(" ↓ {} more", machines.len() - shown), canvas.theme.muted());
    }
}

/// Draws the machine's name, and the bytes that cross between its memories or what is missing.
fn heading(canvas: &mut Canvas<'_>, area: Rect, (machine, answer): (usize, &Answer<'_>), input: &PanelInput<'_>) {
    let name = format!("{} {}  ", canvas.sign(machine), answer.machine.short);
    let used = canvas.text(line(area, 0), &name, canvas.machine(machine));
    let rest = if area.height > 1 { line(area, 1) } else { skip(line(area, 0), used) };
    let memory = answer.estimate.map(|estimate| estimate.memory);
    if let Some(memory) = memory.filter(|memory| !memory.fits) {
        canvas.whole(rest, &format!("{} {}", canvas.glyphs.no, too_big(&memory)), canvas.theme.bad());
    } else if let Some(told) = longest_of(&crossing(input, answer), rest.width) {
        canvas.text(rest, told, canvas.theme.muted());
    }
}

/// Draws the boxes side by side with links between them: each memory as a bar, with its name and numbers below.
fn boxes(canvas: &mut Canvas<'_>, area: Rect, (machine, answer): (usize, &Answer<'_>), stores: &[Store]) {
    if area.height < 2 || stores.is_empty() {
        return;
    }
    let devices: u32 = stores.iter().map(|store| store.count).sum();
    let columns = |boxes: u32| (area.width / (boxes as u16).max(1)).saturating_sub(LINK).min(BOX.1);
    let apart = columns(devices) >= BOX.0;
    let wide = columns(if apart { devices } else { stores.len() as u32 });
    let words = if area.height > 3 { 2 } else { 1 };
    let links = answer.setup.as_ref().is_some_and(|(_, split)| *split != Split::Replica);
    let bar = Rect { width: wide, height: area.height - words, ..area };
    let mut left = 0;
    for store in stores {
        for _ in 0..if apart { store.count } else { 1 } {
            let place = |rect: Rect| Rect { width: wide, ..skip(rect, left) };
            let joined = if store.is_host { left > 0 } else { left > 0 && links };
            if joined {
                let glyph = canvas.glyphs.rule.repeat(usize::from(LINK));
                let middle = Rect { y: bar.y + bar.height / 2, height: 1, ..area };
                canvas.text(Rect { width: LINK, ..skip(middle, left - LINK) }, &glyph, canvas.theme.muted());
            }
            memory_bar(canvas, place(Rect { width: area.width, ..bar }), machine, store);
            let several = if apart || store.count == 1 { String::new() } else { format!("{}x ", store.count) };
            let name = format!("{several}{}", store.name);
            let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes).number();
            let numbers = format!("{} of {}", gib(store.used), gib(store.usable));
            let below = |row: u16| place(line(area, bar.height + row));
            if words == 2 {
                canvas.text(below(0), &name, canvas.theme.text());
            }
            let number = [format!("{name}  {numbers}"), numbers.clone()];
            let number = if words == 2 { Some(numbers.as_str()) } else { longest_of(&number, wide) };
            let style = if store.used > store.usable { canvas.theme.bad() } else { canvas.theme.muted() };
            canvas.whole(below(words - 1), number.unwrap_or_default(), style);
            left += wide + LINK;
        }
    }
}

fn memory_bar(canvas: &mut Canvas<'_>, area: Rect, machine: usize, store: &Store) {
    let style = if store.is_host { canvas.theme.muted() } else { canvas.machine(machine) };
    let most = store.usable.max(store.used).max(1.0);
    let rim = store.usable / most;
    let part = |bytes: f64, shade| Segment { to: (bytes / most).min(rim), shade, style };
    let missing = Segment { to: store.used / most, shade: Shade::Hatched, style: canvas.theme.bad() };
    let parts = [part(store.weights, Shade::Full), part(store.used, Shade::Half), part(store.usable, Shade::Faint)];
    canvas.bar(area, &[parts[0], parts[1], parts[2], missing]);
}
