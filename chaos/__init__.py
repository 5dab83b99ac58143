"""Fault injection on the deployed sending engine: `make chaos`. See docs/chaos.md."""
