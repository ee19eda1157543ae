"""Checks of SMS, each once for every mode that has the rule.

`profile.py` says what a mode has to say of itself.
"""
