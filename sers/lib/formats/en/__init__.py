"""English as it is written in Washington."""
