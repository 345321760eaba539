//! Tests of saving: a file has the old or the new content, complete, and no work is replaced without a message.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use whichbox::model::ron_file::{MARKER, Overwrite, SaveError, read, save_atomic};

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn ours(body: &str) -> String {
    format!("{MARKER}\n{body}\n")
}

/// Returns the names in `directory`, sorted, which would show a left-over temporary file.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<_> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn saves_again_and_again_and_notices_a_change() {
    let directory = directory();
    let path = directory.path().join("a.ron");
    let first = save_atomic(&path, &ours("(1)"), Overwrite::Never).expect("a new file");
    assert_eq!(first, read(&path).expect("readable").fingerprint, "as if it had been read");
    let second = save_atomic(&path, &ours("(2)"), Overwrite::Unchanged(first)).expect("ours, unchanged");
    assert_eq!(fs::read_to_string(&path).expect("text"), ours("(2)"));

    let stale = save_atomic(&path, &ours("(3)"), Overwrite::Unchanged(first));
    assert!(matches!(stale, Err(SaveError::Changed(_))), "{stale:?}");
    let unexpected = save_atomic(&path, &ours("(3)"), Overwrite::Never);
    assert!(matches!(unexpected, Err(SaveError::Exists(_))), "{unexpected:?}");
    assert_eq!(fs::read_to_string(&path).expect("text"), ours("(2)"));

    // The length and the second are the same, so only the content differs.
    fs::write(&path, ours("(9)")).expect("somebody else");
    let theirs = save_atomic(&path, &ours("(3)"), Overwrite::Unchanged(second));
    assert!(matches!(theirs, Err(SaveError::Changed(_))), "{theirs:?}");
    save_atomic(&path, &ours("(3)"), Overwrite::Anything).expect("told to");
    assert_eq!(names(directory.path()), ["a.ron"]);
}

#[test]
fn of_saves_that_overlap_one_succeeds_and_the_others_are_told() {
    let directory = directory();
    let path = directory.path().join("a.ron");
    for round in 0..20 {
        let expected = match round {
            0 => Overwrite::Never,
            _ => Overwrite::Unchanged(read(&path).expect("readable").fingerprint),
        };
        let save = |number: usize| save_atomic(&path, &ours(&format!("({round}, {number})")), expected);
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|number| scope.spawn(move || save(number))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let saved: Vec<usize> = (0..4).filter(|number| results[*number].is_ok()).collect();
        assert_eq!(saved.len(), 1, "{results:?}");
        assert_eq!(fs::read_to_string(&path).expect("text"), ours(&format!("({round}, {})", saved[0])));
    }
    assert_eq!(names(directory.path()), ["a.ron"]);
}

#[test]
fn a_hand_written_file_is_not_rewritten_silently() {
    let directory = directory();
    let path = directory.path().join("hand.ron");
    fs::write(&path, "// my comments\n()").expect("a file");
    let then = read(&path).expect("readable").fingerprint;
    let error = save_atomic(&path, &ours("()"), Overwrite::Unchanged(then)).expect_err("by hand");
    assert!(matches!(error, SaveError::HandWritten(_)));
    assert!(error.to_string().contains("comments would be lost; save under another name"), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("text"), "// my comments\n()");
    save_atomic(&path, &ours("()"), Overwrite::UnchangedByHand(then)).expect("confirmed");
    assert_eq!(fs::read_to_string(&path).expect("text"), ours("()"));
}

#[test]
fn follows_links_and_keeps_the_mode() {
    let directory = directory();
    let sub = directory.path().join("sub");
    fs::create_dir(&sub).expect("a directory");
    let target = sub.join("target.ron");
    fs::write(&target, ours("old")).expect("a file");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).expect("a mode");
    let link = directory.path().join("link.ron");
    symlink("sub/target.ron", &link).expect("a link");
    let then = read(&link).expect("readable").fingerprint;
    save_atomic(&link, &ours("new"), Overwrite::Unchanged(then)).expect("through the link");
    assert!(fs::symlink_metadata(&link).expect("the link").file_type().is_symlink());
    assert_eq!(fs::read_to_string(&target).expect("text"), ours("new"));
    assert_eq!(fs::metadata(&target).expect("the file").permissions().mode() & 0o777, 0o640);

    let dangling = directory.path().join("dangling.ron");
    symlink("sub/later.ron", &dangling).expect("a link");
    save_atomic(&dangling, &ours("new"), Overwrite::Never).expect("creates what the link names");
    assert_eq!(names(&sub), ["later.ron", "target.ron"]);
    symlink("circle.ron", directory.path().join("circle.ron")).expect("a link");
    let circle = save_atomic(&directory.path().join("circle.ron"), "x", Overwrite::Anything);
    assert!(matches!(circle, Err(SaveError::Io(..))), "{circle:?}");
}

#[test]
fn what_cannot_be_written_stays_as_it_was() {
    let directory = directory();
    let locked = directory.path().join("locked.ron");
    fs::write(&locked, ours("old")).expect("a file");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).expect("a mode");
    let error = save_atomic(&locked, &ours("new"), Overwrite::Anything).expect_err("write-protected");
    assert!(error.to_string().ends_with("it is write-protected; nothing was changed"), "{error}");
    assert_eq!(fs::read_to_string(&locked).expect("text"), ours("old"));

    // No real device is used: with privileges, a broken check would replace it for the whole system.
    let pipe = directory.path().join("pipe.ron");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).expect("a pipe");
    for path in [directory.path(), &pipe] {
        let error = save_atomic(path, "x", Overwrite::Anything).expect_err("no file");
        assert!(matches!(error, SaveError::NotReplaceable(..)), "{error}");
    }
    for path in [directory.path().join("no/such/dir.ron"), locked.join("below.ron"), "/proc/whichbox.ron".into()] {
        let error = save_atomic(&path, "x", Overwrite::Anything).expect_err("nowhere");
        assert!(matches!(error, SaveError::Io(..)), "{error}");
    }
    assert_eq!(names(directory.path()), ["locked.ron", "pipe.ron"]);
}

const CHILD: &str = "WHICHBOX_TEST_SAVE_TO";

#[test]
#[ignore = "runs as the child of the next tests, where nothing can be written"]
fn child_that_cannot_save() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let error = save_atomic(Path::new(&path), &ours(&"x".repeat(100_000)), Overwrite::Anything).expect_err("no room");
    assert!(matches!(error, SaveError::Io(..)), "{error}");
}

/// Runs a shell script in which `"$0" RUN` tries to save to `$1/a.ron`, whose old content is `$2`.
///
/// The script itself lists the directory at its end, since its mounts end with it.
fn where_nothing_can_be_written(script: &str) {
    let directory = directory();
    // A user without privileges can enter the directory and nothing more.
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = directory.path().join("a.ron");
    fs::write(&path, ours("old")).expect("a file");
    let run = "--ignored --exact suite::saving::child_that_cannot_save";
    let child = Command::new("sh")
        .args(["-c", &script.replace("RUN", run)])
        .arg(std::env::current_exe().expect("this binary"))
        .args([directory.path().to_str().expect("a name"), &ours("old")])
        .env(CHILD, &path)
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
    let end = format!("[a.ron\n]\n{}", ours("old"));
    assert!(said.contains(&end), "the old file, and no temporary one beside it: {said}");
    assert_eq!(fs::read_to_string(&path).expect("text"), ours("old"));
}

/// Returns true if a command works on this system; otherwise prints which test is skipped.
fn works(command: &str, test: &str) -> bool {
    let works = Command::new("sh").args(["-c", command]).output().is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: {test}: `{command}` does not work here");
    }
    works
}

#[test]
fn a_limit_on_the_size_of_files_keeps_the_old_file() {
    where_nothing_can_be_written(
        "(trap '' XFSZ; ulimit -f 1; exec \"$0\" RUN) && echo \"[$(ls -A \"$1\")\n]\" && cat \"$1/a.ron\"",
    );
}

#[test]
fn a_full_disk_keeps_the_old_file() {
    if works("unshare -m mount -t tmpfs tmpfs /tmp", "a full disk") {
        where_nothing_can_be_written(
            "exec unshare -m sh -c 'mount -t tmpfs -o size=64k tmpfs \"$1\" && printf %s \"$2\" >\"$1/a.ron\" && \"$0\" RUN && \
             echo \"[$(ls -A \"$1\")\n]\" && cat \"$1/a.ron\"' \"$0\" \"$1\" \"$2\"",
        );
    }
}

#[test]
fn a_read_only_file_system_keeps_the_old_file() {
    if works("unshare -m sh -c 'mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp'", "a read-only file system") {
        where_nothing_can_be_written(
            "exec unshare -m sh -c 'mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && \"$0\" RUN && \
             echo \"[$(ls -A \"$1\")\n]\" && cat \"$1/a.ron\"' \"$0\" \"$1\" \"$2\"",
        );
    }
}

#[test]
fn a_directory_of_somebody_else_keeps_the_old_file() {
    // Permissions do not apply to a privileged user, so the script changes to another user.
    let script = |start: &str| {
        format!(
            "chmod 555 \"$1\" && {start} \"$0\" RUN && echo \"[$(ls -A \"$1\")\n]\" && cat \"$1/a.ron\"; code=$?; chmod 755 \"$1\"; exit $code"
        )
    };
    let binary = std::env::current_exe().expect("this binary");
    let other = format!("setpriv --reuid 65534 --regid 65534 --clear-groups test -x '{}'", binary.display());
    if !rustix::process::geteuid().is_root() {
        where_nothing_can_be_written(&script(""));
    } else if works(&other, "a directory of somebody else") {
        where_nothing_can_be_written(&script("setpriv --reuid 65534 --regid 65534 --clear-groups"));
    }
}

const ENDLESS: &str = "WHICHBOX_TEST_SAVE_WITHOUT_END";

#[test]
#[ignore = "runs as the child of the next tests, which kill it"]
fn child_that_saves_without_end() {
    let Some(path) = std::env::var_os(ENDLESS) else { return };
    for letter in ["a", "b"].iter().cycle() {
        save_atomic(Path::new(&path), &ours(&letter.repeat(300_000)), Overwrite::Anything).expect("room");
    }
}

fn saving_without_end(path: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args(["--ignored", "--exact", "suite::saving::child_that_saves_without_end"])
        .env(ENDLESS, path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child")
}

/// Asserts that a file has one of the saved contents, complete.
fn whole(path: &Path, when: &str) {
    let text = fs::read_to_string(path).expect("text");
    let whole = ["a", "b"].iter().any(|letter| text == ours(&letter.repeat(300_000)));
    assert!(whole, "{} bytes {when}", text.len());
}

/// `WHICHBOX_KILLS=500 cargo test --locked --test main -- a_killed_save --nocapture` runs it for longer.
#[test]
fn a_killed_save_leaves_the_old_or_the_new_content() {
    let kills: u32 = std::env::var("WHICHBOX_KILLS").map_or(25, |count| count.parse().expect("a number"));
    let directory = directory();
    let path = directory.path().join("a.ron");
    fs::write(&path, ours(&"a".repeat(300_000))).expect("a file");
    let mut moments = fastrand::Rng::with_seed(1);
    let mut cut = 0;
    for run in 0..kills {
        let mut child = saving_without_end(&path);
        std::thread::sleep(Duration::from_micros(moments.u64(5_000..80_000)));
        child.kill().expect("alive");
        child.wait().expect("dead");
        whole(&path, &format!("after kill {run}"));
        for name in names(directory.path()).iter().filter(|name| *name != "a.ron") {
            cut += 1;
            fs::remove_file(directory.path().join(name)).expect("what the killed one left");
        }
    }
    eprintln!("{kills} kills, {cut} of them within a save");
}

#[test]
fn two_that_save_at_once_never_mix() {
    let directory = directory();
    let path = directory.path().join("a.ron");
    fs::write(&path, ours(&"a".repeat(300_000))).expect("a file");
    let mut children = [saving_without_end(&path), saving_without_end(&path)];
    let mut seen = HashSet::new();
    let start = Instant::now();
    // Until the contents changed often enough to come from both programs.
    while seen.len() < 20 {
        assert!(start.elapsed() < Duration::from_secs(60), "they save nothing");
        whole(&path, "while two save");
        seen.insert(fs::metadata(&path).expect("there").modified().expect("a time"));
    }
    for child in &mut children {
        assert!(child.try_wait().expect("a state").is_none(), "it gave up");
        child.kill().expect("alive");
        child.wait().expect("dead");
    }
    whole(&path, "after both");
}
