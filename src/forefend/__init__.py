"""Forefend: the Framework for Action for the Responsibility to Protect as working software."""

__version__ = "0.1.0"
