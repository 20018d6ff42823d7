from checks import Finding, high, prod_smoke, runbook
from fixtures.bundle import ServedMap

pytestmark = [high, runbook("PERF-5"), prod_smoke]


def test_sources_hidden(source_maps: tuple[ServedMap, ...]) -> None:
    """No source map is served: the application's own source stays with the application.

    Means:   anybody reads the source with its comments, and with it what the minified code hid by accident.
    Confirm: curl --silent --show-error --include "$OCEAN_URL/assets/<file>.js.map"   (a page of HTML is no map)
    Contain: deploy again without the .map files; what was fetched meanwhile is known.
    Fix:     build: { sourcemap: "hidden" } in vite.config.ts, and *.map in .vercelignore after the upload to Sentry.
             With Next.js: productionBrowserSourceMaps: false.
    """
    if source_maps:
        raise Finding("a source map is served", source_maps)
