"""Seeded errors in the data of the contract: its tables and schemas."""
