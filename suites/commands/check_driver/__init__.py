"""`privnum check-driver`: compares a driver with its protocol.

That is contracts/driver.toml.
"""
