//! The report of a panic, which is a defect in the program.
//!
//! The terminal is restored, then the message and its place are printed on the normal screen. The process ends with
//! code 101 from the thread that panicked, before any other output.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::PanicHookInfo;

use crate::model::ron_file::is_hostile;

/// The exit code after a panic.
const DEFECT: i32 = 101;

/// Makes panics call `restore`, print a report with `hint` and end the process.
pub(super) fn restore_first(restore: impl Fn() + Send + Sync + 'static, hint: Option<String>) {
    std::panic::set_hook(Box::new(move |info| {
        restore();
        // An error is ignored: a closed standard error must not cause a second panic.
        let _ = std::io::stderr().write_all(report(info, hint.as_deref()).as_bytes());
        std::process::exit(DEFECT);
    }));
}

fn report(info: &PanicHookInfo<'_>, hint: Option<&str>) -> String {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let mut text = format!("whichbox: a defect in the program stopped it: {}\n  at {place}\n", message(info));
    if let Some(hint) = hint {
        text.push_str(hint);
        text.push('\n');
    }
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text.push_str(&trace.to_string());
    }
    text
}

/// Returns the message of the panic on one line. It may quote outside text, so control characters are replaced.
fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    let text = formatted.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    text.chars().map(|c| if c == '\n' || is_hostile(c) { ' ' } else { c }).collect()
}
