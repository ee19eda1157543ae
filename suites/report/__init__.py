"""Reports: pure functions over the event stream."""
