"""`python -m privnum.contracts.i18n`: what is missing, stale or left over.

To mend a stale entry, change its words where they have to change, and its `of` to the digest that is printed.
"""

from __future__ import annotations

import sys

from privnum.contracts.i18n import LANGUAGES, gaps


def main() -> int:
    """Print a line for each gap; status 1 where there is one."""
    found = [(language, gap) for language in LANGUAGES if language != "en" for gap in gaps(language)]
    for language, gap in found:
        now = f'; of = "{gap.now}"' if gap.now else ""
        sys.stdout.write(f"contracts/i18n/{language}/{gap.file}: {gap.name}: {gap.kind}{now}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
