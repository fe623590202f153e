"""How: one file or folder per outside thing; none knows another."""
