"""One small file per rule: code, severity, wording, the check."""
