"""Tests of the rounds of the self-assessment."""
