"""Files that come back from outside: opened with care, read, never run."""
