"""The oracle of X: the customer's answers, and what becomes of a call."""
