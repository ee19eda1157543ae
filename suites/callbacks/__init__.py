"""The customer's side: pushes received, kept and waited for."""
