"""The Django project: settings, addresses, and what surrounds every page."""
