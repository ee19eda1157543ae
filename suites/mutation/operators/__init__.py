"""Mutation operators: small edits of the server, of which seeded bugs are made."""
