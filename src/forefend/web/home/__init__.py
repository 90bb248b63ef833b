"""Home: our state at a glance, and the choice of the state whose view is taken."""
