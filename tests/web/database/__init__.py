"""Tests of the workbench's database."""
