"""What the SQLite store does on a real disk, and how it fails."""
