"""Hides personal data and secrets in anything that is shown."""

from __future__ import annotations

import re

__all__ = ["mask"]

# +8613800000021, %2B8613800000021, 008613800000021, 8613800000021, 13800000021, 075526660001; 138 0000 0021,
# +86-138-0000-0021, 0755-26660001. Other runs of digits (codes, durations,
# the stamp in a sessionId) are left.
_NUMBER = re.compile(
    r"""
      (?P<plus>\+|%2[Bb]|(?<![0-9A-Za-z])00(?=86))(?P<country>86)?(?P<head>[0-9]{3})[0-9]{2,9}(?P<tail>[0-9]{4})(?![0-9])
    | (?<![0-9A-Za-z])(?P<country2>86)?(?P<head2>1[3-9][0-9])[0-9]{4}(?P<tail2>[0-9]{4})(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?P<plus4>\+?)(?P<country4>86[ -])?
      (?P<head4>1[3-9][0-9])[ -][0-9]{4}[ -](?P<tail4>[0-9]{4})(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?P<head5>0[0-9]{2,3})-[0-9]{3,4}(?P<tail5>[0-9]{4})(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?P<head3>0[0-9]{2,3})[0-9]{3,4}(?P<tail3>[0-9]{4})(?![0-9A-Za-z])
    """,
    re.VERBOSE,
)

_SECRET = re.compile(
    r"""(?P<key>\\?["']?(?:PasswordDigest|app_?secret|secret|password)\\?["']?\s*[:=]\s*\\?["']?)(?P<value>[^"'\\,\s&}]+)""",
    re.IGNORECASE,
)

# Who logs in to a web address: http://user:password@host.
_LOGIN = re.compile(r"(?<=://)[^/?#@\s]++@")


def mask(text: str) -> str:
    """Mask phone numbers but head and last four digits, and whole secrets.

    `+86138****0021`, `****`.
    """
    return _SECRET.sub(r"\g<key>****", _NUMBER.sub(_hide, _LOGIN.sub("****@", text)))


def _hide(match: re.Match[str]) -> str:
    part = {name.rstrip("2345"): value for name, value in match.groupdict().items() if value}
    return "".join((part.get("plus", ""), part.get("country", ""), part["head"], "****", part["tail"]))
