"""The workload of bench/workbench.py: what is in the database, and what people do."""
