"""The week with the national School to School site: batches, instructions, files."""
