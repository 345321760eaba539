//! Tests that the terminal is restored on every exit, and that it is written to only if something changes.

use std::process::{Command, Stdio};

use rustix::process::Signal;

use super::session::{Session, program};

const RIGHT: &str = "\x1b[C";

fn started() -> Session {
    let session = Session::start(80, 24);
    session.wait_for("[0 0] 80x24");
    session.wait_until("raw mode, mouse and paste", |seen| {
        let screen = seen.terminal.screen();
        screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste()
    });
    session
}

#[test]
fn every_signal_restores_the_terminal_and_gives_its_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)] {
        for before in ["", RIGHT, "\x1b[", "\x1b[200~open", "s"] {
            let mut session = started();
            session.send(before);
            session.settle_if(before != "s");
            session.signal(signal);
            assert_eq!(session.exit_code(), code, "{signal:?} after {before:?}");
            session.wait_until_restored();
            session.wait_for("closed at");
        }
    }
}

#[test]
fn keys_that_leave_restore_the_terminal() {
    for (key, code) in [("q", 0), ("e", 1), ("\x03", 0), ("\x1b[99;5u", 0)] {
        let mut session = started();
        session.send(key);
        assert_eq!(session.exit_code(), code, "{key:?}");
        session.wait_until_restored();
    }
}

#[test]
fn a_panic_anywhere_restores_the_terminal_first_and_says_where() {
    for (key, message) in [
        ("p", "a key went  [31mwrong"),
        ("t", "a thread went wrong"),
        ("d", "drawing went wrong"),
        ("k", "a tick went wrong"),
    ] {
        let mut session = started();
        session.send(key);
        assert_eq!(session.exit_code(), 101, "{key:?}");
        session.wait_until_restored();
        session.wait_for(message);
        session.wait_for("screen_demo.rs:");
        session.wait_for("the hint");
    }
}

#[test]
fn ctrl_z_stops_the_job_and_fg_brings_it_back() {
    for key in ["\x1a", "z"] {
        let script = r#""$0"; echo "[stopped $?]"; read line; fg; echo "[ended $?]""#;
        let mut session = Session::script(&["-m"], script);
        for round in 1..=3 {
            session.wait_for(&format!("[{} 0]", round - 1));
            session.send(RIGHT);
            session.wait_for(&format!("[{round} 0]"));
            if round < 3 {
                continue;
            }
            session.send(key);
            session.wait_for("[stopped ");
            session.wait_until_restored();
            session.resize(100, 30);
            session.send("\n");
        }
        session.wait_for("[3 0] 100x30");
        session.send(RIGHT);
        session.wait_for("[4 0]");
        session.send("q");
        session.wait_for("[ended 0]");
        assert_eq!(session.exit_code(), 0);
        session.wait_until_restored();
    }
}

#[test]
fn a_signal_that_came_while_stopped_ends_it_without_a_last_frame() {
    let script = r#""$0"; echo "[stopped $?]"; kill -TERM %1; fg; echo "[ended $?]""#;
    let mut session = Session::script(&["-m"], script);
    session.wait_for("[0 0]");
    let frames = session.frames();
    session.send("\x1a");
    session.wait_for("[ended 143]");
    session.wait_until_restored();
    assert_eq!((session.exit_code(), session.frames()), (0, frames));
}

#[test]
fn a_wrapper_stops_along_with_the_program() {
    let script = r#"sh -c '"$0"; echo "[inner $?]"' "$0"; echo "[stopped $?]"; read line; fg; echo "[ended $?]""#;
    let mut session = Session::script(&["-m"], script);
    session.wait_for("[0 0]");
    session.send("\x1a");
    session.wait_for("[stopped ");
    session.wait_until_restored();
    session.send("\n");
    session.wait_for("[0 0]");
    session.send("q");
    session.wait_for("[inner 0]");
    session.wait_for("[ended 0]");
    session.wait_until_restored();
}

#[test]
fn a_stop_that_could_not_be_caught_is_repaired_when_it_goes_on() {
    let mut session = started();
    session.signal(Signal::STOP);
    session.signal(Signal::CONT);
    session.wait_until("a full redraw", |seen| seen.bytes.windows(8).filter(|w| w == b"\x1b[?1049h").count() == 2);
    session.wait_for("[0 0] 80x24");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.wait_until_restored();
}

#[test]
fn without_job_control_it_says_so_and_stays() {
    for key in ["\x1a", "z"] {
        let mut session = started();
        session.send(key);
        session.wait_for("no job control");
        session.send(RIGHT);
        session.wait_for("[1 0]");
    }
    let mut session = started();
    session.signal(Signal::TSTP);
    session.send(RIGHT);
    session.wait_for("[1 0]");
}

#[test]
fn a_terminal_that_vanishes_without_a_hangup_ends_the_program() {
    for before in ["", "\x1b[", "s"] {
        // The shell leads the session and receives the hangup, so the program receives no signal.
        let mut session = Session::script(&[], r#"trap "" HUP; "$0"; exit $?"#);
        session.wait_for("[0 0] 80x24");
        session.send(before);
        session.settle_if(before != "s");
        assert_eq!(session.vanish().exit_code(), 129);
    }
}

#[test]
fn a_terminal_that_takes_no_output_does_not_make_the_program_deaf() {
    let ends: [(&dyn Fn(&mut Session), u32); 3] = [
        (&|session| session.signal(Signal::TERM), 143),
        (&|session| session.signal(Signal::HUP), 129),
        (&|session| session.send("\x03"), 0),
    ];
    for (end, code) in ends {
        let mut session = started();
        session.stop_output();
        // More output than all buffers between the program and the terminal can hold.
        for _ in 0..20 {
            session.send(RIGHT.repeat(7));
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        end(&mut session);
        assert_eq!(session.exit_code(), code);
        session.wait_until_cooked();
    }
}

#[test]
fn without_a_terminal_it_says_what_to_do_and_writes_no_escape() {
    let output = Command::new(program()).stdin(Stdio::null()).env("TERM", "xterm").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, b"");
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("--plain") && message.contains("whichbox estimate"), "{message}");
    assert!(!message.contains('\x1b'));
}

#[test]
fn a_dumb_terminal_gets_no_escape() {
    for script in [r#"TERM=dumb "$0""#, r#"unset TERM; "$0""#, r#""$0" < /dev/null"#, r#""$0" > /dev/null"#] {
        let mut session = Session::script(&[], &format!("{script}; echo [done]"));
        session.wait_for("[done]");
        session.exit_code();
        session.wait_until("plain output", |seen| !seen.bytes.contains(&0x1B));
    }
}

#[test]
fn nothing_is_written_while_nothing_changes() {
    let mut session = started();
    let before = session.settle();
    for nothing in ["a", "\x1b[<35;5;5M", "\x1b[I", "\x1b[O", "\x1b", "\x1b[97;1:3u"] {
        session.send(nothing);
        assert_eq!(session.settle(), before, "{nothing:?}");
    }
    session.resize(80, 24);
    session.signal(Signal::WINCH);
    assert_eq!(session.settle(), before, "a resize to the same size");
    session.send(RIGHT);
    session.wait_for("[1 0]");
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_program_does_not_wake() {
    let session = started();
    session.settle();
    let wakeups = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", session.pid().as_raw_nonzero())).unwrap();
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u32>().unwrap()
    };
    let before = wakeups();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(wakeups(), before);
}

#[test]
fn a_burst_of_keys_gives_few_frames_and_loses_none() {
    let mut session = started();
    session.settle();
    let before = session.frames();
    // More than one read returns, so that a sequence is split, and no more than the kernel delivers in one piece, since
    // crossterm takes an Esc at the end of a piece for a key.
    session.send(RIGHT.repeat(500));
    session.wait_for("[500 0]");
    session.settle();
    let frames = session.frames() - before;
    assert!(frames <= 20, "{frames} frames for one burst");
}

#[test]
fn keys_that_keep_coming_share_frames() {
    let mut session = started();
    session.settle();
    let (before, start) = (session.frames(), std::time::Instant::now());
    for _ in 0..200 {
        session.send(RIGHT);
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    session.wait_for("[200 0]");
    let (frames, most) = (session.frames() - before, start.elapsed().as_millis() / 16 + 2);
    assert!(frames as u128 <= most, "{frames} frames where a screen shows {most}");
}

#[test]
fn half_a_sequence_costs_no_more_than_the_key_after_it() {
    let mut session = started();
    session.send("\x1b[1;");
    session.settle();
    session.send("cc");
    session.wait_until("the caret", |seen| !seen.terminal.screen().hide_cursor());
}

#[test]
fn a_key_costs_few_bytes_in_one_synchronized_update() {
    let mut session = Session::start(120, 40);
    session.wait_for("[0 0] 120x40");
    let before = session.settle();
    session.send(RIGHT);
    session.wait_for("[1 0]");
    let bytes = session.settle() - before;
    assert!(bytes <= 3000, "{bytes} bytes for three bars and sixty numbers");
}

#[test]
fn any_size_is_drawn_and_the_last_one_wins() {
    let session = started();
    let mut seed = 1_u32;
    for step in 0..120 {
        let mut next = |most: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u16::try_from(1 + (seed >> 8) % most).unwrap()
        };
        session.resize(next(500), next(200));
        if step % 10 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    for (columns, rows) in [(1, 1), (2, 1), (1, 3), (500, 200), (100, 30)] {
        session.resize(columns, rows);
        session.settle();
    }
    session.wait_for("[0 0] 100x30");
    let drawn = session.frames();
    assert!(drawn <= 127, "{drawn} frames for 125 sizes");
}

#[test]
fn garbage_on_the_keyboard_is_survived() {
    let noise: [&[u8]; 16] = [
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\x1b[999;999;999~",
        b"\x1b[<0;99999;99999M",
        b"\x1b[M\xff\xff\xff",
        b"\x00",
        b"\x1b[?1;2c",
        b"\x1b[1;1R",
        b"\xf0\x9f",
        b"\xc3(",
        b"\x1b[200~",
        b"\x1b[97;;;u",
        b"\x1b[-1;5u",
        b"\xff\xfe\x80",
        b"\x1b\x1b\x1b",
    ];
    let mut session = started();
    let mut seed = 7_usize;
    for _ in 0..4000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        session.send(noise[(seed >> 33) % noise.len()]);
    }
    session.send("\x1b[201~");
    session.settle();
    session.send(RIGHT);
    session.wait_for("[1 0]");
}

#[test]
fn a_big_paste_is_taken_as_one_and_types_nothing() {
    let mut session = started();
    session.send(["\x1b[200~", &"q\x1b[C".repeat(500_000), "\x1b[201~", RIGHT].concat());
    session.wait_for("[1 0] 80x24 None pasted 1048576 bytes");
}

#[test]
fn mouse_clipboard_and_caret_follow_the_screen() {
    let mut session = started();
    session.send("\x1b[<0;900;2M");
    session.wait_for("clicked 79,1");
    session.send("m");
    let mouse = |seen: &super::session::Seen| seen.terminal.screen().mouse_protocol_mode();
    session.wait_until("mouse off", |seen| mouse(seen) == vt100::MouseProtocolMode::None);
    session.send("m");
    session.wait_until("mouse on", |seen| mouse(seen) == vt100::MouseProtocolMode::ButtonMotion);
    session.send("y");
    session.wait_for("3 bytes by OSC 52");
    session.wait_until("OSC 52", |seen| String::from_utf8_lossy(&seen.bytes).contains("\x1b]52;c;MCAw\x07"));
    session.send("Y");
    session.wait_for("not copied: 100000 bytes");
    session.send("c");
    session.wait_until("the caret", |seen| !seen.terminal.screen().hide_cursor());
    session.send("s");
    session.wait_for("Some(3)");
}
