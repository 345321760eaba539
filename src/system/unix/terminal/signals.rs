//! Signals: a handler only records a signal and wakes a thread, which reports it.

use std::io;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use crate::system::Signal;

/// The base of the exit code 128 + n, by which a shell reports that signal n ended a program.
const SIGNALLED: i32 = 128;

/// Catches the signals to end, stop, continue and resize, and reports them from a thread.
///
/// # Errors
/// Fails if the system refuses a handler or a thread.
pub fn listen_for_signals(mut report: impl FnMut(Signal) + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        loop {
            let batch: Vec<i32> = signals.wait().collect();
            // Requests to end are reported first. A stop is dropped if the program was continued in the same batch.
            let continued = batch.contains(&SIGCONT);
            batch
                .iter()
                .filter_map(|signal| meaning(*signal))
                .filter(|s| matches!(s, Signal::End(_)))
                .for_each(&mut report);
            for signal in batch.iter().filter_map(|signal| meaning(*signal)) {
                match signal {
                    Signal::End(_) => {}
                    Signal::Stop if continued => {}
                    other => report(other),
                }
            }
        }
    })?;
    Ok(())
}

fn meaning(signal: i32) -> Option<Signal> {
    Some(match signal {
        SIGTSTP => Signal::Stop,
        SIGCONT => Signal::Resumed,
        SIGWINCH => Signal::Resized,
        other => Signal::End(u8::try_from(SIGNALLED + other).ok()?),
    })
}
