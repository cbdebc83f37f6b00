"""What an event or a series amounts to: figures, each with its definition and its rows.

Reads only. A figure is a condition on the rows of one model; the report counts the
rows that meet it and the admin lists the very same ones, so that the two agree.
"""
