"""A configuration that the CLI refuses is the first thing that stops the migrations."""

from pathlib import Path

import pytest

from fixtures.workbench.replaying.configuration import refused_configuration


def written(root: Path, text: str) -> Path:
    (root / "supabase").mkdir()
    (root / "supabase" / "config.toml").write_text(text, encoding="utf-8")
    return root


def test_the_line_is_named_at_which_it_stops_being_toml(tmp_path: Path) -> None:
    found = refused_configuration(written(tmp_path, '[functions.pay]\nverify_jwt = true\n\n[functions.pay]\nx = "y"\n'))

    assert found is not None
    assert found.subject == "supabase/config.toml:4"
    assert "the Supabase CLI refuses its configuration" in found.told


@pytest.mark.parametrize("text", ["", '[api]\nschemas = ["public"]\n'])
def test_what_is_toml_is_not_refused(tmp_path: Path, text: str) -> None:
    assert refused_configuration(written(tmp_path, text)) is None


def test_a_project_without_a_configuration_is_not_refused(tmp_path: Path) -> None:
    assert refused_configuration(tmp_path) is None
