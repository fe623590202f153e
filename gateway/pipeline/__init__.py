"""The stages, and the journey; they reach the world only through ports."""
