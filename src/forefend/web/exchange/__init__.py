"""What of a round goes out and comes back: reports, data, workbooks, and rounds for machines without a network."""
