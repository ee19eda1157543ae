"""What is under test and what it can do."""
