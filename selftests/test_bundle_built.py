"""The built bundle is measured under names that survive a build, and its source maps tell what is in it."""

import json
import random
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.bundle.build import Build, read_build
from fixtures.bundle.contents import BUNDLER, OWN, SourceMap, attributed, contents_of, package_of
from fixtures.bundle.names import stable_name
from fixtures.bundle.sizes import SLACK, each_chunk, first_visit, growth, proposal

FRONTEND = Path(__file__).parents[1] / "sandbox" / "frontend"
NO_BASELINE = [(None, "is not in the checkout"), (b"{", "is no baseline"), (b'{"chunks": 1}', "is no baseline")]
NO_BUILD = [(None, "build the application first"), ({}, "holds no script"), ({"a.css": "a{}"}, "holds no script")]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("assets/index-DuRAN4w0.js", "assets/index.js"),
        ("assets/index-B1u_9kSR.css", "assets/index.css"),
        ("assets/index-C-1_aB2x.js", "assets/index.js"),
        ("assets/user-settings-BR4_tb-H.js", "assets/user-settings.js"),
        ("assets/user-settings.js", "assets/user-settings.js"),
        ("static/chunks/4bd1b696-c023c6e3521b1417.js", "static/chunks/4bd1b696.js"),
        ("static/chunks/pages/_app-0f1e2d3c4b5a6978.js", "static/chunks/pages/_app.js"),
        ("main.7c2d1e0f.js", "main.js"),
        ("chunk-ABCD1234.js", "chunk.js"),
        ("a8f5f167f44f4964.js", "*.js"),
        ("index.js", "index.js"),
        ("polyfills.js", "polyfills.js"),
    ],
)
def test_names_survive_a_build(file: str, name: str) -> None:
    assert stable_name(file) == name


def noise(size: int) -> str:
    return "".join(random.Random(size).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=size))  # noqa: S311  no secret: the same text each time


def test_a_first_visit_loads_what_the_page_refers_to_and_what_that_imports_at_once() -> None:
    files = {
        "index.html": '<script type="module" src="/app/assets/index-DuRAN4w0.js"></script>',
        "assets/index-DuRAN4w0.js": 'import"./shared-BR4_tb-H.js";import("./later-DKeo8LEv.js")',
        "assets/shared-BR4_tb-H.js": "1",
        "assets/later-DKeo8LEv.js": noise(500),
    }
    build = Build(Path("dist"), {name: text.encode() for name, text in files.items()})

    assert {chunk.name for chunk in build.chunks if chunk.first} == {"assets/index.js", "assets/shared.js"}
    (size,) = first_visit(build, 0.05)
    assert size.bytes == sum(chunk.gzip for chunk in build.chunks if "later" not in chunk.name)
    assert (size.limit, size.is_too_large) == (50, True)


def test_without_a_page_nobody_knows_what_a_first_visit_loads() -> None:
    with pytest.raises(Unobservable, match="no page in dist"):
        first_visit(Build(Path("dist"), {"a.js": b"1"}), 100)


def test_the_largest_chunk_is_told_first() -> None:
    sizes = each_chunk(Build(Path("dist"), {"a.js": b"1", "b.js": noise(900).encode()}), 0.2)

    assert [(size.name, size.is_too_large) for size in sizes] == [("b.js", True), ("a.js", False)]


def grown(**now: int) -> set[str]:
    before = Build(Path("dist"), {"a.js": noise(20_000).encode(), "b.js": noise(4_000).encode()})
    agreed = json.dumps(proposal(before.chunks).content).encode()
    after = Build(Path("dist"), {f"{name}.js": noise(size).encode() for name, size in now.items()})
    return {size.subject for size in growth(after, agreed, "bundle.json", 0.1) if size.is_too_large}


def test_growth_is_judged_chunk_by_chunk_and_all_together() -> None:
    assert grown(a=20_000, b=4_000) == set()
    assert grown(a=20_000, b=4_000 + SLACK) == set()
    assert grown(a=20_000, b=8_000) == {"b.js raw", "b.js gzip", "(all chunks) raw", "(all chunks) gzip"}
    assert grown(a=20_000, b=6_000) == {"b.js raw", "b.js gzip"}
    assert grown(a=20_000, b=4_000, c=9_000) == {"(all chunks) raw", "(all chunks) gzip"}
    assert grown(a=10_000) == set()


@pytest.mark.parametrize(
    ("baseline", "why"),
    NO_BASELINE,
)
def test_without_a_baseline_growth_is_not_known(baseline: bytes | None, why: str) -> None:
    with pytest.raises(Unobservable, match=why):
        growth(Build(Path("dist"), {"a.js": b"1"}), baseline, "seatrial/bundle.json", 0.1)


@pytest.mark.parametrize(
    ("files", "why"),
    NO_BUILD,
)
def test_a_build_that_is_not_there_is_blind(files: dict[str, str] | None, why: str, tmp_path: Path) -> None:
    if files is not None:
        (tmp_path / "dist").mkdir()
        for name, text in files.items():
            (tmp_path / "dist" / name).write_text(text)

    with pytest.raises(Unobservable, match=why):
        read_build(tmp_path / "dist")


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_characters_are_attributed_by_the_mappings() -> None:
    """Two lines; on the first, four characters of a, five of b, the rest of nobody; on the second, all of a."""
    source_map = SourceMap(["../node_modules/a/a.js", "src/b.ts"], "AAAA,ICAA,K;ADAA", 3)

    assert attributed("aaaabbbbb???\naaa", source_map) == {"a": 7, OWN: 5}


def test_the_real_map_of_vite_tells_of_every_character() -> None:
    contents = {each.file: each for each in contents_of(read_build(FRONTEND))}
    index = contents["assets/index-DxfUq3CT.js"]

    assert set(index.packages) == {"preact", OWN}
    assert index.packages["preact"] > index.packages[OWN] > 1000
    assert index.known > 0.85
    assert min(each.known for each in contents.values()) > 0.7  # import lines are the bundler's own
    assert len(contents) == 3


@pytest.mark.parametrize("mappings", ["!!", "A*AA", "AAAA,CZAA"])
def test_mappings_that_cannot_be_decoded_are_blind(mappings: str) -> None:
    with pytest.raises(Unobservable, match="cannot be decoded"):
        attributed("abc", SourceMap(["a.ts"], mappings, 3))


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("../../src/main.tsx", OWN),
        ("../../node_modules/preact/dist/preact.mjs", "preact"),
        ("../../node_modules/@supabase/auth-js/src/a.ts", "@supabase/auth-js"),
        ("../node_modules/.pnpm/preact@10.1.0/node_modules/preact/hooks/x.mjs", "preact"),
        ("../node_modules/a/node_modules/b/c.js", "b"),
        ("webpack://_N_E/./node_modules/next/dist/x.js", "next"),
        ("webpack://_N_E/webpack/bootstrap", BUNDLER),
        ("\0vite/preload-helper.js", BUNDLER),
    ],
)
def test_packages_are_told_by_the_paths_of_sources(source: str, package: str) -> None:
    assert package_of(source) == package
