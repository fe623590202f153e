"""What differs between the database engines, and nothing else."""
