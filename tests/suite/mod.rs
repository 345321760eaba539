mod hostile;
mod saving;
mod scenarios;
