//! The thread that writes to the terminal, so that a terminal that stops reading blocks nothing else.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use super::input::Input;

/// Pause before retrying a terminal that accepts no bytes because another program set it to non-blocking mode.
const PAUSE: Duration = Duration::from_millis(5);

/// Bytes to write.
struct Job {
    bytes: Vec<u8>,
    report: Report,
}

/// The receiver of a job's result. Failures are reported to the loop in any case.
enum Report {
    Failures,
    Loop,
    Waiting(Sender<()>),
}

/// The sender of bytes to the writing thread.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: Sender<Job>,
}

impl Writer {
    /// Starts the thread, which reports results to `inputs`.
    ///
    /// # Errors
    /// [`io::Error`] if the operating system cannot start a thread.
    pub fn start(inputs: Sender<Input>) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::Builder::new().name("terminal output".to_owned()).spawn(move || {
            for job in queue {
                let result = write(&job.bytes);
                // The receiver may have stopped waiting, or the loop may have ended.
                match job.report {
                    Report::Failures if result.is_ok() => {}
                    Report::Failures | Report::Loop => drop(inputs.send(Input::Written(result))),
                    Report::Waiting(done) => drop(done.send(())),
                }
            }
        })?;
        Ok(Self { jobs })
    }

    /// Queues bytes.
    pub fn write(&self, bytes: Vec<u8>) {
        // An error is impossible, because the thread ends only with the process.
        let _ = self.jobs.send(Job { bytes, report: Report::Failures });
    }

    /// Queues a frame; the loop is notified when it is written.
    pub fn write_frame(&self, bytes: Vec<u8>) {
        let _ = self.jobs.send(Job { bytes, report: Report::Loop });
    }

    /// Queues bytes and waits at most `limit` until they are written; returns true if they are.
    pub fn write_within(&self, bytes: Vec<u8>, limit: Duration) -> bool {
        let (done, written) = mpsc::channel();
        self.jobs.send(Job { bytes, report: Report::Waiting(done) }).is_ok() && written.recv_timeout(limit).is_ok()
    }
}

/// Writes all `bytes` to standard output, in one call if the terminal accepts them.
fn write(mut bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    while !bytes.is_empty() {
        match out.write(bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(error) => retry_later(error)?,
        }
    }
    while let Err(error) = out.flush() {
        retry_later(error)?;
    }
    Ok(())
}

/// Returns an error unless the write can be tried again, after a pause if the terminal takes no more bytes now.
fn retry_later(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::Interrupted => Ok(()),
        ErrorKind::WouldBlock => {
            std::thread::sleep(PAUSE);
            Ok(())
        }
        _ => Err(error),
    }
}
