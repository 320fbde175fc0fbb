"""The page about shapes speaks of everything there is."""

from helpers import ROOT
from retcalc.book.columns.exports.known_exports import presets
from retcalc.book.shapes import SHAPES
from retcalc.config.model.inputs import Billing

PAGE = (ROOT / "docs" / "shapes.md").read_text("utf-8")


def test_every_shape_and_export_is_described() -> None:
    rows = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")]
    assert {f"`{name}`" for name in SHAPES} <= set(rows)
    exports = rows[rows.index("export") + 2 :]
    assert set(exports) == {preset.name for preset in presets()}


def test_every_rule_is_described() -> None:
    for name, field in Billing.model_fields.items():
        assert f"--{name.replace('_', '-')}" in PAGE
        for value in field.annotation.__args__:  # type: ignore[union-attr]
            assert value in PAGE, value
