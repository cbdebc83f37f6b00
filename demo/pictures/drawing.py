"""The demo's pictures by name. All are drawn here; none is a photograph or from elsewhere."""

from demo.pictures import landscapes, rooms, things

SCENES = {
    "summit": landscapes.summit,
    "crossing": landscapes.crossing,
    "river": landscapes.river,
    "bridge": landscapes.bridge,
    "hall": rooms.hall,
    "forum": rooms.forum,
    "exchange": rooms.exchange,
    "signing": rooms.signing,
    "tables": rooms.tables,
    "online": rooms.online,
    "instruments": things.instruments,
    "materials": things.materials,
    "blood-testing": things.blood_testing,
    "early-detection": things.early_detection,
    "hand-held": things.hand_held,
    "hydrogel": things.hydrogel,
    "walking": things.walking,
    "sleep": things.sleep,
    "cells": things.cells,
}


def picture(name: str) -> bytes:
    """Return a drawing as PNG, 1280 × 720, the same bytes each time. Takes about 0.2 s."""
    return SCENES[name]().png()
