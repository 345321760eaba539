//! A program in a pseudo-terminal: its output, the screen that a terminal would show, and its end.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Action, Termios, tcflow, tcgetattr};

/// A time longer than any step takes on a busy machine; a step that reaches it never happens.
const HANG: Duration = Duration::from_secs(10);

/// Returns the program under test.
pub fn program() -> PathBuf {
    let built = PathBuf::from(env!("CARGO_BIN_EXE_whichbox"));
    let demo = built.with_file_name("examples").join("screen_demo");
    assert!(demo.exists(), "{} is missing: `cargo test` and `cargo build --examples` build it", demo.display());
    demo
}

/// A running program.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    /// The program's end of the pseudo-terminal, kept open so that its settings can be read after the program ended.
    line: File,
    before: Termios,
    seen: Arc<Mutex<Seen>>,
    reader: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

/// Everything that the program has written.
pub struct Seen {
    pub bytes: Vec<u8>,
    pub terminal: vt100::Parser,
}

impl Session {
    /// Starts the program under test as the only one in its session, as a terminal without a shell does.
    pub fn start(columns: u16, rows: u16) -> Self {
        Self::of(in_a_terminal(program()), columns, rows)
    }

    /// Starts a shell script in which `$0` is the program under test.
    pub fn script(options: &[&str], script: &str) -> Self {
        let mut command = in_a_terminal("sh");
        command.args(options);
        command.args(["-c", script]);
        command.arg(program());
        Self::of(command, 80, 24)
    }

    /// Starts the explorer in `directory` with these arguments and environment variables.
    pub fn explorer(directory: &Path, arguments: &[&str], variables: &[(&str, &str)], size: (u16, u16)) -> Self {
        let mut command = in_a_terminal(env!("CARGO_BIN_EXE_whichbox"));
        command.args(arguments);
        command.cwd(directory);
        at_home(&mut command, directory);
        for (name, value) in variables {
            command.env(name, value);
        }
        Self::of(command, size.0, size.1)
    }

    /// Starts a shell script in `directory`, in which `$0` is the explorer.
    pub fn explorer_script(directory: &Path, options: &[&str], script: &str) -> Self {
        let mut command = in_a_terminal("sh");
        command.args(options);
        command.args(["-c", script, env!("CARGO_BIN_EXE_whichbox")]);
        command.cwd(directory);
        at_home(&mut command, directory);
        Self::of(command, 80, 24)
    }

    fn of(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let path = pair.master.tty_name().unwrap();
        let line = File::from(rustix::fs::open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap());
        let before = tcgetattr(&line).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Arc::new(Mutex::new(Seen { bytes: Vec::new(), terminal: vt100::Parser::new(rows, columns, 0) }));
        let stop = Arc::new(AtomicBool::new(false));
        let reader = pair.master.try_clone_reader().unwrap();
        let reader = std::thread::spawn({
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            move || read(reader, &seen, &stop)
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self { child, master: pair.master, keyboard, line, before, seen, reader: Some(reader), stop }
    }

    /// Sends bytes as if they were typed.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.keyboard.write_all(bytes.as_ref()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Stops the terminal from accepting output, as a hanging connection does.
    pub fn stop_output(&self) {
        tcflow(&self.line, Action::OOff).unwrap();
    }

    /// Waits until the terminal device has its original settings.
    pub fn wait_until_cooked(&self) {
        self.wait_until("the line to be as before", |_| self.is_cooked());
    }

    /// Kills the program without a chance to clean up, and waits for its end.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.seen.lock().unwrap().resize(columns, rows);
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Waits until `done` returns true for the output.
    pub fn wait_until(&self, what: &str, done: impl Fn(&Seen) -> bool) {
        let start = Instant::now();
        loop {
            let seen = self.seen.lock().unwrap();
            if done(&seen) {
                return;
            }
            let screen = seen.terminal.screen().contents();
            assert!(start.elapsed() < HANG, "waited in vain for {what}; on the screen:\n{screen}");
            drop(seen);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Calls a function with the output so far.
    pub fn look(&self, look: impl FnOnce(&Seen)) {
        look(&self.seen.lock().unwrap());
    }

    /// Waits until the screen shows `text`.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |seen| seen.terminal.screen().contents().contains(text));
    }

    /// Waits until no output has come for a while, and returns the number of all bytes written.
    pub fn settle(&self) -> usize {
        let count = || self.seen.lock().unwrap().bytes.len();
        let (start, mut last) = (Instant::now(), count());
        loop {
            std::thread::sleep(Duration::from_millis(150));
            let now = count();
            if now == last {
                return now;
            }
            assert!(start.elapsed() < HANG, "it writes for ever");
            last = now;
        }
    }

    /// Waits for the end of output unless the program animates.
    pub fn settle_if(&self, is_still: bool) {
        if is_still {
            self.settle();
        } else {
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    /// Returns the number of drawn frames.
    pub fn frames(&self) -> usize {
        count(&self.seen.lock().unwrap().bytes, b"\x1b[?2026h")
    }

    /// Waits for the end and returns the exit code.
    pub fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.signal(), None, "ended by a signal, not by itself");
                return status.exit_code();
            }
            assert!(start.elapsed() < HANG, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the terminal is as it was before the program started.
    pub fn wait_until_restored(&self) {
        self.wait_until("the terminal to be restored", |seen| self.is_cooked() && seen.is_normal());
    }

    fn is_cooked(&self) -> bool {
        let (now, before) = (tcgetattr(&self.line).unwrap(), &self.before);
        now.local_modes == before.local_modes
            && now.input_modes == before.input_modes
            && now.output_modes == before.output_modes
            && now.control_modes == before.control_modes
            && format!("{:?}", now.special_codes) == format!("{:?}", before.special_codes)
    }

    /// Closes the terminal like a window that crashes, while the programs of its session go on.
    pub fn vanish(mut self) -> Orphan {
        self.stop.store(true, Ordering::SeqCst);
        // The reader notices the request only when there is something to read.
        self.line.write_all(b".").unwrap();
        self.reader.take().unwrap().join().unwrap();
        Orphan { child: self.child }
    }
}

/// A process whose terminal is closed.
pub struct Orphan {
    child: Box<dyn Child + Send + Sync>,
}

impl Orphan {
    /// Waits for the end and returns the exit code.
    pub fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            if start.elapsed() > HANG {
                let _ = self.child.kill();
                panic!("it lives on without a terminal");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Seen {
    /// Replaces the terminal by one of another size in the same modes.
    ///
    /// The parser's own resizing fails if the cursor is outside of the screen or if text wraps in a single row.
    fn resize(&mut self, columns: u16, rows: u16) {
        if self.terminal.screen().size() == (rows, columns) {
            return;
        }
        let mut resized = vt100::Parser::new(rows.max(2), columns.max(2), 0);
        if self.terminal.screen().alternate_screen() {
            resized.process(b"\x1b[?1049h");
        }
        resized.process(&self.terminal.screen().input_mode_formatted());
        if self.terminal.screen().hide_cursor() {
            resized.process(b"\x1b[?25l");
        }
        self.terminal = resized;
    }

    /// Returns true if all modes have their defaults again.
    fn is_normal(&self) -> bool {
        let screen = self.terminal.screen();
        let on_and_off = |on: &[u8], off: &[u8]| count(&self.bytes, on) <= count(&self.bytes, off);
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
            && on_and_off(b"\x1b[?1049h", b"\x1b[?1049l")
            && on_and_off(b"\x1b[?1004h", b"\x1b[?1004l")
            && on_and_off(b"\x1b[?2026h", b"\x1b[?2026l")
            && on_and_off(b"\x1b[>1u", b"\x1b[<1u")
    }
}

/// Returns a command with the environment of a usual terminal.
fn in_a_terminal(program: impl AsRef<std::ffi::OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    for (name, value) in [("TERM", "xterm-256color"), ("RUST_BACKTRACE", "0"), ("TMUX", "")] {
        command.env(name, value);
    }
    command
}

/// Sets a home directory without a user's settings.
fn at_home(command: &mut CommandBuilder, directory: &Path) {
    for name in [
        "NO_COLOR",
        "COLORTERM",
        "WHICHBOX_THEME",
        "WHICHBOX_A11Y",
        "WHICHBOX_CONFIG",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "COLORFGBG",
        "LC_ALL",
        "LC_CTYPE",
        "LANG",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", directory);
}

fn read(mut reader: Box<dyn Read + Send>, seen: &Mutex<Seen>, stop: &AtomicBool) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let mut seen = seen.lock().unwrap();
        seen.bytes.extend_from_slice(&buffer[..count]);
        seen.terminal.process(&buffer[..count]);
        if stop.load(Ordering::SeqCst) {
            return;
        }
    }
}

fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).filter(|window| window == &part).count()
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
