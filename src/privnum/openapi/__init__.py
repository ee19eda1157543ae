"""The contract as documents for other tools: OpenAPI 3.1 and Arazzo.

There are three: the API, the driver protocol, and the main flow of each mode. All of it comes from `contracts`: a
mode that joins the contract is in the documents without a change here.
"""

from __future__ import annotations

from privnum.openapi.arazzo import arazzo_document
from privnum.openapi.command import write_document
from privnum.openapi.document import openapi_document
from privnum.openapi.driver import driver_document
from privnum.openapi.modes import every_mode, known_modes

__all__ = ["arazzo_document", "driver_document", "every_mode", "known_modes", "openapi_document", "write_document"]
