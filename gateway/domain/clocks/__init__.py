"""School age, school days, statutory deadlines, collection dates. All take today as an argument."""
