"""X: no bindings; the customer's server is asked of each call."""
