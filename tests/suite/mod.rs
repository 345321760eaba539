mod catalog;
mod hostile;
mod pty;
mod saving;
mod scenarios;
mod session;
