"""Spanish as it is written in Washington."""
