"""Emrys in a test suite: see pytest_emrys.plugin for the fixtures."""

from .server import Clock, CloudAccess, Emrys, EmrysError, Faults, Servers

__all__ = ["Clock", "CloudAccess", "Emrys", "EmrysError", "Faults", "Servers"]
