"""Hostile YAML: a clean error or a config, and quickly."""

from __future__ import annotations

import time

import pytest

from helpers import SHARED
from retcalc.config.load import load_config, parse
from retcalc.config.model.config import Config
from retcalc.core.findings import RetcalcError

SUITE = SHARED / "badinput" / "yaml-test-suite"
KIB = 1 << 10
SIZE = 250 * KIB  # just below the limit
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)

HOSTILE: dict[str, tuple[str | bytes, str | None]] = {
    # name: (content, code of the first finding; None when it is a fine config)
    "alias bomb": (BOMB, "RC110"),
    "alias of itself": ("columns: &a {mrr: *a}", "RC103"),
    "50,000 anchors": ("checks:\n" + "".join(f"- &a{i} 1\n" for i in range(50_000)), "RC105"),
    "4,000 anchors": ("checks:\n" + "".join(f"- &a{i} 1\n" for i in range(4_000)), "RC103"),
    "undefined alias": ("shape: *nowhere", "RC103"),
    "alias as a key": ("columns: {*a : b}", "RC101"),
    "merge key": ("amounts: {<<: {unit: minor}}", "RC103"),
    "merge of a list": ("amounts:\n  <<: [{unit: minor}]", "RC103"),
    "python object": ("shape: !!python/object/apply:os.system [id]", "RC104"),
    "python name": ("shape: !!python/name:os.system", "RC104"),
    "local tag": ("shape: !env HOME", "RC104"),
    "non-specific tag": ("shape: ! long", "RC104"),
    "binary": ("columns: {mrr: !!binary aGk=}", "RC104"),
    "set": ("columns: !!set {mrr}", "RC104"),
    "tag directive": ("%TAG ! tag:x,2000:\n---\nshape: !a long", "RC104"),
    "flow depth": ("checks: " + "[" * 100_000, "RC105"),
    "block depth": ("- " * 100_000, "RC105"),
    "mapping depth": ("{a: " * 50_000, "RC105"),
    "indent depth": ("".join(" " * i + "a:\n" for i in range(600)), "RC105"),
    "key depth": ("? " * 100_000, "RC101"),
    "mapping as a key": ("{{a: b}: c}", "RC101"),
    "list as a key": ("? [a]\n: b", "RC101"),
    "duplicate key": ("shape: long\nshape: wide", "RC102"),
    "duplicate key, quoted": ("shape: long\n'shape': wide", "RC102"),
    "duplicate key below": ("columns: {mrr: a, mrr: b}", "RC102"),
    "duplicate keys in free names": ("targets: {a: 1, a: 2}", "RC102"),
    "2,400 duplicate keys": ("min_group: 1\n" * 2_400, "RC102"),
    "2,400 unknown keys": ("".join(f"k{i}: 1\n" for i in range(2_400)), "RC110"),
    "NUL": (b"shape: long\0", "RC106"),
    "escaped NUL": ('sources: {mrr: "a\\0b"}', "RC106"),
    "escaped surrogate": ('targets: {"\\ud800": 1}', "RC106"),
    "escape beyond Unicode": ('shape: "\\UFFFFFFFF"', "RC101"),
    "control character": (b"shape: \x1b[31mlong", "RC106"),
    "latin-1": ("columns: {mrr: Umsätze}".encode("latin-1"), "RC106"),
    "UTF-16": ("shape: long".encode("utf-16"), "RC106"),
    "UTF-32": ("shape: long".encode("utf-32"), "RC106"),
    "binary file": (bytes(range(256)) * 16, "RC106"),
    "huge plain text": ("shape: " + "x" * SIZE, "RC111"),
    "huge words": ("shape: " + "x " * (SIZE // 2), "RC111"),
    "huge block": ("shape: |\n" + " x\n" * (SIZE // 3), "RC111"),
    "huge key": ("? " + "x" * SIZE + "\n: 1", "RC110"),
    "huge number": ("min_group: " + "1" * SIZE, "RC111"),
    "as large as the limit": ("#" * (256 * KIB), None),
    "larger than the limit": ("#" * (256 * KIB + 1), "RC105"),
    "many values": ("checks: [" + "1," * 6_000 + "]", "RC105"),
    "many documents": ("---\n" * 50_000, "RC107"),
    "second document": ("shape: long\n...\n---\nshape: long", "RC107"),
    "version with 5,000 digits": ("%YAML 1." + "9" * 5_000 + "\n---\nshape: long", "RC101"),
    "tabs": ("\t" * SIZE, "RC101"),
    "commas": ("[" + "," * SIZE, "RC101"),
    "unclosed quote": ('shape: "' + "x\n" * 1_000, "RC101"),
    "terminal escape in a key": ('"\\e]0;x\\a": 1', "RC110"),
    "template": ("shape: {{ long }}", "RC101"),
    "no key": (": long", "RC101"),
    "empty key": ('"": long', "RC110"),
    "empty free name": ('targets: {"": 1}', "RC111"),
    "null key": ("~: long", "RC110"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_refused_cleanly(name: str) -> None:
    content, code = HOSTILE[name]
    start = time.process_time()
    try:
        parse("retcalc.yaml", content if isinstance(content, bytes) else content.encode(), Config)
        found: list[str] = []
    except RetcalcError as error:
        assert error.status == 2
        assert all(len(f.message) < 300 for f in error.findings)
        assert all(f.code == "RC105" or (f.spots[0].line and f.column) for f in error.findings)
        found = [f.code for f in error.findings]
    assert found[:1] == ([code] if code else [])
    assert time.process_time() - start < 2


def test_refused_files_name_only_what_is_wrong() -> None:
    with pytest.raises(RetcalcError) as caught:
        parse("retcalc.yaml", b"columns: &a {mrr: x}\ntargets: {a: *a}\n", Config)
    assert [f.code for f in caught.value.findings] == ["RC103", "RC103"]


@pytest.mark.skipif(not SUITE.is_dir(), reason="the YAML test suite is not here")
def test_the_yaml_test_suite_gives_configs_or_clean_errors() -> None:
    files = sorted(SUITE.rglob("in.yaml"))
    assert len(files) > 300
    for file in files:
        start = time.process_time()
        try:
            load_config(str(file))
        except RetcalcError as error:
            assert error.status == 2, file
            assert all(f.spots[0].line and f.column for f in error.findings), file
        assert time.process_time() - start < 1, file
