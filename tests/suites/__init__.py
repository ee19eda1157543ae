"""Tests of the framework of the suites: what it makes of targets that lie."""
