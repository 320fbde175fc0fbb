"""JUnit XML of checks, for CI systems that show test results."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from retcalc.core.result import Result, Row

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(result: Result) -> bytes:
    """One test case a check; a failed check of severity warn is a skipped one with its message."""
    failed = [r for r in result.rows if r.values["status"] != "ok"]
    errors = [r for r in failed if r.values["severity"] == "error"]
    counts = {
        "tests": str(len(result.rows)),
        "failures": str(len(errors)),
        "errors": "0",
        "skipped": str(len(failed) - len(errors)),
        "time": "0",
    }
    suites = ET.Element("testsuites", {"name": "retcalc", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": "retcalc check", **counts})
    for row in result.rows:
        name = _clean(row.values["check"])
        case = ET.SubElement(suite, "testcase", {"classname": "retcalc", "name": name, "time": "0"})
        if row.values["status"] == "ok":
            continue
        tag = "failure" if row.values["severity"] == "error" else "skipped"
        problem = ET.SubElement(case, tag, {"message": sentence(row)})
        if tag == "failure":
            problem.set("type", "limit")
            problem.text = sentence(row)
    ET.indent(suites)
    xml: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def sentence(row: Row) -> str:
    """One failed check in words."""
    value, limit = row.values["value"], row.values["limit"]
    shown = "undefined" if value is None else _number(value)
    shown = f"at least {shown}" if row.at_least else shown
    reason = f" ({row.reasons['value']})" if "value" in row.reasons else ""
    return _clean(
        f"{row.values['check']}: {shown}{reason}, limit {row.values['rule']} {_number(limit)}"
    )


def workflow_commands(result: Result) -> list[str]:
    """Workflow commands for failed checks, at most ten of a type as the service shows no more."""
    lines: list[str] = []
    for severity, command in (("error", "error"), ("warn", "warning")):
        rows = [r for r in result.rows if r.values["status"] != "ok"]
        chosen = [r for r in rows if r.values["severity"] == severity][:10]
        lines += [f"::{command} title=retcalc check::{_escape(sentence(r))}" for r in chosen]
    return lines


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _number(value: object) -> str:
    return value if isinstance(value, str) else f"{float(value):.6g}"  # type: ignore[arg-type]


def _clean(value: object) -> str:
    return _FORBIDDEN.sub("\ufffd", str(value))
