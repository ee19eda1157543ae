"""The commands `privnum check`, `clean`, `report`, `init-target` and `check-driver`."""
