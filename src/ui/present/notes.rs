//! The speaker's view in a terminal of its own: follows the presentation and asks it to move.

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

/// How often the other side is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// What the keys of a presentation do here.
const HINTS: &str = "{next-step} next  {previous-step} back  {blank} blank  {to-script} script  {pause} clock  N Enter to step N  \
                     {end-present} quit";

/// Opens what is presented, with a catalog that has its models, or says why it cannot be.
type Open<'o> = &'o dyn Fn(&[String]) -> Result<(Catalog, Deck), String>;

/// The speaker's view as the terminal's loop sees it.
pub struct Notes<'o> {
    session: PresenterSession,
    look: Look,
    open: Open<'o>,
    shared: Option<Shared>,
    deck: Option<(Catalog, Deck)>,
    /// What is wrong; empty where nothing is.
    trouble: String,
    digits: String,
    keymap: Keymap,
    /// The second that is shown.
    second: u64,
}

impl<'o> Notes<'o> {
    /// A view of what meets there.
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

    /// Reads where the presentation stands; says whether anything changed.
    fn follow(&mut self) -> bool {
        let before = (self.shared.clone(), self.trouble.clone());
        let running = self.session.running();
        self.trouble = match &running {
            Some(shared) if self.deck.is_none() || self.shared.as_ref().is_none_or(|old| old.files != shared.files) => {
                match (self.open)(&shared.files) {
                    Ok(opened) => {
                        self.deck = Some(opened);
                        String::new()
                    }
                    Err(error) => error,
                }
            }
            Some(_) => String::new(),
            None => self.absence(),
        };
        self.shared = running.or_else(|| self.shared.take());
        before != (self.shared.clone(), self.trouble.clone())
    }

    /// The reason why there is no presentation.
    fn absence(&self) -> String {
        if let Some(trouble) = self.session.trouble() {
            trouble.to_owned()
        } else if self.shared.is_some() {
            "the presentation is gone; it is taken up again when it comes back".to_owned()
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

    /// The keys are those of a presentation: the other terminal is where they are heeded.
    fn key(&mut self, chord: Chord) -> Handled {
        let typed = std::mem::take(&mut self.digits);
        match self.keymap.action_for(chord, Context::Present) {
            Some(Action::Cancel | Action::Quit) => terminal::Effect::Quit(0).into(),
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
                // The clock shows seconds.
                let clock = self.shared.as_ref().map(|shared| shared.standing.clock);
                let second = clock.map_or(0, |clock| clock.elapsed(now()) / 1000);
                let passed = std::mem::replace(&mut self.second, second) != second;
                if changed || passed { Handled::REDRAW } else { Handled::NOTHING }
            }
            _ => Handled::NOTHING,
        }
    }

    fn tick_every(&self) -> Option<Duration> {
        Some(LOOK)
    }

    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let mut canvas = Canvas { buffer, theme: &self.look.theme, glyphs: self.look.glyphs, identities: &[] };
        canvas.clear(area);
        if let Some(((catalog, deck), shared)) = self.deck.as_ref().zip(self.shared.as_ref()) {
            let standing = &shared.standing;
            let step = deck.steps.get(standing.at).map(|step| &step.scenario);
            let detour = step.zip(standing.detour.as_ref()).map(|(step, now)| step.diff(now, catalog));
            let view = Speaker {
                deck,
                at: standing.at,
                detour: detour.unwrap_or_default(),
                blank: standing.blank,
                clock: standing.clock,
                now: now(),
                link: self.trouble.clone(),
                hints: if self.digits.is_empty() {
                    self.keymap.told(HINTS)
                } else {
                    format!("to step {}", self.digits)
                },
            };
            speaker(&mut canvas, &view, area);
        } else {
            let lines = crate::ui::view::words::wrap(&self.trouble, area.width);
            canvas.lines(area, &lines, self.look.theme.warn());
        }
        self.look.glyphs.purge(canvas.buffer, area);
        None
    }
}
