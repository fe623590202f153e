"""``gateway demo``: one morning in two boroughs, on invented children, with the real daemons, folders and keys."""
