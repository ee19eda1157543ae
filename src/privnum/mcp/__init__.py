"""`privnum mcp`: server, rules and checks as tools of a coding agent.

The Model Context Protocol by its official SDK, over standard input and output.
"""
