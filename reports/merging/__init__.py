"""The reports of several runs as parts of one."""
