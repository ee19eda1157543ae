"""Checks of X: the customer's server is asked of each call."""
