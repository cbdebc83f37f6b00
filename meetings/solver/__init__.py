"""Schedules that are as good as can be proven: the model, the search, and the reasons."""
