"""The daemon: watch, carry, stop cleanly. ``run`` until told to stop; ``run_once`` until nothing is left to do."""

from gateway.daemon.carry import run, run_once, stop_on_signals
from gateway.daemon.plant import Lane, Log, Plant, WatchedInbox

__all__ = ["Lane", "Log", "Plant", "WatchedInbox", "run", "run_once", "stop_on_signals"]
