"""The exchange between authorities as a state machine."""
