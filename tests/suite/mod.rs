mod hostile;
mod saving;
