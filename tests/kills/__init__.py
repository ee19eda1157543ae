"""kill -9 of a server with a state file, again and again under load: nothing acknowledged is lost or sent twice."""
