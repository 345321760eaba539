//! What is known about the terminal before anything is written to it?
//!
//! Read from the environment variables alone and handed on as data: the theme decides what to do about it.

use rustix::termios::isatty;

/// Whether there is a terminal, and whether it can show a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalKind {
    /// The named stream, standard input or output, is not a terminal.
    Absent(&'static str),
    /// A terminal without cursor movement (`TERM=dumb` or empty): print the plain report instead.
    Dumb,
    /// A terminal that can show a screen.
    Full,
}

/// Looks at standard input, standard output and `TERM`; writes nothing.
#[must_use]
pub fn terminal_kind() -> TerminalKind {
    if !isatty(rustix::stdio::stdin()) {
        TerminalKind::Absent("standard input")
    } else if !isatty(rustix::stdio::stdout()) {
        TerminalKind::Absent("standard output")
    } else {
        match std::env::var("TERM").as_deref() {
            Ok("dumb" | "") | Err(_) => TerminalKind::Dumb,
            Ok(_) => TerminalKind::Full,
        }
    }
}

/// How many colours the terminal says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None are wanted (`NO_COLOR`).
    None,
    /// The 16 named ones.
    Named,
    /// 256 by index.
    Indexed,
    /// 24 bit.
    True,
}

/// Whether the terminal is dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on a dark background.
    Dark,
    /// Dark text on a light background.
    Light,
}

/// What the environment variables say about the terminal and the person in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Environment {
    /// How many colours there are.
    pub colours: Colours,
    /// The background by `COLORFGBG`, where it is set.
    pub background: Option<Background>,
    /// `WHICHBOX_A11Y`: plain lines and no motion.
    pub accessible: bool,
    /// Whether the locale says that the terminal shows seven-bit characters only.
    pub seven_bit: bool,
    /// Whether the terminal is one that is not asked questions (`TERM=linux`).
    pub is_console: bool,
    /// Whether the session is remote, so that bytes and frames are dear.
    pub remote: bool,
}

impl Environment {
    /// Reads the environment of this process.
    #[must_use]
    pub fn read() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads an environment given as a function from name to value.
    #[must_use]
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        Self {
            colours: if set("NO_COLOR").is_some() {
                Colours::None
            } else {
                colours(&set("COLORTERM").unwrap_or_default(), &set("TERM").unwrap_or_default())
            },
            background: set("COLORFGBG").as_deref().and_then(background),
            accessible: set("WHICHBOX_A11Y").is_some_and(|value| value != "0"),
            seven_bit: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).is_some_and(|locale| !is_utf8(&locale)),
            is_console: set("TERM").is_some_and(|term| matches!(term.as_str(), "linux" | "dumb")),
            remote: set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some(),
        }
    }
}

impl Environment {
    /// Whether asking the terminal for its background could tell more than the environment does: `COLORFGBG` is a first
    /// guess, which outlives a change of colours and travels into other terminals.
    #[must_use]
    pub fn asks_background(&self) -> bool {
        !self.is_console && self.colours != Colours::None
    }
}

/// Whether a locale such as `en_US.UTF-8` is one.
fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

fn colours(colorterm: &str, term: &str) -> Colours {
    if matches!(colorterm, "truecolor" | "24bit") || term.ends_with("-direct") {
        Colours::True
    } else if term.contains("256color") {
        Colours::Indexed
    } else {
        Colours::Named
    }
}

/// `COLORFGBG` is `foreground;background`, sometimes with a word between, as colour numbers.
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
        assert_eq!(given(&[("TERM", "screen-256color")]).colours, Colours::Indexed);
        assert_eq!(given(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]).colours, Colours::True);
        assert_eq!(given(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).colours, Colours::None);
        assert_eq!(given(&[("COLORTERM", "truecolor"), ("NO_COLOR", "")]).colours, Colours::True);
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
    fn a_console_and_who_wants_no_colours_are_not_asked() {
        for variables in [[("TERM", "xterm")], [("COLORFGBG", "0;15")]] {
            assert!(given(&variables).asks_background(), "{variables:?}");
        }
        for variables in [[("TERM", "linux")], [("TERM", "dumb")], [("NO_COLOR", "1")]] {
            assert!(!given(&variables).asks_background(), "{variables:?}");
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
