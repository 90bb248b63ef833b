"""Every change that comes with what goes out and in: in one transaction with its row of the audit log."""
