"""The fixtures: `emrys`, a server for the test, and `emrys_servers`, which starts any number of them."""

import os
import shlex

import pytest

from .server import Servers


def pytest_addoption(parser):
    parser.addini("emrys_command", "the command that runs emrys; EMRYS_COMMAND goes before it", default="emrys")


def pytest_configure(config):
    config.addinivalue_line("markers", "emrys(settings): settings of the server that the fixture `emrys` gives")


@pytest.fixture(scope="session")
def emrys_servers(pytestconfig):
    """What starts servers; every one that is left ends with the run."""
    command = os.environ.get("EMRYS_COMMAND") or pytestconfig.getini("emrys_command")
    with Servers(shlex.split(command)) as servers:
        yield servers


@pytest.fixture
def emrys(request, emrys_servers):
    """An empty server, ended with the test. `@pytest.mark.emrys(settings={…})` sets something in it."""
    marker = request.node.get_closest_marker("emrys")
    with emrys_servers.start(**(marker.kwargs if marker else {})) as server:
        yield server
