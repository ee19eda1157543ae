"""AXYB: A sees Y and B sees X."""
