"""The call engine and the people on a call."""
