"""The AXYB oracle."""
