"""Schools, authorities and postcodes, as lookups over rows given."""
