"""Histories of requests that overlap, and the search for an order.

Pure: nothing here sends, and nothing knows a mode.
"""
