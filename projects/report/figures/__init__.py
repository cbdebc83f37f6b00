"""Every figure of a report: what it is called, which rows it counts, and its definition."""
