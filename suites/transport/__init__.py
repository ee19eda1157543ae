"""Requests and answers: over HTTP, in process, and as raw bytes."""
