"""Programs that stand in for tools which a machine may not have."""
