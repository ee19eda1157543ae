"""The control plane: the driver protocol."""
