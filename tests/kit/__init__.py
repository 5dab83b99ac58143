"""Servers as lying as real ones, for tests."""
