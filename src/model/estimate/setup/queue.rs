//! Waiting: users who ask again as soon as they are answered, on a machine that runs a limited number of requests at
//! once.
//!
//! The simulation of a hundred requests is deterministic, without a clock or random numbers: the lengths of answers are
//! spread evenly from half to one and a half times the mean. Prompts are computed one after the other. Meanwhile a
//! continuous batch decodes one token per micro-batch of the prompt, and slots pause. A queue serves one request at a
//! time.

use std::collections::BinaryHeap;

use super::super::case::EstimateInputs;
use super::super::figures::Estimate;
use super::super::trace::Sourced;
use crate::model::facts::{Batching, Split};

/// Number of requests that are measured, after as many as run at once have filled the queue.
const REQUESTS: usize = 100;
/// The fractional part of the golden ratio: the fractions of its multiples spread evenly over 0..1.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// The users' requests and the speed of the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crowd {
    /// Number of users.
    pub users: f64,
    /// Requests that run at once.
    pub running: f64,
    /// Mean number of output tokens of a request.
    pub generate: f64,
    /// Time to compute a prompt alone, seconds.
    pub prefill: f64,
    /// Micro-batches of a prompt.
    pub micro_batches: f64,
    /// Time of a step of one stream, seconds.
    pub step_one: f64,
    /// Time of a step of all requests that run at once, seconds.
    pub step_all: f64,
    /// The way in which the runtime serves several streams.
    pub batching: Batching,
}

/// The waits and speeds of the users.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// Requests that run at once.
    pub running: f64,
    /// Users whose requests wait for room.
    pub waiting: f64,
    /// The times; `None` if the time to compute a prompt is not known.
    pub times: Option<Times>,
}

/// The times and the rate of the users.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// Median time to first token with the wait included, seconds.
    pub ttft_p50: f64,
    /// 95th percentile of the time to first token with the wait included, seconds.
    pub ttft_p95: f64,
    /// Mean output rate of a user over the waiting, the prompt and the answer, tokens per second.
    pub mean_rate: f64,
}

/// Returns the waits and speeds of the users of a case with the estimate `numbers`; `None` if it has no speed.
#[must_use]
pub fn of(case: &EstimateInputs<'_>, numbers: &Estimate<f64>) -> Option<Waiting> {
    let speeds = numbers.decode.speeds?;
    let users = case.streams.value.max(1.0);
    let most = numbers.memory.max_streams.map_or(users, |most| most.max(1.0));
    // Each replica has its own queue and serves an equal share of the users.
    let replicas = case.setup.as_ref().filter(|setup| setup.split == Split::Replica);
    let replicas = replicas.map_or(1.0, |setup| setup.devices.value).min(users);
    let at_once = if case.batching == Batching::Queue { 1.0 } else { libm::ceil(most.min(users) / replicas) };
    let running = (at_once * replicas).min(users);
    let Some(prefill) = numbers.prefill else {
        return Some(Waiting { running, waiting: users - running, times: None });
    };
    let one = Sourced { value: 1.0, ..case.streams };
    let alone = super::super::estimate(&EstimateInputs { streams: one, ..*case }).decode.speeds?;
    let waiting = run(&Crowd {
        users: libm::ceil(users / replicas),
        running: at_once,
        generate: case.generate.value,
        prefill: case.prompt.value / prefill.speed.expected,
        micro_batches: libm::ceil(case.prompt.value / case.micro_batch.value),
        step_one: 1.0 / alone.each.expected,
        step_all: 1.0 / speeds.each.expected,
        batching: case.batching,
    });
    Some(Waiting { running, waiting: users - running, ..waiting })
}

/// Simulates the queue.
#[must_use]
pub fn run(crowd: &Crowd) -> Waiting {
    let users = crowd.users.max(1.0) as usize;
    let running = if crowd.batching == Batching::Queue { 1 } else { crowd.running.clamp(1.0, users as f64) as usize };
    let mut queue = Queue::new(crowd, users, running);
    let warm = running;
    let (mut seen, mut ttft, mut tokens, mut spent) = (0, Vec::with_capacity(REQUESTS), 0.0, 0.0);
    while ttft.len() < REQUESTS {
        let Some(done) = queue.next() else { break };
        seen += 1;
        if seen > warm {
            ttft.push(done.first - done.asked);
            tokens += done.length;
            spent += queue.now - done.asked;
        }
    }
    ttft.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let at = (share * ttft.len() as f64) as usize;
        ttft.get(at.min(ttft.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    };
    Waiting {
        running: running as f64,
        waiting: (users - running) as f64,
        times: Some(Times { ttft_p50: quantile(0.5), ttft_p95: quantile(0.95), mean_rate: tokens / spent }),
    }
}

/// A request: when it was asked, when its first token came, and the length of its answer.
#[derive(Clone, Copy, Debug)]
struct Request {
    /// Seconds from the start.
    asked: f64,
    first: f64,
    length: f64,
}

/// A request that decodes, ordered by the token count at which its answer ends.
#[derive(Clone, Copy, Debug)]
struct Running {
    /// The token count at which its answer ends, compared with [`Queue::decoded`].
    ends: f64,
    request: Request,
}

impl PartialEq for Running {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Running {}

impl PartialOrd for Running {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Running {
    /// Orders the request that ends first as the greatest, because the heap returns the greatest.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.ends.total_cmp(&self.ends)
    }
}

/// The simulation.
struct Queue<'a> {
    crowd: &'a Crowd,
    /// Most requests that run at once.
    most: usize,
    /// Seconds since the start.
    now: f64,
    /// Tokens that each running request has decoded since the start.
    decoded: f64,
    /// The requests that decode; the heap returns the one that ends first.
    running: BinaryHeap<Running>,
    /// The times at which the waiting requests were asked, first come first.
    waiting: std::collections::VecDeque<f64>,
    /// Number of requests whose length has been drawn.
    asked: usize,
}

impl<'a> Queue<'a> {
    /// Returns a queue in its steady state: the running requests are evenly spread over their answers, the others wait.
    fn new(crowd: &'a Crowd, users: usize, most: usize) -> Self {
        let mut queue = Self {
            crowd,
            most,
            now: 0.0,
            decoded: 0.0,
            running: BinaryHeap::with_capacity(most),
            waiting: std::collections::VecDeque::with_capacity(users),
            asked: 0,
        };
        for at in 0..most {
            let length = queue.length();
            let ends = length * (at as f64 + 0.5) / most as f64;
            queue.running.push(Running { ends, request: Request { asked: 0.0, first: 0.0, length } });
        }
        queue.waiting.extend(std::iter::repeat_n(0.0, users - most));
        queue
    }

    /// Returns the length of the next answer, tokens.
    fn length(&mut self) -> f64 {
        self.asked += 1;
        let spread = (self.asked as f64 * GOLDEN).fract();
        (self.crowd.generate * (0.5 + spread)).max(1.0)
    }

    /// Returns the time of a step of the running requests in seconds, interpolated between one and all.
    fn step(&self) -> f64 {
        let Crowd { step_one, step_all, .. } = *self.crowd;
        let most = self.most as f64;
        if most <= 1.0 {
            return step_one;
        }
        let share = (self.running.len() as f64 - 1.0).max(0.0) / (most - 1.0);
        step_one + (step_all - step_one) * share
    }

    /// Advances the time until a request is answered and returns it; its user asks again at once.
    fn next(&mut self) -> Option<Request> {
        loop {
            if self.running.len() < self.most
                && let Some(asked) = self.waiting.pop_front()
            {
                self.admit(asked);
                continue;
            }
            let ends = self.running.peek()?.ends;
            // The request counts as running until its answer ends.
            self.now += (ends - self.decoded).max(0.0) * self.step();
            self.decoded = self.decoded.max(ends);
            let done = self.running.pop()?;
            self.waiting.push_back(self.now);
            return Some(done.request);
        }
    }

    /// Computes a prompt; meanwhile the others decode one token per micro-batch if the batching is continuous.
    fn admit(&mut self, asked: f64) {
        let Crowd { prefill, micro_batches, batching, .. } = *self.crowd;
        let others = if batching == Batching::Continuous && !self.running.is_empty() { micro_batches } else { 0.0 };
        self.now += prefill + others * self.step() * 0.5;
        self.decoded += others;
        let length = self.length();
        // The first token comes with the step after the prompt.
        let first = self.now + self.step();
        let request = Request { asked, first, length };
        self.running.push(Running { ends: self.decoded + length, request });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CROWD: Crowd = Crowd {
        users: 4.0,
        running: 4.0,
        generate: 512.0,
        prefill: 0.2,
        micro_batches: 1.0,
        step_one: 0.005,
        step_all: 0.008,
        batching: Batching::Continuous,
    };

    fn times(crowd: &Crowd) -> Times {
        run(crowd).times.unwrap_or_else(|| panic!("the time of a prompt is given"))
    }

    #[test]
    fn one_user_waits_for_the_prompt_alone() {
        let waiting = times(&Crowd { users: 1.0, running: 1.0, ..CROWD });
        assert!((waiting.ttft_p50 - 0.205).abs() < 1e-9 && (waiting.ttft_p95 - 0.205).abs() < 1e-9, "{waiting:?}");
        assert!((waiting.mean_rate - 512.0 / (512.0 * 0.005 + 0.2)).abs() < 5.0, "{waiting:?}");
    }

    #[test]
    fn a_queue_of_one_makes_the_others_wait_for_whole_answers() {
        let waiting = run(&Crowd { batching: Batching::Queue, ..CROWD });
        assert!((waiting.running, waiting.waiting) == (1.0, 3.0));
        let answer = 512.0 * 0.005 + 0.2;
        assert!(waiting.times.is_some_and(|times| (2.0..4.5).contains(&(times.ttft_p50 / answer))), "{waiting:?}");
    }

    #[test]
    fn littles_law_holds() {
        // Little's law: users = requests per second × seconds per request, so users × mean rate is the throughput.
        for users in [2.0, 8.0, 40.0] {
            let waiting = times(&Crowd { users, running: 8.0, ..CROWD });
            let throughput = users * waiting.mean_rate;
            assert!(throughput <= 8.0 / 0.005 && throughput > 100.0, "{waiting:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_slow_requests_are_no_faster_than_the_usual(
            users in 1.0_f64..300.0, running in 1.0_f64..300.0, prefill in 0.001_f64..20.0,
            step in 0.001_f64..0.2, more in 1.0_f64..20.0, slots in proptest::bool::ANY,
        ) {
            let batching = if slots { Batching::Slots } else { Batching::Continuous };
            let crowd = Crowd { users, running, prefill, step_one: step, step_all: step * more, batching, ..CROWD };
            let waiting = run(&crowd);
            let seen = times(&crowd);
            proptest::prop_assert!(seen.ttft_p95 >= seen.ttft_p50);
            proptest::prop_assert!(seen.ttft_p50 >= prefill && seen.mean_rate > 0.0, "{:?}", seen);
            let fewer = run(&Crowd { users: (users / 2.0).max(1.0), ..crowd });
            proptest::prop_assert!(fewer.waiting <= waiting.waiting);
        }
    }
}
