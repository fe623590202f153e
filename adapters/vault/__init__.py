"""Parcels at rest: each one age file, in a folder or in memory."""
