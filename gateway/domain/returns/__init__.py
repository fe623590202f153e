"""What a return says: movements, grounds, destinations."""
