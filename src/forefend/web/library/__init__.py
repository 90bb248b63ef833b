"""Library: the Framework, risk factors, options, windows, terms, sources and methods."""
