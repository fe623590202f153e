"""The ledger's copy in files: tiles, bundles of entries and the signed checkpoint."""
