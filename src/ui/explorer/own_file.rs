//! Small files that one running program keeps for this person alone, named after its process.
//!
//! Unsaved work and the meeting of a presentation's two screens are such files: written whole, readable by nobody else,
//! and known to be left behind once their process is gone.

use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::process::{Pid, test_kill_process};
use serde::Serialize;

use crate::model::ron_file::{self, MARKER, Overwrite, save_atomic};

/// Why it could not be written; nobody is told here.
pub(in crate::ui) struct NotWritten;

/// The number of this process.
pub(in crate::ui) fn own_pid() -> i32 {
    i32::try_from(std::process::id()).unwrap_or(i32::MAX)
}

/// The file of a process, by what it is for.
pub(in crate::ui) fn path(directory: &Path, kind: &str, pid: i32) -> PathBuf {
    directory.join(format!("{kind}-{pid}.ron"))
}

/// Writes `value` as the whole file, for this person alone.
pub(in crate::ui) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), NotWritten> {
    let body = ron_file::to_string(value).map_err(|_| NotWritten)?;
    // Saving keeps the mode of the file that is there.
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(|_| NotWritten)?;
    save_atomic(path, &format!("{MARKER}\n{body}\n"), Overwrite::Anything).map(|_| ()).map_err(|_| NotWritten)
}

/// All files of a kind with their process, the newest first.
pub(in crate::ui) fn all(directory: &Path, kind: &str) -> Vec<(i32, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut files: Vec<(SystemTime, i32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let pid = name.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".ron")?.parse().ok()?;
            Some((entry.metadata().ok()?.modified().ok()?, pid, entry.path()))
        })
        .collect();
    files.sort();
    files.into_iter().rev().map(|(_, pid, path)| (pid, path)).collect()
}

/// Whether a process of this number is there, the person's or somebody else's.
pub(in crate::ui) fn is_running(pid: i32) -> bool {
    let Some(pid) = Pid::from_raw(pid) else { return false };
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}
