"""The inspector: one page that shows a running server, and what it needs.

`page/` has the page itself, as it goes to the browser: HTML, CSS, JavaScript modules, a table of words per language.
"""
