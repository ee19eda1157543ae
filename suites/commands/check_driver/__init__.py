"""`privnum check-driver`: holds a driver against the protocol of contracts/driver.toml."""
