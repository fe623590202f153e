"""The history of the schema, one file per step. A step that was released never changes."""
