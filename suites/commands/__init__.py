"""The commands of privnum that check, clean, report and the like.

`check`, `clean`, `report`, `init-target`, `check-driver` and `check-receiver`.
"""
