"""A deterministic simulation: the real store, job table, daemon and exchange on one thread, by seed. ``run`` is the door."""
