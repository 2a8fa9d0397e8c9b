"""Tables in the documentation that are about the code equal the code: errors, settings, metrics."""

import json
import re
import subprocess
import sys

import pytest
from prometheus_client import REGISTRY

from tests.repository.tree import ROOT, table, texts
from tintype.entry import api
from tintype.platform import telemetry
from tintype.platform.config import Settings

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_the_api_guide_lists_every_error() -> None:
    documented = {row[0]: (int(row[1]), row[2]) for row in table("docs/api.md", "## Every error")}
    # in a process of its own, which knows the errors of the API and of nothing else that was imported here
    program = "import json; from tintype.entry import api, openapi; print(json.dumps(openapi.codes()))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert documented == {code: tuple(about) for code, about in json.loads(answer).items()}


def test_the_api_guide_lists_every_rule_of_a_field() -> None:
    documented = {row[0]: row[1] for row in table("docs/api.md", "## Every rule of a field")}
    program = "import json; from tintype.entry import api, openapi; print(json.dumps(openapi.field_codes()))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert documented == json.loads(answer)


def test_the_operators_page_lists_every_setting() -> None:
    documented = {row[0] for row in table("docs/operations.md", "## Settings")}
    assert documented == {f"TINTYPE_{name.upper()}" for name in Settings.model_fields}


def test_the_operators_page_names_the_defaults() -> None:
    documented = {row[0]: row[1] for row in table("docs/operations.md", "## Settings")}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int) and not isinstance(field.default, bool) and name != "admin_port":
            assert documented[f"TINTYPE_{name.upper()}"].replace(",", "") == str(field.default), name


def test_the_operators_page_lists_every_metric() -> None:
    assert telemetry.REQUESTS is not None  # importing these defines them all
    assert api.run is not None
    documented = {row[0] for row in table("docs/operations.md", "## Metrics")}
    actual = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in REGISTRY.collect()
        if metric.name.startswith("tintype_")
    }
    assert documented == actual


@pytest.mark.parametrize("page", sorted(str(path) for path in texts() if path.suffix == ".md"))
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    found = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert not [link for link in found if not (folder / link).exists() and link != "docs/screenshot.png"]
