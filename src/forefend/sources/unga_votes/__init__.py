"""General Assembly roll calls and agreement between states."""
