"""What the contract has that can be seen, and which of it a message shows."""
