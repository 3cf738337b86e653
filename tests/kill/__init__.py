"""The daemon is killed at every boundary of one drop-off and one pickup, and a person goes on from there."""
