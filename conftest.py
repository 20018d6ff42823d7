"""Wires the rooms: what looks, what tells. Providers are found by the engine, checks by pytest itself."""

pytest_plugins = ["fixtures.engine", "fixtures.engine.workers", "reports.hooks"]
