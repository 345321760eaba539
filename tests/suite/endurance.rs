//! Tests of rare events in a terminal: garbage, floods of input, rapid resizing, signals at any moment. They also test
//! that the explorer never opens a connection, starts a program, or takes more and more memory.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use fastrand::Rng;
use rustix::process::Signal;
use tempfile::TempDir;
use whichbox::ui::input::{ACTIONS, Chord, Key};
use whichbox::ui::state::{Message, update};

use super::screen::Explorer;
use super::session::{Seen, Session};

const RIGHT: &str = "\x1b[C";

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn started(home: &Path, arguments: &[&str], size: (u16, u16)) -> Session {
    let session = Session::explorer(home, arguments, &[], size);
    session.wait_until("a screen", |seen| seen.terminal.screen().contents().contains("DGX Spark"));
    session
}

/// Returns the memory of the program in KiB, by the system's name of the figure.
fn memory(session: &Session, line: &str) -> u64 {
    memory_of(&session.pid().as_raw_nonzero().to_string(), line)
}

#[test]
fn the_terminal_is_restored_whatever_ends_the_program() {
    let home = directory();
    let mut restored = 0;
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)] {
        // Idle, within a transition, before a list, during a save.
        for (arguments, keys) in [(&[][..], ""), (&["present", "bottleneck"], RIGHT), (&[], "o"), (&[], "Sx.ron\r")] {
            let mut session = started(home.path(), arguments, (80, 24));
            session.send(keys);
            if keys == "o" || keys.is_empty() {
                session.settle();
            }
            session.signal(signal);
            assert_eq!(session.exit_code(), code, "{signal:?} after {keys:?}");
            session.wait_until_restored();
            restored += 1;
        }
    }
    let script = r#""$0"; while [ $? -gt 128 ]; do echo "[stopped]"; read line; fg >/dev/null; done; echo "[ended]""#;
    let mut session = Session::explorer_script(home.path(), &["-m"], script);
    for _ in 0..20 {
        session.wait_until("a screen", |seen| {
            seen.terminal.screen().alternate_screen() && seen.terminal.screen().contents().contains("DGX Spark")
        });
        session.send("\x1a");
        session.wait_until("the shell", |seen| !seen.terminal.screen().alternate_screen());
        session.wait_until_restored();
        session.send("\n");
        restored += 1;
    }
    session.wait_until("a screen", |seen| seen.terminal.screen().contents().contains("DGX Spark"));
    session.send("q");
    session.wait_for("[ended]");
    // Together with the four panics of `pty` there are forty.
    assert_eq!(restored, 36);
}

#[test]
fn a_storm_of_sizes_gives_few_frames_and_the_right_last_one() {
    let home = directory();
    let session = started(home.path(), &[], (80, 24));
    session.settle();
    let (before, start, mut rng) = (session.frames(), Instant::now(), Rng::with_seed(1));
    for _ in 0..300 {
        // Screens small enough that drawing every one of them would take less time than the pauses.
        session.resize(rng.u16(1..=60), rng.u16(1..=20));
        std::thread::sleep(Duration::from_millis(3));
    }
    let (frames, most) = (session.frames() - before, start.elapsed().as_millis() / 16 * 3 / 2 + 2);
    assert!(frames as u128 <= most, "{frames} frames where {most} are enough");
    // Never the previous size, which would not cause a redraw.
    session.resize(81, 25);
    session.resize(120, 40);
    session.settle();
    let other = started(home.path(), &[], (120, 40));
    let mut last = String::new();
    session.look(|seen| last = seen.terminal.screen().contents());
    // Measurements and flips are computed after the first frame.
    other.wait_until("the same screen", |seen| seen.terminal.screen().contents() == last);
}

#[test]
fn a_million_bytes_of_garbage_are_survived() {
    let home = directory();
    let mut session = started(home.path(), &[], (80, 24));
    let mut rng = Rng::with_seed(1);
    // Keys that leave or stop the program are excluded; the bytes between them form no sequence.
    let leaves = [b'q', b'Q', 0x03, 0x11, 0x1a];
    for _ in 0..250 {
        let noise: Vec<u8> =
            std::iter::repeat_with(|| rng.u8(..)).filter(|byte| !leaves.contains(byte)).take(4000).collect();
        session.send(noise);
    }
    for hostile in [
        "\x1b[",
        "\x1b]",
        "\x1bP",
        "\x1b_",
        "\x1b^",
        "\x1bX",
        "\x1b[999999999999999999;5u",
        "\x1b[<0;99999;99999M",
        "\x1b[M\u{ff}\u{ff}\u{ff}",
        "\x1b[?1;2c",
        "\x1b]11;rgb:zz/zz/zz\x07",
        "\x1b]52;c;!!!\x07",
        "\x1b[200~",
        "\x1b[201~\x1b\\",
    ] {
        session.send(hostile);
    }
    session.send("\x07\x1b\\\x1b[201~");
    session.settle();
    // Everything that the noise opened is closed, and then the help is opened. The terminal may still process noise
    // after it seems quiet, so the keys are sent repeatedly.
    let titled = |seen: &Seen| seen.terminal.screen().contents().contains("Help");
    let answered = (0..50).any(|_| {
        session.send("\x1b");
        session.settle();
        session.send("?");
        session.settle();
        let mut found = false;
        session.look(|seen| found = titled(seen));
        found
    });
    assert!(answered, "the help opens after the noise");
}

#[test]
fn a_paste_of_ten_megabytes_is_held_twice_at_most() {
    let home = directory();
    let mut session = started(home.path(), &[], (80, 24));
    session.settle();
    let before = memory(&session, "VmHWM:");
    session.send(["\x1b[200~", &"0123456789".repeat(1 << 20), "\x1b[201~", RIGHT].concat());
    session.wait_for("(changed)");
    let grown = memory(&session, "VmHWM:") - before;
    // The paste exists as bytes and as text, since the terminal's reader delivers it in one piece.
    assert!(grown <= 24 << 10, "{grown} KiB at most at any time");
}

/// Returns keys of actions, letters and digits, as a user would press them at random.
fn keys() -> Vec<Chord> {
    let actions = ACTIONS.iter().flat_map(|row| row.keys.iter()).filter_map(|key| key.parse().ok());
    let typed = "0123456789kbmx.- ".chars().map(|c| Chord::plain(Key::Char(c)));
    // Most letters open an input that takes the following letters; without many Escs the walk would stay there.
    let back = std::iter::repeat_n(Chord::plain(Key::Esc), 40);
    let slide = std::iter::repeat_n([Key::Left, Key::Right, Key::Up, Key::Down], 8).flatten().map(Chord::plain);
    actions.chain(typed).chain(back).chain(slide).collect()
}

/// Returns the present or the largest memory of a process in KiB.
fn memory_of(process: &str, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("status");
    let found = status.lines().find_map(|l| l.strip_prefix(line)).expect(line);
    found.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number")
}

const KEYS: &str = "WHICHBOX_KEYS";

#[test]
#[ignore = "runs as the child of the next test, so that no other test takes memory meanwhile"]
fn child_that_presses_keys() {
    let Ok(count) = std::env::var(KEYS) else { return };
    let half: usize = count.parse::<usize>().expect("a number") / 2;
    let (keys, mut rng) = (keys(), Rng::with_seed(1));
    let mut explorer = Explorer::built_in("default");
    let mut at_half = 0;
    for at in 0..2 * half {
        let chord = keys[rng.usize(..keys.len())];
        update(&mut explorer.state, Message::Key { chord, at: at as u64 * 100 });
        if explorer.state.is_due() {
            update(&mut explorer.state, Message::Idle);
        }
        if at % 20 == 0 {
            explorer.draw(rng.u16(1..=120), rng.u16(1..=40));
        }
        if at == half {
            at_half = memory_of("self", "VmRSS:");
        }
    }
    let end = memory_of("self", "VmRSS:");
    eprintln!("{} keys: {at_half} KiB at half time, {end} KiB at the end", 2 * half);
    assert!(end <= at_half + (8 << 10), "{at_half} KiB became {end} KiB");
}

/// `WHICHBOX_KEYS=100000 cargo test --locked --test main -- random_keys --nocapture` runs it for longer.
#[test]
fn random_keys_take_no_memory_for_good() {
    let count = std::env::var(KEYS).unwrap_or_else(|_| "2000".to_owned());
    let child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--ignored", "--exact", "--nocapture", "suite::endurance::child_that_presses_keys"])
        .env(KEYS, count)
        .output()
        .expect("a child");
    let said = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
    eprintln!("{said}");
}

/// Returns the system calls of a command for networking and processes, except its own start; `None` if tracing is not
/// possible.
fn traced(home: &Path, arguments: &[&str]) -> Option<Vec<String>> {
    let log = home.join("trace");
    let status = Command::new("strace")
        .args(["-f", "--seccomp-bpf", "-e", "trace=network,process", "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_whichbox"))
        .args(arguments)
        .current_dir(home)
        .env("HOME", home)
        .env_remove("XDG_CONFIG_HOME")
        .output();
    if !status.is_ok_and(|output| output.status.code().is_some_and(|code| code < 2)) {
        return None;
    }
    let text = fs::read_to_string(&log).ok()?;
    let mut lines = text.lines().map(str::to_owned).collect::<Vec<_>>();
    let own = lines.iter().position(|line| line.contains("execve(")).expect("it was started");
    lines.remove(own);
    // Starting threads and ending are harmless.
    let harmless = ["CLONE_THREAD", "exit", "+++", "resumed>", "wait4", "---"];
    lines.retain(|line| !harmless.iter().any(|word| line.contains(word)));
    Some(lines)
}

#[test]
fn no_connection_is_opened_and_no_program_started() {
    let home = directory();
    if traced(home.path(), &["--version"]).is_none() {
        eprintln!("skipped: no_connection_is_opened_and_no_program_started: strace does not work here");
        return;
    }
    for arguments in [
        &["--plain"][..],
        &["estimate"],
        &["rank"],
        &["explain", "decode.expected"],
        &["list", "sources"],
        &["inspect", "--list"],
        &["measure"],
        &["export", "bottleneck", "--to", "x.html"],
        &["check", "default"],
    ] {
        assert_eq!(traced(home.path(), arguments), Some(Vec::new()), "{arguments:?}");
    }
    let script = "exec strace -f --seccomp-bpf -e trace=network,process -o trace \"$0\"";
    let mut session = Session::explorer_script(home.path(), &[], script);
    session.wait_until("a screen", |seen| seen.terminal.screen().contents().contains("DGX Spark"));
    for key in ["?", "\x1b", "o", "\x1b", "p", "\x1b", "8", "y", "\r", "S", "\r", "q"] {
        session.send(key);
        session.settle();
    }
    assert_eq!(session.exit_code(), 0);
    let text = fs::read_to_string(home.path().join("trace")).expect("a trace");
    // The program wakes its threads through a pair of sockets, whose data never leave it.
    let words = ["socket(", "connect(", "bind(", "fork("];
    let found: Vec<&str> = text.lines().filter(|line| words.iter().any(|word| line.contains(word))).collect();
    assert!(found.is_empty() && text.matches("execve(").count() == 1, "{found:?}");
}
