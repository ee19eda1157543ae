"""Commands as their parsers read them, without doing what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum import cli
from privnum.options import OptionParser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["Parsed", "parsed_by"]


class Parsed(BaseException):
    """A parser has taken every word; the command goes no further."""

    def __init__(self, given: argparse.Namespace) -> None:
        super().__init__()
        self.given = given


def parsed_by(args: Sequence[str]) -> Parsed:
    """Return what the parser of a command has read; a word that it does not take ends in SystemExit."""
    whole, mixed = OptionParser.parse_args, OptionParser.parse_intermixed_args

    def stop(self: OptionParser, given: Any = None, namespace: Any = None) -> Any:
        raise Parsed(whole(self, given, namespace))

    def stop_mixed(self: OptionParser, given: Any = None, namespace: Any = None) -> Any:
        raise Parsed(mixed(self, given, namespace))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OptionParser, "parse_args", stop)
        patch.setattr(OptionParser, "parse_intermixed_args", stop_mixed)
        with pytest.raises(Parsed) as caught:
            cli.main(args)
    return caught.value
