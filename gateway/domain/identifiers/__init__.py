"""Numbers that name a child, a school or an authority."""
