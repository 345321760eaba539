//! The terminal on Unix: its device, job control and signals.

mod job;
mod line;
mod signals;

pub use job::{is_job, stop_job};
pub use line::{
    MOUSE_OFF, TERMINALS_HAVE_NAMES, capture_mouse, discard_output, release_mouse, shows_all_colours, terminal_size,
    wait_for_hangup,
};
pub use signals::listen_for_signals;
