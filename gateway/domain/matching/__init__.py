"""Evidence that two records are one child, and verdicts on it."""
