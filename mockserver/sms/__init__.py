"""SMS to an X: what becomes of them, and what the customer is told and asked."""
