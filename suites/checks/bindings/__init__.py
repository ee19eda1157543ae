"""Checks of requests that all modes with bindings share.

A mode is known by its BindingProfile.
"""
