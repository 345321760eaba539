//! Themes: the only place that defines colours, by role.
//!
//! A theme is a RON file in `assets/themes/` and a row in [`THEMES`]. Without colour, roles differ in form: bold,
//! underlined, reversed, and a glyph per machine.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::model::answer::Identity;
use crate::model::ron_file::{self, visible};

/// Builds a row for each file of `assets/themes/`: its name and its text.
macro_rules! themes {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../assets/themes/", $name, ".ron")))),*]
    };
}

/// The built-in themes: name and text of the file.
pub static THEMES: &[(&str, &str)] = themes! { "dark" "light" "high-contrast" "projector" "ansi" "mono" };

/// The share of a colour in a part of a bar; the rest is the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// The full colour.
    Full,
    /// Half of the colour.
    Half,
    /// A quarter of the colour.
    Faint,
    /// Strokes in the colour, for what is missing.
    Hatched,
}

impl Shade {
    /// Returns the share of the colour.
    fn share(self) -> f64 {
        match self {
            Self::Full | Self::Hatched => 1.0,
            Self::Half => 0.55,
            Self::Faint => 0.3,
        }
    }
}

/// Colours by role, as a theme file has them: `#rrggbb`, or a name of the terminal's 16 colours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the role of its name")]
pub struct Theme {
    pub name: String,
    pub background: Color,
    pub text: Color,
    pub muted: Color,
    pub rule: Color,
    pub title: Color,
    pub focus: Color,
    pub good: Color,
    pub warn: Color,
    pub bad: Color,
    pub track: Color,
    pub machines: Vec<Color>,
    /// True if roles differ in form instead of colour.
    #[serde(default)]
    colourless: bool,
}

/// Returns the names of all themes, separated by commas.
#[must_use]
pub fn names() -> String {
    THEMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

impl Theme {
    /// Returns the built-in theme with the name `name`.
    ///
    /// # Errors
    /// A sentence with the names of all themes, or with the fault in the theme's file.
    pub fn named(name: &str) -> Result<Self, String> {
        let (_, text) = THEMES
            .iter()
            .find(|(id, _)| *id == name)
            .ok_or_else(|| format!("there is no theme \"{}\"; there are: {}", visible(name), names()))?;
        ron_file::from_str::<Theme>(name, text).map_err(|error| error.to_string())
    }

    /// Returns the theme without any colours.
    #[must_use]
    pub fn without_colour(mut self) -> Self {
        self.colourless = true;
        self
    }

    /// Returns true if roles differ in form instead of colour.
    #[must_use]
    pub fn is_colourless(&self) -> bool {
        self.colourless
    }

    fn style(&self, colour: Color, plain: Modifier) -> Style {
        if self.colourless { Style::reset().add_modifier(plain) } else { Style::reset().fg(colour).bg(self.background) }
    }

    /// Returns the style of body text.
    #[must_use]
    pub fn text(&self) -> Style {
        self.style(self.text, Modifier::empty())
    }

    /// Returns the style of secondary text: units, remarks and hints.
    #[must_use]
    pub fn muted(&self) -> Style {
        self.style(self.muted, Modifier::empty())
    }

    /// Returns the style of lines between parts of the screen.
    #[must_use]
    pub fn rule(&self) -> Style {
        self.style(self.rule, Modifier::empty())
    }

    /// Returns the style of titles and answers.
    #[must_use]
    pub fn title(&self) -> Style {
        self.style(self.title, Modifier::BOLD).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of what the next key acts on.
    #[must_use]
    pub fn focus(&self) -> Style {
        self.style(self.focus, Modifier::REVERSED).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of the border around a focused part or an overlay.
    #[must_use]
    pub fn edge(&self) -> Style {
        self.style(self.focus, Modifier::BOLD)
    }

    /// Returns the style of a cursor or chosen row.
    #[must_use]
    pub fn chosen(&self) -> Style {
        if self.colourless {
            Style::reset().add_modifier(Modifier::REVERSED)
        } else {
            Style::reset().fg(self.background).bg(self.focus).add_modifier(Modifier::BOLD)
        }
    }

    /// Returns the style of what passes.
    #[must_use]
    pub fn good(&self) -> Style {
        self.style(self.good, Modifier::empty())
    }

    /// Returns the style of warnings.
    #[must_use]
    pub fn warn(&self) -> Style {
        self.style(self.warn, Modifier::UNDERLINED)
    }

    /// Returns the style of what fails.
    #[must_use]
    pub fn bad(&self) -> Style {
        self.style(self.bad, Modifier::UNDERLINED)
    }

    /// Returns the style of the empty part of a bar.
    #[must_use]
    pub fn track(&self) -> Style {
        self.style(self.track, Modifier::DIM)
    }

    /// Returns the style of a machine; that of secondary text for a machine without an identity.
    #[must_use]
    pub fn identified(&self, identity: Option<Identity>) -> Style {
        match identity {
            Some(Identity::Palette(at)) => self.machine(at),
            Some(Identity::Letter(_)) => self.style(self.text, Modifier::BOLD),
            None => self.muted(),
        }
    }

    /// Returns a shade of a style's colour; `None` if the theme has no colours to mix.
    #[must_use]
    pub fn tint(&self, style: Style, shade: Shade) -> Option<Color> {
        let (Some(Color::Rgb(r, g, b)), Color::Rgb(ground_r, ground_g, ground_b)) = (style.fg, self.background) else {
            return None;
        };
        let share = shade.share();
        let mixed = |colour: u8, ground: u8| (f64::from(colour) * share + f64::from(ground) * (1.0 - share)).round();
        let channel = |colour, ground| mixed(colour, ground) as u8;
        (!self.colourless).then(|| Color::Rgb(channel(r, ground_r), channel(g, ground_g), channel(b, ground_b)))
    }

    /// Returns the style at index `at` of the palette.
    #[must_use]
    pub fn machine(&self, at: usize) -> Style {
        let colour = self.machines.get(at % self.machines.len().max(1)).copied().unwrap_or(self.text);
        self.style(colour, Modifier::BOLD)
    }

    /// Returns the colour of a style as on the web, `#00553f`; black if the theme uses the terminal's colours.
    #[must_use]
    pub fn hex(style: Style) -> String {
        match style.fg {
            Some(Color::Rgb(r, g, b)) => format!("#{r:02x}{g:02x}{b:02x}"),
            _ => "#000000".to_owned(),
        }
    }

    /// Returns the style of titles with text and background swapped. No machine has its colour.
    #[must_use]
    pub fn title_reversed(&self) -> Style {
        self.title().add_modifier(Modifier::REVERSED)
    }

    /// Returns the style of large digits that are less prominent than others.
    #[must_use]
    pub fn receding(&self) -> Style {
        let muted = self.muted();
        self.tint(muted, Shade::Half).map_or(self.rule(), |colour| muted.fg(colour))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the relative luminance by WCAG 2.1.
    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(r, g, b) = colour else { panic!("{colour:?} is not an RGB colour") };
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.039_28 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_theme_is_readable() {
        for (name, _) in THEMES {
            let theme = Theme::named(name).unwrap_or_else(|error| panic!("{error}"));
            // The colours of the terminal's own palette are not known.
            if theme.background == Color::Reset {
                continue;
            }
            let text = [theme.text, theme.muted, theme.title, theme.focus, theme.good, theme.warn, theme.bad];
            for colour in text.into_iter().chain(theme.machines.iter().copied()) {
                let ratio = contrast(colour, theme.background);
                assert!(ratio >= 4.5, "{name}: {colour:?} on the background has {ratio:.2}:1");
            }
            let ratio = contrast(theme.rule, theme.background);
            assert!(ratio >= 3.0, "{name}: rules have {ratio:.2}:1");
            let least = if ["high-contrast", "projector"].contains(name) { 7.0 } else { 4.5 };
            for colour in text.into_iter().chain(theme.machines.iter().copied()) {
                let ratio = contrast(colour, theme.background);
                assert!(ratio >= least, "{name}: {colour:?} has {ratio:.2}:1, wanted {least}:1");
            }
        }
    }

    /// Returns a colour as seen without red or green cones, by Viénot, Brettel and Mollon 1999, in linear RGB.
    fn seen_without(colour: Color, rows: [[f64; 3]; 2]) -> [f64; 3] {
        let Color::Rgb(r, g, b) = colour else { panic!("{colour:?} is not an RGB colour") };
        let linear = [r, g, b].map(|channel| libm::pow(f64::from(channel) / 255.0, 2.2));
        let dot = |row: [f64; 3]| row.iter().zip(linear).map(|(weight, channel)| weight * channel).sum::<f64>();
        [dot(rows[0]), dot(rows[0]), dot(rows[1])].map(|channel: f64| libm::pow(channel.clamp(0.0, 1.0), 1.0 / 2.2))
    }

    #[test]
    fn the_first_machines_are_told_apart_without_red_or_green_cones() {
        let protan = [[0.112_38, 0.887_62, 0.0], [0.004_01, -0.004_01, 1.0]];
        let deutan = [[0.292_75, 0.707_25, 0.0], [-0.022_34, 0.022_34, 1.0]];
        for (name, _) in THEMES {
            let theme = Theme::named(name).unwrap_or_else(|error| panic!("{error}"));
            if theme.background == Color::Reset {
                continue;
            }
            for kind in [protan, deutan] {
                let seen: Vec<[f64; 3]> = theme.machines.iter().take(3).map(|c| seen_without(*c, kind)).collect();
                for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                    let apart = seen[a].iter().zip(seen[b]).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    assert!(apart > 0.12, "{name}: machines {a} and {b} are {apart:.2} apart");
                }
            }
        }
    }

    #[test]
    fn without_colour_no_role_sets_one() {
        let theme = Theme::named("dark").map_or_else(|error| panic!("{error}"), Theme::without_colour);
        for style in [theme.text(), theme.focus(), theme.chosen(), theme.machine(3), theme.bad(), theme.track()] {
            assert!(matches!(style.fg, None | Some(Color::Reset)), "{style:?}");
            assert!(matches!(style.bg, None | Some(Color::Reset)), "{style:?}");
        }
    }
}
