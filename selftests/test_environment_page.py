"""docs/environment.md is made from the settings that the doors declare, and from nothing else."""

import re
from pathlib import Path

import msgspec
import pytest

from fixtures.engine.registry import REGISTRY
from reports import environment_page
from selftests.voyage import HOUSE


def test_the_committed_page_is_what_the_settings_say() -> None:
    assert (HOUSE / environment_page.NAME).read_text(encoding="utf-8") == environment_page.page()


def test_every_key_of_every_provider_is_on_it() -> None:
    page = environment_page.page()

    for name, settings in REGISTRY.providers.items():
        section = page.partition(f"## [{name}]\n")[2].partition("\n## ")[0]
        assert {field.name for field in msgspec.structs.fields(settings)} <= set(
            re.findall(r"^\| `(\w+)`", section, re.M)
        )


def test_a_page_that_differs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment_page, "ROOT", tmp_path)
    monkeypatch.setattr(environment_page, "page", lambda: "one")
    (tmp_path / "docs").mkdir()

    assert environment_page.main([]) == 0
    assert environment_page.main(["--check"]) == 0
    monkeypatch.setattr(environment_page, "page", lambda: "another")
    assert environment_page.main(["--check"]) == 1
    assert "make runbook" in capsys.readouterr().err
