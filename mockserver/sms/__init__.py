"""SMS to an X: where they go, and what the customer hears of them."""
