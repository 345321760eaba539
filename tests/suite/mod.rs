mod catalog;
mod hostile;
mod knobs;
mod pty;
mod saving;
mod scenarios;
mod session;
