"""Pages for staff at the door: check-in, walk-ins, badges and lists of one event."""
