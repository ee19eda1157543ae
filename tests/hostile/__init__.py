"""Requests, messages and files of peers who mean harm, or no harm but write otherwise than one would."""
