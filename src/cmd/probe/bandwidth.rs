//! The memory bandwidth of this machine, measured by reading and copying with all threads.
//!
//! Every thread owns a part of the memory and touches it first, so that the part lies near it. A round lasts from the
//! first thread's start to the last one's end; the best round counts, as in STREAM, and copying counts what is read and
//! what is written.

use std::hint::black_box;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Scope};
use std::time::{Duration, Instant};

use super::kernel;
use crate::model::units::GB;

/// Rounds of each kind that are measured whatever time there is.
pub const FEWEST_ROUNDS: usize = 5;
/// Rounds of each kind after which more tell nothing.
const MOST_ROUNDS: usize = 1000;
/// The smallest working set, bytes.
const SMALLEST: u64 = 256 << 20;
/// Bytes of a word.
const WORD: u64 = 8;

/// The reason why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum NotMeasured {
    /// The system grants less memory than was asked for.
    #[error("the system does not grant {0} MiB of memory to measure with; ask for less with --mib")]
    NoMemory(u64),
    /// The system starts no more threads.
    #[error("the system starts no thread to measure with: {0}")]
    NoThread(#[from] std::io::Error),
    /// A thread ended early.
    #[error("a thread that measures ended early; measure again")]
    Lost,
}

/// The rounds of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// Rates, bytes per second, in the order measured.
    pub rates: Vec<f64>,
}

impl Rounds {
    /// The best rate, bytes per second.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.rates.iter().copied().fold(0.0, f64::max)
    }

    /// Returns the distance of the slowest round from the best, as a share of the best.
    #[must_use]
    pub fn spread(&self) -> f64 {
        let slowest = self.rates.iter().copied().fold(f64::INFINITY, f64::min);
        let best = self.best();
        if best > 0.0 { 1.0 - slowest / best } else { 0.0 }
    }

    /// The best rate in GB/s.
    #[must_use]
    pub fn best_gbs(&self) -> f64 {
        self.best() / GB
    }
}

/// The measured rates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bandwidth {
    /// Reading.
    pub read: Rounds,
    /// Copying: bytes read and bytes written.
    pub copy: Rounds,
    /// Threads that worked at once.
    pub threads: usize,
    /// Memory that was read in a round, bytes.
    pub bytes: u64,
}

/// Bytes to measure with: well beyond the caches, and at most a quarter of what is free.
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

/// Measures with `bytes` of memory and `threads` threads for about `time`, at least [`FEWEST_ROUNDS`] rounds each.
///
/// # Errors
/// [`NotMeasured`] where the system grants no memory or threads.
pub fn measure(bytes: u64, threads: usize, time: Duration) -> Result<Bandwidth, NotMeasured> {
    let threads = threads.max(1);
    // An even number of words for each: copying goes from one half to the other.
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

/// Room for a part, which the thread that owns it touches first.
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
        // What goes in and comes out could be looked at, so that the optimiser must do the work every time.
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

/// One round: all threads at once, from the first one's start to the last one's end.
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
        // Copying reads one half and writes the other: in all as many bytes as reading the whole.
        rates.push(bytes as f64 / seconds);
    }
    Ok(Rounds { rates })
}
