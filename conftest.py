"""Nothing is configured here: options and fixtures come from the `pytest11` plugin, so they work from any folder.

The file marks the root for pytest, and keeps the three rooms from being collected by their real path, which would
import a second copy of each module under another name. Collect the suites with `pytest --pyargs privnum.suites`.
"""

from __future__ import annotations

collect_ignore = ["contracts", "mockserver", "suites"]
