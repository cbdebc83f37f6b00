"""Imports go down only: docs/architecture.md draws the layers."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("summit.lib.i18n.formats", "summit.lib", "events", "projects", "staff", "summit")
# The lowest first. What is named in none of them, such as apps.py, is wiring and stands on top.
LAYERS = (
    ("models",),
    ("calendar", "links"),
    ("emails",),
    ("tasks",),
    ("domain", "report"),
    ("forms", "exports", "demo"),
    ("views", "admin", "management"),
)
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for app in ("events", "projects", "staff", "summit")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
}


def app_of(module):
    return next((a for a in APPS if module == a or module.startswith(a + ".")), None)


def layer_of(module):
    name = (module.split(".") + [""])[1]
    return next((rank for rank, names in enumerate(LAYERS) if name in names), len(LAYERS))


def imported(path):
    """Every module that a file imports, those for the type checker alone left out."""
    tree = ast.parse(path.read_text())
    for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_down_only(module):
    app, layer = app_of(module), layer_of(module)

    upward = [
        name
        for name in imported(MODULES[module])
        if app_of(name)
        and (
            APPS.index(app_of(name)) > APPS.index(app)
            or (
                app in ("events", "projects", "staff")
                and app_of(name) == app
                and layer_of(name) > layer
            )
        )
    ]

    assert upward == []


def test_events_never_says_projects_in_its_templates_either():
    said = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates" / "events").rglob("*.html")
        if '"projects/' in path.read_text()
    ]

    assert said == []
