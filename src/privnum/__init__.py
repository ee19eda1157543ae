"""Huawei Cloud PrivateNumber: the contract as data, a stand-in server that keeps it, suites that judge by it."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
