//! Tests of a presentation in one terminal with the speaker's view in another.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;

use super::session::Session;

/// Starts the program in a terminal, with its runtime directory in `home`.
fn present(home: &Path, arguments: &[&str]) -> Session {
    let runtime = home.join("run");
    std::fs::create_dir_all(&runtime).expect("a directory");
    let runtime = runtime.to_str().expect("a name").to_owned();
    Session::explorer(home, arguments, &[("XDG_RUNTIME_DIR", &runtime)], (80, 24))
}

#[test]
fn the_speaker_s_view_follows_and_moves_the_room_s_screen() {
    let home = tempfile::tempdir().expect("a directory");
    let mut notes = present(home.path(), &["notes"]);
    notes.wait_for("no presentation runs yet");
    let mut room = present(home.path(), &["present", "bottleneck", "--no-motion"]);
    room.wait_for("1 of 7");
    notes.wait_for("step 1 of 7");
    room.send("\x1b[C");
    notes.wait_for("step 2 of 7");
    notes.wait_for("Whoever promises 7");
    notes.send(" ");
    room.wait_for("3 of 7");
    notes.wait_for("step 3 of 7");
    notes.send("b");
    notes.wait_for("screen is empty");
    notes.send("b");
    room.wait_for("3 of 7");
    room.send("s4\r");
    notes.wait_for("off script");
    notes.send("\x7f");
    notes.wait_until("back on script", |seen| !seen.terminal.screen().contents().contains("off script"));
    notes.send("6\r");
    room.wait_for("6 of 7");

    // Either of the two programs can end and start again.
    notes.kill();
    let mut notes = present(home.path(), &["notes"]);
    notes.wait_for("step 6 of 7");
    room.kill();
    notes.wait_for("the presentation is gone");
    let mut room = present(home.path(), &["present", "--resume", "--no-motion"]);
    room.wait_for("6 of 7");
    notes.wait_for("step 6 of 7");
    notes.wait_until("found again", |seen| !seen.terminal.screen().contents().contains("is gone"));
    room.send("\x1b");
    room.wait_for("again ends");
    room.send("q");
    assert_eq!(room.exit_code(), 0, "the program was started to present and ends with that");
    notes.send("q");
    assert_eq!(notes.exit_code(), 0);
    let left = std::fs::read_dir(home.path().join("run/whichbox")).expect("there").count();
    assert_eq!(left, 0, "a presentation that ended leaves nothing");
}

#[test]
fn what_the_explorer_presents_is_followed_as_well() {
    let home = tempfile::tempdir().expect("a directory");
    let mut room = present(home.path(), &["gpt-oss-120b"]);
    room.wait_for("Model size");
    room.send("P");
    let notes = present(home.path(), &["notes"]);
    notes.wait_for("step 1 of 1");
    room.send("s6\r");
    notes.wait_for("6 streams");
    room.send("\x1b");
    room.wait_for("again ends");
    room.send("\x1b");
    notes.wait_for("the presentation is gone");
    room.send("q");
    assert_eq!(room.exit_code(), 0);
}

#[test]
fn a_deck_that_was_edited_since_the_presentation_began_is_said_to_be() {
    let home = tempfile::tempdir().expect("a directory");
    let deck = home.path().join("mine.ron");
    let write = |steps: &str| std::fs::write(&deck, format!("Deck(schema: 1, steps: [{steps}])")).expect("a file");
    write("(title: \"One\"), (title: \"Two\", set: {\"concurrency\": \"4\"})");
    let mut room = present(home.path(), &["present", deck.to_str().expect("a name"), "--no-motion"]);
    room.wait_for("1 of 2");
    write("(title: \"Another\")");
    let notes = present(home.path(), &["notes"]);
    notes.wait_for("was edited since");
    room.send(" ");
    notes.wait_for("has 1 steps now");
}

#[test]
fn a_detour_outlives_a_lost_terminal() {
    let home = tempfile::tempdir().expect("a directory");
    let mut room = present(home.path(), &["present", "levers", "--no-motion"]);
    room.wait_for("1 of 7");
    room.send("s7\r");
    room.wait_for("off script");
    room.signal(Signal::HUP);
    assert_eq!(room.exit_code(), 129);
    let room = present(home.path(), &["present", "--resume"]);
    room.wait_for("7 streams");
    room.wait_for("off script");
}

#[test]
fn nobody_else_can_look_into_the_meeting_place() {
    let home = tempfile::tempdir().expect("a directory");
    let room = present(home.path(), &["present", "levers"]);
    room.wait_for("1 of 7");
    let directory = home.path().join("run/whichbox");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> = std::fs::read_dir(&directory).expect("there").filter_map(Result::ok).collect();
    assert!(!files.is_empty() && files.iter().all(|file| mode(&file.path()) == 0o600));
    room.kill();

    std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).expect("changed");
    let notes = present(home.path(), &["notes"]);
    notes.wait_for("other users can enter it");
    let room = present(home.path(), &["present", "levers"]);
    room.wait_for("the speaker's view cannot follow");
    let mut room = present(home.path(), &["present", "--resume"]);
    room.wait_for("chmod 700");
    assert_eq!(room.exit_code(), 2);
}
