"""The commands of privnum that check, clean, report and the like.

`check`, `clean`, `report`, `init-target` and `check-driver`.
"""
