"""Episodes of missing education: categories, states, evidence."""
