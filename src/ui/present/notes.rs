//! The speaker's view in another terminal: it follows the presentation and sends it commands.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::deck::Deck;
use super::session::{PresenterSession, RemoteCommand, Shared};
use super::view::{Speaker, speaker};
use crate::model::catalog::Catalog;
use crate::ui::explorer::{chord, now};
use crate::ui::input::{Action, Chord, Context, Keymap};
use crate::ui::terminal::{self, Event, Handled, Screen};
use crate::ui::view::Look;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::words::wrap;

/// Interval at which the published position is read.
const INTERVAL: Duration = Duration::from_millis(200);
/// The line of hints.
const HINTS: &str = "{next-step} next  {previous-step} back  {blank} blank  {to-script} script  {pause} clock  N Enter to step N  \
                     {end-talk} quit";

/// The reason why a deck cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotOpened(pub String);

/// A function that opens decks by the names of their files, with a catalog that contains their models.
type Open<'o> = &'o dyn Fn(&[String]) -> Result<(Catalog, Deck), NotOpened>;

/// The speaker's view as a screen of the terminal.
pub struct Notes<'o> {
    session: PresenterSession,
    look: Look,
    open: Open<'o>,
    shared: Option<Shared>,
    deck: Option<(Catalog, Deck)>,
    /// The problem with the session or the deck in a sentence; empty if there is none.
    trouble: String,
    /// The digits typed so far of a step's number.
    digits: String,
    keymap: Keymap,
    /// The time in seconds that the clock shows.
    second: u64,
}

impl<'o> Notes<'o> {
    /// Returns a view that follows the presentation of a session.
    #[must_use]
    pub fn new(session: PresenterSession, (look, keymap): (Look, Keymap), open: Open<'o>) -> Self {
        let mut notes = Self {
            session,
            look,
            open,
            shared: None,
            deck: None,
            trouble: String::new(),
            digits: String::new(),
            keymap,
            second: 0,
        };
        notes.follow();
        notes
    }

    /// Reads the position of the presentation; returns true if anything changed.
    fn follow(&mut self) -> bool {
        let before = (self.shared.clone(), self.trouble.clone());
        let running = self.session.running();
        let error = running.as_ref().and_then(|shared| self.open_deck(shared));
        self.shared = running.clone().or_else(|| self.shared.take());
        self.trouble = match (running, error) {
            (_, Some(error)) => error.to_string(),
            (Some(shared), None) => self.difference(&shared).unwrap_or_default(),
            (None, None) => self.absence(),
        };
        before != (self.shared.clone(), self.trouble.clone())
    }

    /// Opens the presented deck, unless it is open already.
    fn open_deck(&mut self, shared: &Shared) -> Option<NotOpened> {
        let known = self.shared.as_ref().is_some_and(|old| (&old.path, &old.files) == (&shared.path, &shared.files));
        if self.deck.is_some() && known {
            return None;
        }
        match (self.open)(&shared.files) {
            Ok(opened) => {
                self.deck = Some(opened);
                None
            }
            Err(error) => Some(error),
        }
    }

    /// Returns a sentence if the deck of the audience differs from the deck that was read here.
    fn difference(&self, shared: &Shared) -> Option<String> {
        let (_, deck) = self.deck.as_ref().filter(|(_, deck)| deck.fingerprint() != shared.position.deck)?;
        let (steps, at) = (deck.steps.len(), shared.position.at + 1);
        Some(if at > steps {
            format!("the deck's file has {steps} steps now and the audience sees step {at}: no notes for it")
        } else {
            "the deck's file was edited since the presentation began: notes may differ from the audience's step"
                .to_owned()
        })
    }

    /// Returns the reason why there is no presentation to follow.
    fn absence(&self) -> String {
        if let Some(trouble) = self.session.trouble() {
            trouble.to_owned()
        } else if self.shared.is_some() {
            "the presentation is gone; this view follows it when it comes back".to_owned()
        } else {
            "no presentation runs yet: start `whichbox present DECK`".to_owned()
        }
    }

    fn send(&mut self, command: RemoteCommand) -> Handled {
        if let Some(shared) = &self.shared {
            self.session.send(shared, command);
        }
        Handled::REDRAW
    }

    /// Handles a key: keys of a presentation are sent to it as commands.
    fn key(&mut self, chord: Chord) -> Handled {
        let typed = std::mem::take(&mut self.digits);
        match self.keymap.action_for(chord, Context::Present) {
            Some(Action::Cancel | Action::EndTalk | Action::Quit) => terminal::Effect::Quit(0).into(),
            Some(Action::NextStep) => match typed.parse::<usize>() {
                Ok(step) => self.send(RemoteCommand::Go(step.saturating_sub(1))),
                Err(_) => self.send(RemoteCommand::Next),
            },
            Some(Action::PreviousStep) => self.send(RemoteCommand::Back),
            Some(Action::FirstStep) => self.send(RemoteCommand::Go(0)),
            Some(Action::LastStep) => self.send(RemoteCommand::Go(usize::MAX)),
            Some(Action::Blank) => self.send(RemoteCommand::Blank),
            Some(Action::Pause) => self.send(RemoteCommand::Pause),
            Some(Action::ToScript) => self.send(RemoteCommand::Script),
            Some(Action::Suspend) => terminal::Effect::Suspend.into(),
            Some(Action::Redraw) => terminal::Effect::Repaint.into(),
            Some(_) => Handled::NOTHING,
            None => match chord.typed().filter(char::is_ascii_digit) {
                Some(digit) if typed.len() < 3 => {
                    self.digits = format!("{typed}{digit}");
                    Handled::REDRAW
                }
                _ => Handled::NOTHING,
            },
        }
    }
}

impl Screen for Notes<'_> {
    fn handle(&mut self, event: Event) -> Handled {
        match event {
            Event::Key(key) => chord(&key).map_or(Handled::NOTHING, |chord| self.key(chord)),
            Event::Resize(_) => Handled::REDRAW,
            Event::Tick => {
                let changed = self.follow();
                // The clock shows seconds, so it is redrawn when the second changes.
                let clock = self.shared.as_ref().map(|shared| shared.position.clock);
                let second = clock.map_or(0, |clock| clock.elapsed(now()) / 1000);
                let passed = std::mem::replace(&mut self.second, second) != second;
                if changed || passed { Handled::REDRAW } else { Handled::NOTHING }
            }
            _ => Handled::NOTHING,
        }
    }

    fn tick_every(&self) -> Option<Duration> {
        Some(INTERVAL)
    }

    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let mut canvas = Canvas { buffer, theme: &self.look.theme, glyphs: self.look.glyphs, identities: &[] };
        canvas.clear(area);
        let opened = self.deck.as_ref().zip(self.shared.as_ref());
        let view = opened.and_then(|((catalog, deck), shared)| {
            let hints =
                if self.digits.is_empty() { self.keymap.told(HINTS) } else { format!("to step {}", self.digits) };
            Speaker::of_position((catalog, deck), &shared.position, now(), (self.trouble.clone(), hints), &self.keymap)
        });
        if let Some(view) = view {
            speaker(&mut canvas, &view, area);
        } else {
            let lines = wrap(&self.trouble, area.width);
            canvas.lines(area, &lines, self.look.theme.warn());
        }
        self.look.glyphs.purge(canvas.buffer, area);
        None
    }
}
