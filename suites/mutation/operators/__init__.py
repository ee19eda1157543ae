"""Mutation operators: small edits of the server for seeded bugs."""
