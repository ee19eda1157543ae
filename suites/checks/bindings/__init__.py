"""Checks of requests that all modes with bindings share; a mode is known by its BindingProfile."""
