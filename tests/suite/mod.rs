mod catalog;
mod catalog_faults;
mod hostile;
mod knobs;
mod pty;
mod saving;
mod scenarios;
mod session;
