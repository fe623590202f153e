"""What every case store promises, on every engine."""
