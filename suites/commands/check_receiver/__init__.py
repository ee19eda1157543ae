"""`privnum check-receiver`: checks a customer's server.

By contracts/requirements/receiver.toml: what it answers to every kind of push, in every form that a push may have.
"""
