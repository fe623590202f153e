"""The CME gateway: what happens to a parcel, and why."""
