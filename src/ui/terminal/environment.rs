//! The terminal as environment variables describe it, before anything is written to it.

use std::io::{IsTerminal, stdin, stdout};

use crate::system;

/// The kinds of terminals, by their abilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalKind {
    /// The named stream, standard input or output, is not a terminal.
    Absent(&'static str),
    /// A terminal without cursor movement (`TERM=dumb` or empty), which gets the plain report instead.
    Dumb,
    /// A terminal that can show a screen.
    Full,
}

/// Returns the kind of the terminal from standard input, standard output and `TERM`, without writing anything.
#[must_use]
pub fn terminal_kind() -> TerminalKind {
    if !stdin().is_terminal() {
        TerminalKind::Absent("standard input")
    } else if !stdout().is_terminal() {
        TerminalKind::Absent("standard output")
    } else {
        match std::env::var("TERM").as_deref() {
            Ok("dumb" | "") => TerminalKind::Dumb,
            Err(_) if system::TERMINALS_HAVE_NAMES => TerminalKind::Dumb,
            _ => TerminalKind::Full,
        }
    }
}

/// The colours that the terminal claims to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// No colours, as the user requests with `NO_COLOR`.
    None,
    /// The 16 named colours.
    Named,
    /// 256 colours by index.
    Indexed,
    /// 24-bit colours.
    True,
}

/// The lightness of a terminal's background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on a dark background.
    Dark,
    /// Dark text on a light background.
    Light,
}

/// The terminal and the user's wishes as environment variables describe them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Environment {
    /// The colours that the terminal can show.
    pub colours: Colours,
    /// The background by `COLORFGBG`, if set.
    pub background: Option<Background>,
    /// True if `WHICHBOX_A11Y` asks for plain lines and no motion.
    pub accessible: bool,
    /// True if the locale implies that the terminal shows only ASCII characters.
    pub seven_bit: bool,
    /// True for a terminal that cannot answer queries (`TERM=linux`).
    pub is_console: bool,
    /// True inside tmux or GNU screen, which answer queries for another terminal or not at all.
    pub is_multiplexed: bool,
    /// True if the session is remote, so that bytes and frames are costly.
    pub remote: bool,
}

impl Environment {
    /// Returns the environment of this process.
    #[must_use]
    pub fn read() -> Self {
        let read = Self::from_lookup(|name| std::env::var(name).ok());
        let is_known = read.colours == Colours::None || !system::shows_all_colours();
        Self { colours: if is_known { read.colours } else { Colours::True }, ..read }
    }

    /// Returns an environment that is given as a function from names to values.
    #[must_use]
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let is_tmux = set("TMUX").is_some() || term.starts_with("tmux");
        let is_screen = set("STY").is_some() || (term.starts_with("screen") && !is_tmux);
        let colours = if set("NO_COLOR").is_some() {
            Colours::None
        } else if is_screen {
            // GNU screen passes on the `COLORTERM` of the terminal around it, but shows 24-bit colours wrongly.
            colours("", &term)
        } else {
            colours(&set("COLORTERM").unwrap_or_default(), &term)
        };
        Self {
            colours,
            background: set("COLORFGBG").as_deref().and_then(background),
            accessible: set("WHICHBOX_A11Y").is_some_and(|value| value != "0"),
            seven_bit: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).is_some_and(|locale| !is_utf8(&locale)),
            is_console: matches!(term.as_str(), "linux" | "dumb"),
            is_multiplexed: is_tmux || is_screen,
            remote: set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some(),
        }
    }

    /// Returns true if the terminal can answer the query for its background and the answer may select another theme.
    /// `COLORFGBG` is only a first guess: it may be out of date, or inherited from another terminal.
    #[must_use]
    pub fn asks_background(&self) -> bool {
        !self.is_console && !self.is_multiplexed && self.colours > Colours::Named
    }
}

/// Returns true for a UTF-8 locale such as `en_US.UTF-8`.
fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Prefixes of `TERM` for terminals that show 24-bit colours; each of these always sets its own name.
const TRUE_COLOUR: [&str; 7] = ["alacritty", "contour", "foot", "rio", "wezterm", "xterm-ghostty", "xterm-kitty"];

fn colours(colorterm: &str, term: &str) -> Colours {
    let is_known = TRUE_COLOUR.iter().any(|name| term.starts_with(name)) || term.ends_with("-direct");
    if matches!(colorterm, "truecolor" | "24bit") || is_known {
        Colours::True
    } else if term.contains("256color") {
        Colours::Indexed
    } else {
        Colours::Named
    }
}

/// Reads `COLORFGBG`: `foreground;background` as colour numbers, sometimes with a word between them.
fn background(colorfgbg: &str) -> Option<Background> {
    match colorfgbg.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(Background::Dark),
        7 | 9..=15 => Some(Background::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(variables: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| variables.iter().find(|v| v.0 == name).map(|v| v.1.to_owned()))
    }

    #[test]
    fn colours_follow_the_variables_and_no_color_wins() {
        assert_eq!(given(&[("TERM", "xterm")]).colours, Colours::Named);
        assert_eq!(given(&[("TERM", "xterm-256color")]).colours, Colours::Indexed);
        assert_eq!(given(&[("TERM", "screen-256color")]).colours, Colours::Indexed);
        assert_eq!(given(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]).colours, Colours::True);
        assert_eq!(given(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).colours, Colours::None);
        assert_eq!(given(&[("COLORTERM", "truecolor"), ("NO_COLOR", "")]).colours, Colours::True);
        assert_eq!(given(&[("TERM", "xterm-kitty")]).colours, Colours::True);
        assert_eq!(given(&[("TERM", "xterm-direct")]).colours, Colours::True);
    }

    #[test]
    fn gnu_screen_shows_fewer_colours_than_the_terminal_around_it() {
        let inherited = ("COLORTERM", "truecolor");
        assert_eq!(given(&[("TERM", "screen"), inherited]).colours, Colours::Named);
        assert_eq!(given(&[("TERM", "screen.xterm-256color"), inherited]).colours, Colours::Indexed);
        assert_eq!(given(&[("TERM", "xterm-256color"), ("STY", "1.pts"), inherited]).colours, Colours::Indexed);
        let tmux = given(&[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux"), inherited]);
        assert_eq!(tmux.colours, Colours::True);
    }

    #[test]
    fn the_first_locale_that_is_set_says_whether_seven_bits_are_all() {
        assert!(!given(&[]).seven_bit, "nothing is known");
        assert!(!given(&[("LANG", "en_US.UTF-8")]).seven_bit);
        assert!(given(&[("LANG", "C")]).seven_bit);
        assert!(!given(&[("LANG", "C"), ("LC_ALL", "C.utf8")]).seven_bit);
        assert!(given(&[("LANG", "en_US.UTF-8"), ("LC_CTYPE", "POSIX"), ("LC_ALL", "")]).seven_bit);
    }

    #[test]
    fn only_a_terminal_that_answers_for_itself_is_asked() {
        let coloured = ("COLORTERM", "truecolor");
        for variables in [("TERM", "xterm"), ("COLORFGBG", "0;15")] {
            assert!(given(&[variables, coloured]).asks_background(), "{variables:?}");
        }
        for variables in [("TERM", "linux"), ("TERM", "dumb"), ("NO_COLOR", "1"), ("TMUX", "/tmp/tmux"), ("STY", "1")] {
            assert!(!given(&[variables, coloured]).asks_background(), "{variables:?}");
        }
    }

    #[test]
    fn background_is_the_last_field() {
        assert_eq!(given(&[("COLORFGBG", "15;0")]).background, Some(Background::Dark));
        assert_eq!(given(&[("COLORFGBG", "0;default;15")]).background, Some(Background::Light));
        assert_eq!(given(&[("COLORFGBG", "0;default")]).background, None);
        assert_eq!(given(&[]).background, None);
    }
}
