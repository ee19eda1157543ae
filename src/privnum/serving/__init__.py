"""`privnum serve`: its options, from where each comes, and `privnum init`."""
