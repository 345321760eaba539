//! Job control: a shell stops and continues the programs that it started.

use rustix::process::{Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group, kill_process};

/// Returns true where a shell with job control is there to continue this process. A process group is orphaned when no
/// member has a parent in another group of the same session: then nothing would ever continue it, and stopping would
/// leave a dead window.
#[must_use]
pub fn is_job() -> bool {
    let group = getpgrp();
    let Ok(session) = getsid(None) else { return false };
    // The group of the session's leader is no job: a shell puts each job into a group of its own.
    if group == session {
        return false;
    }
    let Some(parent) = getppid() else { return false };
    match (getsid(Some(parent)), getpgid(Some(parent))) {
        // The parent is the shell, or (in our own group) a wrapper that the shell started with us.
        (Ok(parents_session), Ok(_)) => parents_session == session,
        _ => false,
    }
}

/// Stops this process until it is continued. With `whole_job`, what was started along with it (a wrapper that waits for
/// it) is stopped too, as by Ctrl-Z, so that the shell notices.
pub fn stop_job(whole_job: bool) {
    if whole_job {
        // Our own handler catches this one; the signal below is the one that stops us.
        let _ = kill_current_process_group(Signal::TSTP);
    }
    let _ = kill_process(getpid(), Signal::STOP);
}
