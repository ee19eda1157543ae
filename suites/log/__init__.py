"""Recorded traffic, held against the contract without sending anything."""
