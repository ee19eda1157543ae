"""The contract as pages of Markdown: messages, codes, rules, commands."""

from privnum.reference.pages import every_page, write_pages

__all__ = ["every_page", "write_pages"]
