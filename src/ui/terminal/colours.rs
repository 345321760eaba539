//! Reduction of colours to the nearest that a terminal can show.

use ratatui::style::Color;

use super::environment::Colours;

/// The levels of red, green and blue in the colours 16 to 231.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// The gray colours from 232 on: value of the first, distance between neighbours, and number.
const GRAYS: (u8, u8, u8) = (8, 10, 24);
/// The 16 named colours with the values of xterm. Terminals choose their own values, so these only serve to find the
/// nearest.
const NAMED: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// Returns the nearest foreground and background that a terminal of `depth` can show. Different colours stay different,
/// so that text stays legible on its background.
pub(super) fn reduce(foreground: Color, background: Color, depth: Colours) -> (Color, Color) {
    let (text, ground) = (nearest(foreground, depth), nearest(background, depth));
    if text != ground || foreground == background {
        return (text, ground);
    }
    let is_dark = rgb(background).is_none_or(|value| lightness(value) < 128);
    (if is_dark { Color::White } else { Color::Black }, ground)
}

fn nearest(color: Color, depth: Colours) -> Color {
    match (depth, rgb(color)) {
        (Colours::None, _) => Color::Reset,
        (Colours::Indexed, Some(value)) if matches!(color, Color::Rgb(..)) => Color::Indexed(nearest_index(value)),
        (Colours::Named, Some(value)) if matches!(color, Color::Rgb(..) | Color::Indexed(16..)) => nearest_name(value),
        _ => color,
    }
}

fn nearest_index([red, green, blue]: [u8; 3]) -> u8 {
    let (r, g, b) = (nearest_level(red), nearest_level(green), nearest_level(blue));
    let cube = (16 + 36 * r + 6 * g + b, [r, g, b].map(|level| CUBE[usize::from(level)]));
    let (first, step, count) = GRAYS;
    let mean = lightness([red, green, blue]);
    let gray = (mean.saturating_sub(first).saturating_add(step / 2) / step).min(count - 1);
    let gray = (232 + gray, [first + step * gray; 3]);
    let near = |candidate: (u8, [u8; 3])| distance(candidate.1, [red, green, blue]);
    if near(gray) < near(cube) { gray.0 } else { cube.0 }
}

fn nearest_level(value: u8) -> u8 {
    let levels = (0_u8..).zip(CUBE);
    levels.min_by_key(|(_, level)| level.abs_diff(value)).map_or(0, |(index, _)| index)
}

fn nearest_name(value: [u8; 3]) -> Color {
    NAMED.into_iter().min_by_key(|(_, named)| distance(*named, value)).map_or(Color::Reset, |(color, _)| color)
}

/// Returns the red, green and blue of a colour; `None` if the terminal decides it.
fn rgb(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index @ 16..=231) => {
            let level = |divisor: u8| CUBE[usize::from((index - 16) / divisor % 6)];
            Some([level(36), level(6), level(1)])
        }
        Color::Indexed(index @ 232..) => Some([GRAYS.0 + GRAYS.1 * (index - 232); 3]),
        Color::Indexed(index) => Some(NAMED[usize::from(index)].1),
        named => NAMED.iter().find(|(color, _)| *color == named).map(|(_, value)| *value),
    }
}

/// Returns the perceived lightness, 0 to 255, with the weights of ITU-R BT.601 in thousandths.
fn lightness([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

/// Returns the perceived distance of two colours, squared (the "redmean" approximation).
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let mean_red = u32::midpoint(u32::from(a[0]), u32::from(b[0]));
    let square = |part: usize| u32::from(a[part].abs_diff(b[part])).pow(2);
    (512 + mean_red) * square(0) / 256 + 4 * square(1) + (767 - mean_red) * square(2) / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_of_the_palette_are_found_again() {
        for index in 16..=255 {
            let [red, green, blue] = rgb(Color::Indexed(index)).expect("a fixed color");
            let found = rgb(Color::Indexed(nearest_index([red, green, blue])));
            assert_eq!(found, Some([red, green, blue]), "{index}");
        }
        for (color, [red, green, blue]) in NAMED {
            assert_eq!(nearest(Color::Rgb(red, green, blue), Colours::Named), color);
        }
    }

    #[test]
    fn a_terminal_gets_only_what_it_can_show() {
        let nvidia_green = Color::Rgb(118, 185, 0);
        assert_eq!(nearest(nvidia_green, Colours::True), nvidia_green);
        assert_eq!(nearest(nvidia_green, Colours::Indexed), Color::Indexed(106));
        assert_eq!(nearest(Color::Rgb(200, 20, 20), Colours::Named), Color::Red);
        assert_eq!(nearest(nvidia_green, Colours::None), Color::Reset);
        assert_eq!(nearest(Color::Reset, Colours::Named), Color::Reset);
        assert_eq!(nearest(Color::Red, Colours::Indexed), Color::Red);
    }

    #[test]
    fn text_does_not_vanish_in_its_background() {
        let (dark, darker) = (Color::Rgb(30, 30, 30), Color::Rgb(16, 16, 16));
        for depth in [Colours::Named, Colours::Indexed] {
            for (text, ground) in [(dark, darker), (Color::Rgb(240, 240, 240), Color::Rgb(250, 250, 250))] {
                let (text, ground) = reduce(text, ground, depth);
                assert_ne!(text, ground, "{depth:?}");
            }
        }
        assert_eq!(reduce(dark, dark, Colours::Named).0, reduce(dark, dark, Colours::Named).1);
    }
}
