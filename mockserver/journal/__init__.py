"""The journal of a world: every request, answer and push, for who looks.

entries   what is kept of each, as it came and went
ring      the last of them, and a count of those that were dropped
select    which of them are wanted
remarks   forms of a request that the real platform may not take
masking   no secret and no digest is shown unless it is asked for
formats   as JSON, as HAR, as curl commands

Nothing is worked out when a request comes: an entry holds what the edge has at hand, and all else when somebody looks.
"""
