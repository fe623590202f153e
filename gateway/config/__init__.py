"""config.toml → frozen settings. pydantic's home."""

from gateway.config.load import CONFIG, load
from gateway.config.people import actor_of
from gateway.config.settings import Settings, WatchedFolder

__all__ = ["CONFIG", "Settings", "WatchedFolder", "actor_of", "load"]
