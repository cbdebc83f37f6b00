"""The drawing of the house in the docs is that of the import contract."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_drawing_shows_the_layers_of_the_import_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [re.split(r" [|:] ", layer) for layer in contracts["contracts"][0]["layers"]]
    text = (ROOT / "docs" / "architecture.md").read_text()

    drawing = text.partition("```\n")[2].partition("```")[0]
    drawn = [re.split(r"  | │ ", line) for line in drawing.splitlines() if "──" not in line]

    assert drawn == layers
