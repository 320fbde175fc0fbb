"""Where the data lies: folders of Parquet parts, hive partitions, and addresses with --remote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

from helpers import run

ROWS = [("a", "2024-01", 10), ("b", "2024-01", 20), ("a", "2024-02", 15), ("c", "2024-02", 5)]
PANEL = pl.DataFrame(ROWS, schema=["account", "month", "mrr"], orient="row")
PLANS = {"a": "Pro", "b": "Team", "c": "Pro"}


def figures(*args: object) -> object:
    done = run("movements", *args, "-f", "json")
    return done.json["rows"]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    PANEL.write_csv(path)
    return path


def test_a_folder_of_parts(tmp_path: Path, plain: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    PANEL.head(2).write_parquet(parts / "part-0.parquet")
    PANEL.tail(2).write_parquet(parts / "part-1.parquet")
    (parts / "_SUCCESS").touch()
    assert figures(parts) == figures(plain)


def test_months_as_hive_partitions(tmp_path: Path, plain: Path) -> None:
    for month in ("2024-01", "2024-02"):
        folder = tmp_path / "mrr" / f"month={month}"
        folder.mkdir(parents=True)
        part = PANEL.filter(pl.col("month") == month).drop("month")
        part.write_parquet(folder / "part-0.parquet")
    assert figures(tmp_path / "mrr") == figures(plain)


def test_segments_as_hive_partitions(tmp_path: Path) -> None:
    segmented = PANEL.with_columns(plan=pl.col("account").replace_strict(PLANS))
    for plan in ("Pro", "Team"):
        folder = tmp_path / "mrr" / f"plan={plan}"
        folder.mkdir(parents=True)
        segmented.filter(pl.col("plan") == plan).drop("plan").write_parquet(folder / "0.parquet")
    path = tmp_path / "segmented.csv"
    segmented.write_csv(path)
    assert figures(tmp_path / "mrr", "--by", "plan") == figures(path, "--by", "plan")


class Shelf(BaseHTTPRequestHandler):
    """Serves two files in ranges, as object stores do."""

    files: dict[str, bytes] = {}  # noqa: RUF012 (filled by the fixture)
    asked = 0

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        type(self).asked += 1
        data = self.files[self.path]
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        begin, end = 0, len(data)
        if wanted and wanted[1]:
            begin, end = int(wanted[1]), min(int(wanted[2] or len(data)) + 1, len(data))
        elif wanted:
            begin = max(len(data) - int(wanted[2]), 0)
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(end - begin))
        self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.end_headers()
        if with_body:
            self.wfile.write(data[begin:end])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path, plain: Path) -> Iterator[str]:
    parquet = tmp_path / "panel.parquet"
    PANEL.write_parquet(parquet)
    Shelf.files = {"/panel.csv": plain.read_bytes(), "/panel.parquet": parquet.read_bytes()}
    Shelf.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("name", ["panel.csv", "panel.parquet"])
def test_an_address_is_read_only_when_asked(address: str, plain: Path, name: str) -> None:
    done = run("nrr", f"{address}/{name}")
    assert done.exit_code == 4
    assert "error RC406" in done.stderr
    assert Shelf.asked == 0
    assert figures(f"{address}/{name}", "--remote") == figures(plain)
    assert Shelf.asked > 0
