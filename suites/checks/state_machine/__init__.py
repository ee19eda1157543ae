"""What the state machines of all modes share.

A target beside its oracle, and the rules of any world.
"""
