"""Reading a retcalc.yaml: places, all errors at once, paths, and files that cannot be read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from retcalc.config.find import find_config
from retcalc.config.load import LoadedConfig, load_config
from retcalc.config.model.config import Config
from retcalc.core.findings import Finding, RetcalcError


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "retcalc.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def errors(folder: Path, text: str | bytes) -> list[Finding]:
    with pytest.raises(RetcalcError) as caught:
        load_config(write(folder, text))
    assert caught.value.status == 2
    return list(caught.value.findings)


def only(folder: Path, text: str | bytes) -> Finding:
    (finding,) = errors(folder, text)
    return finding


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "---\n", "~", "{}", "sources:\nchecks:\n"]
)
def test_a_config_without_keys_gives_the_defaults(tmp_path: Path, text: str) -> None:
    assert load_config(write(tmp_path, text)).config == Config()


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    content = "\ufeffmin_group: 3  # é\r\n".encode()
    path = write(tmp_path, content)
    loaded = load_config(path)
    assert loaded == LoadedConfig(Config(min_group=3), path, hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "key"),
    [
        ("min_group: 3\nmin_grop: 4\n", "RC110", 2, 1, "min_grop"),
        ("amounts:\n  unit: major\n  decimal: ';'\n", "RC111", 3, 12, "amounts.decimal"),
        ("amounts: {unit: cents}\n", "RC111", 1, 17, "amounts.unit"),
        ("checks:\n- metric: nrr\n  min: 1\n- min: 1\n", "RC112", 4, 3, "checks[2].metric"),
        ("checks:\n  - {metric: nrr, min: 1, mx: 2}\n", "RC110", 2, 27, "checks[1].mx"),
        ("checks: nrr\n", "RC111", 1, 9, "checks"),
        ("checks:\n  -\n", "RC111", 2, 4, "checks[1]"),
        ("targets: {nrr: high}\n", "RC111", 1, 16, "targets.nrr"),
        ("targets:\n  by:\n    to: x\n", "RC111", 3, 9, "targets.by.to"),
        ("account: {colum: parent}\n", "RC110", 1, 11, "account.colum"),
        ("segments: {size: {bands: [1]}}\n", "RC112", 1, 18, "segments.size.from"),
        ("- nrr\n", "RC111", 1, 1, None),
        ("nrr\n", "RC111", 1, 1, None),
        ("definition: defalt\n", "RC120", 1, 13, "definition"),
        ("checks: [{metric: nrr}]\n", "RC114", 1, 10, "checks[1]"),
        ("shape: long\nmin_group: 1\nshape: wide\n", "RC102", 3, 1, "shape"),
        ("columns: &c {mrr: a}\n", "RC103", 1, 10, "columns"),
        ("columns: {mrr: !!str a}\n", "RC104", 1, 16, "columns.mrr"),
        ("shape: long\n\tx: 1\n", "RC101", 2, 1, None),
        ("shape: 'long\n", "RC101", 2, 1, None),
        ("shape: long: wide\n", "RC101", 1, 12, None),
        ("shape: long\n---\nshape: wide\n", "RC107", 2, 1, None),
        (b"shape: long\nmin_group: \xe9\n", "RC106", 2, 12, None),
        (b"shape: long\nmin_group: 1\0\n", "RC106", 2, 13, None),
        (b"\xff\xfes\0h\0", "RC106", 1, 1, None),
        ('columns: {mrr: "\\0"}\n', "RC106", 1, 16, None),
        ('columns: {mrr: "\\ud800"}\n', "RC106", 1, 16, None),
    ],
)
def test_an_error_has_its_place(
    tmp_path: Path, text: str | bytes, code: str, line: int, column: int, key: str | None
) -> None:
    finding = only(tmp_path, text)
    assert finding.code == code
    assert finding.spots[0].file == str(tmp_path / "retcalc.yaml")
    assert (finding.spots[0].line, finding.column, finding.header) == (line, column, key)


def test_every_error_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = errors(
        tmp_path,
        "shap: long\n"
        "min_group: 1e3\n"
        "currency: {report: usd, at: 2024-13}\n"
        "clv: {gross_margin: 78%, horizon_months: 0}\n"
        "min_group: 4\n"
        "columns: {mrr: *x}\n",
    )
    assert [(f.code, f.spots[0].line) for f in found] == [
        ("RC110", 1),
        ("RC111", 2),
        ("RC111", 3),
        ("RC111", 3),
        ("RC111", 4),
        ("RC111", 4),
        ("RC102", 5),
        ("RC103", 6),
    ]
    assert found[3].spots[0].value == "2024-13"
    assert found[3].message.startswith("currency.at is not a month")
    assert found[4].fix == "for example  gross_margin: 0.78"
    assert found[6].value == "it is given first on line 2"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("colums: {mrr: a}", "did you mean columns?"),
        ("Checks: []", "did you mean checks?"),
        ("amounts: {decmal: ','}", "did you mean decimal?"),
        ("gross_margin: 0.7", "did you mean clv.gross_margin?"),
        (
            "amounts: {zzz: 1}",
            "the keys of amounts are unit, decimal, thousands, negative, style, periods",
        ),
        ("targets: {nrr: {to: 1, frm: 2}}", "did you mean from?"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path, text: str, fix: str) -> None:
    finding = only(tmp_path, text)
    assert (finding.code, finding.fix) == ("RC110", fix)


def test_an_unknown_profile_is_answered_with_the_names(tmp_path: Path) -> None:
    fix = only(tmp_path, "definition: lazy_nrr").fix or ""
    assert fix.startswith("did you mean lazy-nrr?")
    assert "the profiles are default, all-events, " in fix


def test_paths_are_relative_to_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conf").mkdir()
    write(
        tmp_path / "conf",
        f"sources: {{mrr: [a.csv, sub/b.csv], customers: {tmp_path}/conf/c.csv, costs: ~/d.csv}}\n"
        "account: {mergers: ./m.csv}\ndefinition: own.yaml\n",
    )
    monkeypatch.chdir(tmp_path)
    config = load_config("conf/retcalc.yaml").config
    assert config.sources.mrr == ("conf/a.csv", "conf/sub/b.csv")
    assert config.sources.customers == f"{tmp_path}/conf/c.csv"
    assert config.sources.costs == "conf/~/d.csv"
    assert config.account.mergers == "conf/./m.csv"
    assert config.definition == "conf/own.yaml"
    monkeypatch.chdir(tmp_path / "conf")
    assert load_config("retcalc.yaml").config.sources.mrr == ("a.csv", "sub/b.csv")


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/passwd", "sub/../../x.csv", "out/x.csv", "link.csv"]
)
def test_a_path_may_not_leave_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "out").symlink_to(tmp_path)
    (tmp_path / "home" / "link.csv").symlink_to(tmp_path / "x.csv")
    for text in (f"sources: {{mrr: {path}}}", f"account: {{mergers: {path}}}"):
        finding = only(tmp_path / "home", text)
        assert finding.code == "RC113"
        assert finding.spots[0].value == path
        assert "command line" in (finding.fix or "")
    assert only(tmp_path / "home", "definition: ../own.yaml").code == "RC113"


def test_a_link_inside_the_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")
    config = load_config(write(tmp_path, "sources: {mrr: link.csv}")).config
    assert config.sources.mrr == (str(tmp_path / "link.csv"),)


@pytest.mark.parametrize("path", ["s3://bucket/x.csv", "https://example.org/x", "file:///x", "'-'"])
def test_addresses_and_standard_input_are_for_the_command_line(tmp_path: Path, path: str) -> None:
    assert "command line only" in only(tmp_path, f"sources: {{fx: {path}}}").message


def test_find_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_config(["data/mrr.csv"]) is None
    (tmp_path / "retcalc.yaml").touch()
    for paths in (["data/mrr.csv"], ["data/", "x.csv"], ["-"], ["s3://bucket/x.csv"], [], ["a\0"]):
        assert find_config(paths) == "retcalc.yaml"
    (tmp_path / "data" / "retcalc.yaml").touch()
    assert find_config(["data/mrr.csv", "other/x.csv"]) == "data/retcalc.yaml"
    assert find_config(["other/x.csv", "data/mrr.csv"]) == "retcalc.yaml"
    assert find_config([str(tmp_path / "data" / "m.csv")]) == str(tmp_path / "data/retcalc.yaml")


def test_a_broken_link_is_found_and_then_told(tmp_path: Path) -> None:
    (tmp_path / "retcalc.yaml").symlink_to("nowhere")
    path = find_config([str(tmp_path / "x.csv")])
    assert path is not None
    with pytest.raises(RetcalcError) as caught:
        load_config(path)
    assert (caught.value.findings[0].code, caught.value.status) == ("RC460", 4)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    cases = {
        "missing.yaml": "RC460",
        "pipe/x.yaml": "RC460",
        ".": "RC461",
        "pipe": "RC461",
        "loop": "RC461",
        "a\0b": "RC461",
        "x" * 300: "RC461",
    }
    for name, code in cases.items():
        with pytest.raises(RetcalcError) as caught:
            load_config(f"{tmp_path}/{name}")
        assert (caught.value.findings[0].code, caught.value.status) == (code, 4), name
