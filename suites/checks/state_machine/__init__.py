"""What the state machines of all modes share: a target beside its oracle, and the rules of any world."""
