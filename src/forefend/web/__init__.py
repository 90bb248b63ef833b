"""The workbench: read-only pages rendered on the server, for one state, on its own machine."""
