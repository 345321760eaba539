//! Tests of a file that another program changes while it is open, and of unsaved work after the program ended.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::session::Session;

const RIGHT: &str = "\x1b[C";

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn start(home: &Path, arguments: &[&str]) -> Session {
    let session = Session::explorer(home, arguments, &[], (120, 40));
    session.wait_for("Context");
    session
}

/// Replaces a file as editors do: another file takes its name.
fn replace(path: &Path, fields: &str) {
    let other = path.with_extension("new");
    fs::write(&other, format!("(\n    schema: 1,\n    {fields}\n)\n")).expect("written");
    fs::rename(other, path).expect("renamed");
}

/// Returns the files of unsaved work, as soon as there are `count` of them.
fn kept(home: &Path, count: usize) -> Vec<PathBuf> {
    let state = home.join(".local/state/whichbox");
    let began = Instant::now();
    loop {
        let entries = fs::read_dir(&state).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        // A file that is being written has another name or is empty.
        let whole = |path: &PathBuf| {
            path.extension().is_some_and(|extension| extension == "ron")
                && fs::metadata(path).is_ok_and(|m| m.len() > 0)
        };
        let files: Vec<PathBuf> = entries.filter(whole).collect();
        if files.len() == count || began.elapsed() > Duration::from_secs(20) {
            assert_eq!(files.len(), count, "{files:?}");
            return files;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_file_changed_by_an_editor_is_read_anew_as_a_step_that_can_be_undone() {
    let home = directory();
    let path = home.path().join("a.ron");
    replace(&path, "concurrency: 3,");
    let mut session = start(home.path(), &["a.ron"]);
    session.wait_for("3 streams");
    replace(&path, "concurrency: 7,");
    session.wait_for("read again; u goes back");
    session.wait_for("7 streams");
    session.send("u");
    session.wait_for("3 streams");
    session.send("U");
    session.wait_for("7 streams");

    replace(&path, "concurrency: \"many\",");
    session.wait_for("a.ron:3:");
    session.wait_for("7 streams");

    session.send(RIGHT);
    session.wait_for("(changed)");
    replace(&path, "concurrency: 11,");
    session.wait_for("w reads it");
    session.wait_for("(changed)");
    session.send("w");
    session.wait_for("11 streams");
    session.send("u");
    session.wait_for("7 streams");
}

#[test]
fn an_open_file_costs_few_wakeups_and_no_bytes() {
    let home = directory();
    replace(&home.path().join("a.ron"), "concurrency: 3,");
    let session = start(home.path(), &["a.ron"]);
    // Measurements and flips are computed after the first frame.
    session.wait_until("a flip", |seen| {
        ["would change", "would do"].iter().any(|told| seen.terminal.screen().contents().contains(told))
    });
    let before = session.settle();
    let wakeups = || {
        let status = fs::read_to_string(format!("/proc/{}/status", session.pid().as_raw_nonzero())).expect("status");
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).expect("a count");
        line.split_whitespace().nth(1).expect("a number").parse::<u32>().expect("a number")
    };
    let count = wakeups();
    std::thread::sleep(Duration::from_secs(3));
    assert!(wakeups() - count <= 6, "{}", wakeups() - count);
    assert_eq!(session.settle(), before, "nothing is written while nothing changes");
}

#[test]
fn work_survives_a_kill_and_one_undo_takes_it_away_again() {
    let home = directory();
    let mut session = start(home.path(), &["gpt-oss-120b"]);
    session.send(format!("\x1b[B\x1b[B\x1b[B{RIGHT}"));
    session.wait_for("2 streams");
    let files = kept(home.path(), 1);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&files[0]), mode(files[0].parent().expect("a directory"))), (0o600, 0o700));
    session.kill();

    let mut session = start(home.path(), &[]);
    session.wait_for("unsaved work on gpt-oss-120b is kept: g takes it back, D discards it");
    session.send("g");
    session.wait_for("2 streams");
    session.wait_for("gpt-oss-120b (changed)");
    session.send("u");
    session.wait_for("Llama 3.3 70B");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    kept(home.path(), 0);
}

#[test]
fn leaving_with_unsaved_work_keeps_it_and_says_so_and_saving_ends_it() {
    let home = directory();
    let mut session = start(home.path(), &[]);
    session.send(RIGHT);
    session.wait_for("(changed)");
    session.send("\x03");
    session.wait_for("unsaved changes are kept");
    assert_eq!(session.exit_code(), 0);
    kept(home.path(), 1);

    let mut session = start(home.path(), &[]);
    session.send("g");
    session.wait_for("(changed)");
    session.send("S");
    session.wait_for("Save as");
    session.send("\r");
    session.wait_for("saved to");
    kept(home.path(), 0);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn two_programs_keep_their_own_work_and_are_not_offered_each_others() {
    let home = directory();
    let (mut first, mut second) = (start(home.path(), &[]), start(home.path(), &["gpt-oss-120b"]));
    first.send(RIGHT);
    kept(home.path(), 1);
    second.send(RIGHT);
    kept(home.path(), 2);
    let third = start(home.path(), &[]);
    third.settle();
    third.look(|seen| assert!(!seen.terminal.screen().contents().contains("is kept")));
    first.kill();
    second.kill();
    kept(home.path(), 2);
}

#[test]
fn several_works_are_offered_one_after_the_other_and_can_be_discarded() {
    let home = directory();
    for (count, name) in ["gpt-oss-120b", "agents-256"].into_iter().enumerate() {
        let mut session = start(home.path(), &[name]);
        session.send(RIGHT);
        session.wait_for("(changed)");
        kept(home.path(), count + 1);
        session.kill();
    }
    let mut session = start(home.path(), &[]);
    session.wait_for("agents-256 is kept");
    session.wait_for("discards it; 1 more");
    session.send("g");
    session.wait_for("agents-256 (changed)");
    // The work that was restored first stays in its file.
    session.send("g");
    session.wait_for("gpt-oss-120b (changed)");
    session.kill();
    kept(home.path(), 2);
    // Work on the scenario that is opened is offered first.
    for name in ["gpt-oss-120b", "agents-256"] {
        let mut session = start(home.path(), &[name]);
        session.wait_for(&format!("unsaved work on {name} is kept"));
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
    let mut session = start(home.path(), &[]);
    session.send("D");
    session.wait_for("is discarded; unsaved work on");
    session.send("D");
    session.wait_for("is discarded");
    kept(home.path(), 0);
    session.send("g");
    session.wait_for("no unsaved work is kept");
}

#[test]
fn work_is_offered_whatever_process_has_its_number_now() {
    let home = directory();
    let mut session = start(home.path(), &["gpt-oss-120b"]);
    session.send(RIGHT);
    session.wait_for("(changed)");
    let files = kept(home.path(), 1);
    session.kill();
    // A file name with the number of a running process, as earlier versions wrote it and as containers repeat it.
    let renamed = files[0].with_file_name("recovery-1.ron");
    fs::rename(&files[0], &renamed).expect("renamed");
    let mut session = start(home.path(), &[]);
    session.wait_for("unsaved work on gpt-oss-120b is kept");
    session.send(RIGHT);
    session.wait_for("(changed)");
    kept(home.path(), 2);
    assert!(renamed.exists(), "not overwritten");
}

#[test]
fn a_file_that_goes_while_it_is_open_is_told_and_its_work_is_kept() {
    let home = directory();
    let path = home.path().join("a.ron");
    replace(&path, "concurrency: 3,");
    let mut session = start(home.path(), &["a.ron"]);
    session.wait_for("3 streams");
    fs::remove_file(&path).expect("removed");
    session.wait_for("removed or renamed by another program");
    session.send("q");
    session.wait_for("unsaved changes are kept");
    assert_eq!(session.exit_code(), 0);
    kept(home.path(), 1);
}

#[test]
fn work_is_kept_under_any_file_name_and_while_the_terminal_takes_no_output() {
    let home = directory();
    let name = "a\tb\u{1b}[31m.ron";
    replace(&home.path().join(name), "concurrency: 3,");
    let mut session = Session::explorer(home.path(), &[name], &[], (120, 40));
    session.wait_for("3 streams");
    session.stop_output();
    session.send(RIGHT.repeat(3));
    kept(home.path(), 1);
    session.kill();
    let session = start(home.path(), &[]);
    session.wait_for("is kept: g takes it back");
}

#[test]
fn where_nothing_can_be_kept_the_program_says_so_and_goes_on() {
    let home = directory();
    let variables = [("XDG_STATE_HOME", "/proc/none")];
    let mut session = Session::explorer(home.path(), &[], &variables, (120, 40));
    session.wait_for("Context");
    session.send(RIGHT);
    session.wait_for("unsaved work cannot be kept");
    session.send("q");
    session.wait_for("unsaved changes are lost");
    assert_eq!(session.exit_code(), 0);
}
