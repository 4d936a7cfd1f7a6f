"""Backups: made from one snapshot, described by a manifest, proved by restoring them."""
