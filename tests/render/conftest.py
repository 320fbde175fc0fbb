"""Reports that several modules look at, made once."""

import pytest

from render.report_data import demo, hostile, written


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """The demo's files with their report beside them."""
    folder = demo(tmp_path_factory.mktemp("demo"))
    written(folder, "--by", "plan", "--costs", "spend.csv", "--margin", "0.8")
    return folder


@pytest.fixture(scope="session")
def demo_report(demo_folder):
    """The bytes of the demo's report by format."""
    return {path.suffix[1:]: path.read_bytes() for path in demo_folder.glob("close.*")}


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory):
    """Data with hostile names with its report beside it."""
    folder = hostile(tmp_path_factory.mktemp("hostile"))
    written(folder, "--by", "plan", "--margin", "0.8")
    return folder


@pytest.fixture(scope="session")
def hostile_report(hostile_folder):
    """The bytes of the hostile report by format."""
    return {path.suffix[1:]: path.read_bytes() for path in hostile_folder.glob("close.*")}
