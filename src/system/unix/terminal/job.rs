//! Job control: a shell stops and continues the programs that it started.

use rustix::process::{Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group, kill_process};

/// Returns true if a shell with job control can continue this process.
///
/// A process group is orphaned if no member has a parent in another group of the same session. Nothing would ever
/// continue a process in such a group, so stopping it would leave a dead window.
#[must_use]
pub fn is_job() -> bool {
    let group = getpgrp();
    let Ok(session) = getsid(None) else { return false };
    // The group of the session's leader is no job: a shell puts each job into its own group.
    if group == session {
        return false;
    }
    let Some(parent) = getppid() else { return false };
    match (getsid(Some(parent)), getpgid(Some(parent))) {
        // The parent is the shell, or, in this process's group, a wrapper that the shell started with it.
        (Ok(parents_session), Ok(_)) => parents_session == session,
        _ => false,
    }
}

/// Stops this process until it is continued.
///
/// With `whole_job` the other processes of the job, such as a wrapper that waits for this one, are stopped too, as by
/// Ctrl-Z, so that the shell takes over.
pub fn stop_job(whole_job: bool) {
    if whole_job {
        // This program's handler catches SIGTSTP; the SIGSTOP below stops it.
        let _ = kill_current_process_group(Signal::TSTP);
    }
    let _ = kill_process(getpid(), Signal::STOP);
}
