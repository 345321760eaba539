//! The memory bandwidth of this machine, measured by reading and copying with all threads.
//!
//! Each thread owns a part of the memory and writes to it first, so that the part is allocated near the thread. A round
//! lasts from the first thread's start to the last thread's end. The best round counts, as in STREAM; for copying, the
//! bytes read and the bytes written are added.

use std::hint::black_box;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Scope};
use std::time::{Duration, Instant};

use super::kernel;
use crate::model::units::GB;

/// The fewest rounds of each kind, for any duration.
pub const FEWEST_ROUNDS: usize = 5;
/// The most rounds of each kind; more would not change the result.
const MOST_ROUNDS: usize = 1000;
/// The smallest working set, bytes.
const SMALLEST: u64 = 256 << 20;
/// Bytes of a word.
const WORD: u64 = 8;

/// The reason why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum NotMeasured {
    /// The system has less memory available than was requested.
    #[error("the system does not grant {0} MiB of memory to measure with; ask for less with --mib")]
    NoMemory(u64),
    /// The system cannot start a thread.
    #[error("the system starts no thread to measure with: {0}")]
    NoThread(#[from] std::io::Error),
    /// A thread ended early.
    #[error("a thread that measures ended early; measure again")]
    Lost,
}

/// The measured rates of reading or of copying.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// Rate of each round in order, bytes per second.
    pub rates: Vec<f64>,
}

impl Rounds {
    /// Returns the best rate, bytes per second.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.rates.iter().copied().fold(0.0, f64::max)
    }

    /// Returns the difference between the slowest round and the best, as a share of the best.
    #[must_use]
    pub fn spread(&self) -> f64 {
        let slowest = self.rates.iter().copied().fold(f64::INFINITY, f64::min);
        let best = self.best();
        if best > 0.0 { 1.0 - slowest / best } else { 0.0 }
    }

    /// Returns the best rate, GB/s.
    #[must_use]
    pub fn best_gbs(&self) -> f64 {
        self.best() / GB
    }
}

/// The measured bandwidth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bandwidth {
    /// Rates of reading.
    pub read: Rounds,
    /// Rates of copying: bytes read plus bytes written.
    pub copy: Rounds,
    /// Number of concurrent threads.
    pub threads: usize,
    /// Memory that is read per round, bytes.
    pub bytes: u64,
}

/// Returns the working set in bytes: four times the largest cache, at most a quarter of the free memory.
#[must_use]
pub fn working_set(largest_cache: Option<u64>, usable: Option<u64>) -> u64 {
    let wanted = largest_cache.unwrap_or(0).saturating_mul(4).max(SMALLEST);
    usable.map_or(wanted, |usable| wanted.min(usable / 4))
}

/// The work of a thread in one round.
#[derive(Clone, Copy)]
enum Job {
    Fill,
    Read,
    Copy,
}

/// The start and the end of a thread's part of a round.
type Span = (Instant, Instant);

/// A thread that waits for jobs.
struct Worker {
    jobs: Sender<Job>,
    done: Receiver<Span>,
}

/// Measures with `bytes` of memory and `threads` threads for about `time`, with at least [`FEWEST_ROUNDS`] rounds of
/// each kind.
///
/// # Errors
/// [`NotMeasured`] if the system has no memory or threads for it.
pub fn measure(bytes: u64, threads: usize, time: Duration) -> Result<Bandwidth, NotMeasured> {
    let threads = threads.max(1);
    // Each thread gets an even number of words, since copying goes from one half to the other.
    let words = usize::try_from(bytes / WORD / threads as u64 / 2).unwrap_or(usize::MAX / 2).max(1) * 2;
    let parts: Result<Vec<Vec<u64>>, NotMeasured> = (0..threads).map(|_| reserve(words, bytes)).collect();
    let bytes = words as u64 * threads as u64 * WORD;
    std::thread::scope(|scope| {
        let workers = parts?.into_iter().map(|part| start(scope, part, words)).collect::<Result<Vec<_>, _>>()?;
        round(&workers, Job::Fill)?;
        let read = rounds(&workers, Job::Read, bytes, time / 2)?;
        let copy = rounds(&workers, Job::Copy, bytes, time / 2)?;
        Ok(Bandwidth { read, copy, threads, bytes })
    })
}

/// Returns memory for one thread, untouched, so that the thread itself writes to it first.
fn reserve(words: usize, bytes: u64) -> Result<Vec<u64>, NotMeasured> {
    let mut part = Vec::new();
    part.try_reserve_exact(words).map_err(|_| NotMeasured::NoMemory(bytes >> 20))?;
    Ok(part)
}

fn start<'s>(scope: &'s Scope<'s, '_>, mut part: Vec<u64>, words: usize) -> Result<Worker, NotMeasured> {
    let (jobs, orders) = channel();
    let (report, done) = channel();
    Builder::new().spawn_scoped(scope, move || {
        while let Ok(job) = orders.recv() {
            let begin = Instant::now();
            work(job, &mut part, words);
            if report.send((begin, Instant::now())).is_err() {
                break;
            }
        }
    })?;
    Ok(Worker { jobs, done })
}

fn work(job: Job, part: &mut Vec<u64>, words: usize) {
    match job {
        Job::Fill => {
            part.resize(words, 0);
            kernel::fill(part, 1);
        }
        // `black_box` prevents the optimiser from removing work whose result is not used.
        Job::Read => {
            black_box(kernel::sum(black_box(part)));
        }
        Job::Copy => {
            let (from, to) = part.split_at_mut(words / 2);
            kernel::copy(black_box(from), black_box(to));
            black_box(to);
        }
    }
}

/// Runs one round on all threads and returns the time from the first start to the last end.
fn round(workers: &[Worker], job: Job) -> Result<Duration, NotMeasured> {
    for worker in workers {
        worker.jobs.send(job).map_err(|_| NotMeasured::Lost)?;
    }
    let mut whole: Option<Span> = None;
    for worker in workers {
        let (begin, end) = worker.done.recv().map_err(|_| NotMeasured::Lost)?;
        whole = Some(whole.map_or((begin, end), |(first, last)| (first.min(begin), last.max(end))));
    }
    whole.map(|(first, last)| last.duration_since(first)).ok_or(NotMeasured::Lost)
}

fn rounds(workers: &[Worker], job: Job, bytes: u64, time: Duration) -> Result<Rounds, NotMeasured> {
    let begin = Instant::now();
    let mut rates = Vec::new();
    while rates.len() < FEWEST_ROUNDS || (rates.len() < MOST_ROUNDS && begin.elapsed() < time) {
        let seconds = round(workers, job)?.as_secs_f64().max(1e-9);
        // Copying reads one half and writes the other, which is together as many bytes as reading the whole.
        rates.push(bytes as f64 / seconds);
    }
    Ok(Rounds { rates })
}
