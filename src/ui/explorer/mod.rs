//! The explorer in a terminal: it turns events into messages, draws the state, and carries out effects on files.

mod copy;
mod files;
mod keys;
pub(in crate::ui) mod own_file;
mod pointer;
mod recovery;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::files::model_file::{self, Place, adopt};
use crate::system;
use crate::ui::input::{Action, Chord, Key};
use crate::ui::present::deck::Deck;
use crate::ui::present::deck::tween::FRAME_MS;
use crate::ui::present::{PresenterSession, SlidePosition};
use crate::ui::state::{Copied, Effect, Message, State, update};
use crate::ui::terminal::{self, Background, Event, Handled, Screen};
use crate::ui::view::hit::Hits;
use crate::ui::view::theme::{THEMES, Theme};
use crate::ui::view::{Look, figure_in_focus, render};

pub use files::document_of;
pub use keys::chord;
pub use pointer::Pointer;

/// Interval at which commands from speakers' views are read.
const LISTEN: Duration = Duration::from_millis(200);

/// Time without a key after which a map that was drawn coarsely is refined.
const REST: Duration = Duration::from_millis(80);

/// Interval at which the open file is checked and unsaved work is kept.
const LOOK: Duration = Duration::from_secs(1);

/// The explorer as a screen of the terminal.
pub struct Explorer<'c> {
    state: State<'c>,
    look: Look,
    /// True if no theme may show colours.
    colourless: bool,
    /// True while the theme follows the terminal's background, because the user has chosen none.
    follows: bool,
    /// The mouse targets and links of the picture that was drawn last.
    hits: Hits,
    /// True if links are sent to the terminal.
    can_link: bool,
    /// The links that are sent to the terminal.
    links: Vec<terminal::Link>,
    pointer: Pointer,
    /// The copy whose outcome is not known yet.
    copying: Option<Copied>,
    /// The sentence about unsaved work that is printed after the explorer is closed.
    last_words: Option<String>,
    /// Unsaved work, kept in a file.
    recovery: recovery::Recovery,
    /// The files that were opened and saved.
    files: files::Files,
    /// The session with speakers' views and the names of the files that are presented, during a presentation.
    session: Option<(PresenterSession, Vec<String>)>,
    /// The directory in which speakers' views find a presentation.
    meeting_place: Option<std::path::PathBuf>,
    /// The places of model files, from which they can be read into the catalog.
    places: Vec<Place>,
}

impl<'c> Explorer<'c> {
    /// Returns an explorer with a state and a look.
    #[must_use]
    pub fn new(state: State<'c>, look: Look) -> Self {
        let files = files::Files::default();
        let by_itself = Theme::named(&look.theme.name).is_ok_and(|theme| theme.is_colourless());
        let colourless = look.theme.is_colourless() && !by_itself;
        Self {
            state,
            look,
            colourless,
            follows: false,
            hits: Hits::default(),
            can_link: false,
            links: Vec::new(),
            pointer: Pointer::default(),
            copying: None,
            last_words: None,
            recovery: recovery::Recovery::default(),
            files,
            session: None,
            meeting_place: None,
            places: Vec::new(),
        }
    }

    /// Remembers the content of the scenario's file, so that saving notices a change by another program.
    pub fn remember(&mut self, opened: &crate::model::scenario::Opened) {
        self.files.remember(opened);
    }

    /// Keeps unsaved work in `directory`, and offers what an earlier program left there.
    pub fn keep_in(&mut self, directory: Option<std::path::PathBuf>) {
        self.recovery = recovery::Recovery::in_directory(directory, &self.state.document);
        if let Some(text) = self.recovery.offer(&self.state.keymap) {
            update(&mut self.state, Message::Done(text));
        }
    }

    /// Returns the sentence about unsaved work after closing: that it is kept, or why it is lost.
    #[must_use]
    pub fn last_words(&self) -> Option<&str> {
        self.last_words.as_deref()
    }

    /// Returns true if the work is in no file: the state differs from its document, or the document's file is gone.
    fn is_unsaved(&self) -> bool {
        self.state.is_changed() || self.files.is_gone()
    }

    /// Presents a deck that was opened from `files`, from its start or from `position`. The program ends with the
    /// presentation.
    pub fn present(
        &mut self,
        deck: Deck,
        files: Vec<String>,
        session: PresenterSession,
        position: Option<SlidePosition>,
    ) {
        self.state.present(deck, now(), position);
        self.state.present.iter_mut().for_each(|present| present.ends_program = true);
        self.session = Some((session, files));
        self.share();
    }

    /// Allows model files in these places to be opened.
    pub fn open_models(&mut self, places: Vec<Place>) {
        self.places = places;
    }

    /// Reads a model file into a copy of the catalog, which then becomes the explorer's catalog.
    fn read_model(&mut self, path: &std::path::Path) -> Message {
        let name = path.to_string_lossy().into_owned();
        let mut catalog = self.state.catalog.clone();
        match adopt(&mut catalog, &name, path) {
            Ok(()) => {
                // Answers, including those in the history, borrow from their catalog, so it is leaked until the program
                // ends.
                self.state.catalog = Box::leak(Box::new(catalog));
                Message::ModelRead(name)
            }
            Err(error) => Message::Failed(error.to_string()),
        }
    }

    /// Sets the directory in which speakers' views find a presentation.
    pub fn meet_in(&mut self, directory: Option<std::path::PathBuf>) {
        self.meeting_place = directory;
    }

    /// Starts a session for speakers' views of a presentation from the explorer, if the scenario can be opened by name.
    fn meet(&mut self) {
        if self.session.is_some() || self.state.present.is_none() || self.state.is_changed() {
            return;
        }
        let Some(directory) = self.meeting_place.clone() else { return };
        let name = match &self.state.document.path {
            Some(path) => std::path::absolute(path).unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned(),
            None => self.state.document.name.clone(),
        };
        self.session = Some((PresenterSession::in_directory(Some(directory)), vec![name]));
    }

    /// Publishes the position of the presentation for speakers' views.
    fn share(&mut self) {
        self.meet();
        let Some((session, files)) = &mut self.session else { return };
        if self.state.present.is_none() {
            session.end();
            self.session = None;
        } else if let Some(position) = self.state.slide_position() {
            session.publish(files, &position);
        }
    }

    /// Runs the commands of speakers' views in the order in which they were sent.
    fn run_remote_commands(&mut self) -> Handled {
        let commands = self.session.as_mut().map(|(session, _)| session.take_commands()).unwrap_or_default();
        let mut handled = Handled::NOTHING;
        for command in commands {
            handled = self.tell(Message::Remote { wish: command.action(), at: now() });
        }
        handled
    }

    fn tell(&mut self, message: Message) -> Handled {
        let effect = update(&mut self.state, message);
        self.share();
        match effect {
            None => Handled::REDRAW,
            Some(effect) => self.perform(effect),
        }
    }

    fn perform(&mut self, effect: Effect) -> Handled {
        let message = match effect {
            Effect::Quit => {
                if let Some((mut session, _)) = self.session.take() {
                    session.end();
                }
                return terminal::Effect::Quit(0).into();
            }
            Effect::Suspend => return terminal::Effect::Suspend.into(),
            Effect::Redraw => return terminal::Effect::Repaint.into(),
            Effect::Mouse(on) => return terminal::Effect::SetMouse(on).into(),
            Effect::NextTheme => return self.next_theme(),
            Effect::Copy(what) => return self.copy(what),
            Effect::Trace => {
                let (figure, machine) = figure_in_focus(&self.state);
                Message::Trace { figure, machine }
            }
            Effect::TakeBack => match self.recovery.take() {
                Some(kept) => Message::Loaded(Box::new(kept)),
                None => Message::Done("no unsaved work is kept".to_owned()),
            },
            Effect::DiscardKept => Message::Done(match self.recovery.discard() {
                Some(name) => self.recovery.discarded(&name, &self.state.keymap),
                None => "no unsaved work is kept".to_owned(),
            }),
            Effect::List => Message::Listed(files::list()),
            Effect::ModelFiles => {
                let (models, _) = model_file::list(&self.places);
                Message::ModelFiles(models.into_iter().map(|found| (found.name, found.path, found.bytes)).collect())
            }
            Effect::ReadModel(path) => self.read_model(&path),
            Effect::Load(name) => self.files.load(self.state.catalog, &name),
            Effect::Save { to } => self.files.save(&self.state, to),
        };
        update(&mut self.state, message);
        Handled::REDRAW
    }

    /// Sends a text to the terminal's clipboard; the loop's answer becomes a notice.
    fn copy(&mut self, what: Copied) -> Handled {
        match copy::text(&self.state, self.look.glyphs, what) {
            Ok(text) => {
                self.copying = Some(what);
                terminal::Effect::Copy(text).into()
            }
            Err(sentence) => self.tell(Message::Failed(sentence)),
        }
    }

    /// Shows the outcome of a copy, or the reason why something failed.
    fn note(&mut self, text: String) -> Handled {
        let message = match self.copying.take() {
            Some(what) if !text.starts_with("not ") => Message::Done(format!("copied: {}, {text}", what.name())),
            _ => Message::Failed(text),
        };
        self.tell(message)
    }

    /// Makes sources links (OSC 8) if `can_link` is true.
    pub fn link(&mut self, can_link: bool) {
        self.can_link = can_link;
    }

    /// Makes the theme follow the terminal's background until the user chooses one.
    pub fn follow_background(&mut self, follows: bool) {
        self.follows = follows;
    }

    fn background(&mut self, background: Background) -> Handled {
        let name = match background {
            Background::Dark => "dark",
            Background::Light => "light",
        };
        match Theme::named(name) {
            Ok(theme) if self.follows && theme.name != self.look.theme.name => {
                self.look.theme = theme;
                Handled::REDRAW
            }
            _ => Handled::NOTHING,
        }
    }

    fn next_theme(&mut self) -> Handled {
        self.follows = false;
        let at = THEMES.iter().position(|(name, _)| *name == self.look.theme.name).unwrap_or(0);
        if let Some(Ok(theme)) = THEMES.get((at + 1) % THEMES.len()).map(|(name, _)| Theme::named(name)) {
            let text = format!("theme: {}", theme.name);
            self.look.theme = if self.colourless { theme.without_colour() } else { theme };
            update(&mut self.state, Message::Done(text));
        }
        Handled::REDRAW
    }

    /// Keeps unsaved work, and reads the file again if another program changed it: at once if no change of the user
    /// would be lost, else the user decides.
    fn tick(&mut self) -> Handled {
        let is_unsaved = self.is_unsaved();
        if let Some(trouble) = self.recovery.tick(&self.state, is_unsaved) {
            let does = self.state.keymap.told("{save} saves it");
            return self.tell(Message::Failed(format!("unsaved work cannot be kept: {trouble}; {does}")));
        }
        let Some(path) = self.state.document.path.clone() else { return Handled::NOTHING };
        // While an overlay is open, the user's input must not be taken away.
        if self.state.overlay.is_some() {
            return Handled::NOTHING;
        }
        let name = self.state.document.name.clone();
        match self.files.change_of(&path) {
            files::FileChange::None => return Handled::NOTHING,
            files::FileChange::Gone => {
                let does = self.state.keymap.told("{save} saves it there again");
                return self.tell(Message::Failed(format!("{name} was removed or renamed by another program: {does}")));
            }
            files::FileChange::Changed => {}
        }
        if self.state.is_changed() {
            let does = self.state.keymap.told("{reload} reads it, and {undo} brings your changes back");
            let text = format!("{name} was changed by another program: {does}");
            return self.tell(Message::Failed(text));
        }
        let message = self.files.load(self.state.catalog, &path.to_string_lossy());
        let is_read = match &message {
            Message::Loaded(loaded) if loaded.0 == self.state.document.saved => return Handled::NOTHING,
            other => matches!(other, Message::Loaded(_)),
        };
        self.state.notice = None;
        let handled = self.tell(message);
        // A notice about changes since saving takes precedence over the notice that the file was read.
        if is_read && self.state.notice.is_none() {
            let does = self.state.keymap.told("{undo} goes back");
            return self.tell(Message::Done(format!("{name} was changed and read again; {does}")));
        }
        handled
    }
}

/// Returns the milliseconds since the machine started, sleep included: all processes agree on it, and it is never set
/// back.
pub(in crate::ui) fn now() -> u64 {
    u64::try_from(system::since_start().as_millis()).unwrap_or(u64::MAX)
}

impl Screen for Explorer<'_> {
    fn handle(&mut self, event: Event) -> Handled {
        match event {
            Event::Key(key) => match chord(&key) {
                Some(chord) => {
                    let at = now();
                    self.tell(Message::Key { chord, at })
                }
                None => Handled::NOTHING,
            },
            Event::Mouse(event) => match self.pointer.message(event, &self.hits, self.state.focus, now()) {
                Some(message) => self.tell(message),
                None => Handled::NOTHING,
            },
            Event::Paste(text) => self.tell(Message::Pasted(text)),
            Event::Note(text) => self.note(text),
            Event::Resize(_) => Handled::REDRAW,
            Event::Tick if self.state.is_moving() => self.tell(Message::Frame { at: now() }),
            Event::Tick if self.state.is_due() => self.tell(Message::Idle),
            Event::Tick if self.state.present.is_some() => {
                let done = self.run_remote_commands();
                // The speaker's view on this screen shows a clock.
                if self.state.present.as_ref().is_some_and(|present| present.speaker) { Handled::REDRAW } else { done }
            }
            Event::Tick => self.tick(),
            Event::Background(background) => self.background(background),
            Event::Focus(_) => Handled::NOTHING,
        }
    }

    fn tick_every(&self) -> Option<Duration> {
        // An idle explorer sleeps, unless there is a file to check or work to keep.
        if self.state.is_moving() {
            return Some(Duration::from_millis(FRAME_MS));
        }
        if let Some(present) = self.state.present.as_ref().filter(|_| !self.state.due) {
            return (self.session.is_some() || present.speaker).then_some(LISTEN);
        }
        let looks = self.state.document.path.is_some() || self.recovery.is_due(&self.state, self.is_unsaved());
        if self.state.map.is_coarse() {
            // The map is refined once no key is pressed.
            return Some(REST);
        }
        if self.state.due { Some(Duration::from_millis(1)) } else { looks.then_some(LOOK) }
    }

    fn close(&mut self) {
        let is_unsaved = self.is_unsaved();
        self.last_words = match self.recovery.settle(&self.state, is_unsaved) {
            Ok(true) => Some("unsaved changes are kept and offered at the next start".to_owned()),
            Ok(false) => None,
            Err(trouble) => Some(format!("unsaved changes are lost, as they cannot be kept: {trouble}")),
        };
    }

    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.state.now = now();
        self.state.look_around();
        self.hits = render(&self.state, &self.look, area, buffer);
        self.links.clear();
        if self.can_link {
            let links = std::mem::take(&mut self.hits.links);
            self.links.extend(links.into_iter().map(|(area, url)| terminal::Link { area, url }));
        }
        self.hits.caret
    }

    fn takes_suspend_key(&self) -> bool {
        let suspend = Chord { ctrl: true, ..Chord::plain(Key::Char('z')) };
        let meant = self.state.keymap.action_for(suspend, self.state.context());
        meant.is_some_and(|action| action != Action::Suspend)
    }

    fn links(&self) -> &[terminal::Link] {
        &self.links
    }
}
