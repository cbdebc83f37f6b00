"""Several visitors who register at once and go on when the site does not answer."""

import itertools
import threading
from collections import Counter
from http.client import HTTPException

from tests.visitor import RegistrationForm, Visitor


class Crowd:
    """Registers people until it is told to stop; keeps whose registration was confirmed to them."""

    def __init__(self, port: int, slug: str, *, visitors: int = 4) -> None:
        self.confirmed: set[int] = set()
        self.answers: Counter[int | str] = Counter()
        self.pages: dict[int, str] = {}
        self._stopped = threading.Event()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        forms = [RegistrationForm(Visitor(port), slug) for _n in range(visitors)]
        self._threads = [threading.Thread(target=self._register, args=[form]) for form in forms]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _register(self, form: RegistrationForm) -> None:
        while not self._stopped.is_set():
            with self._lock:
                number = next(self._numbers)
            try:
                answer = form.send(number)
            except (OSError, HTTPException) as error:
                # The worker that had it was killed: this visitor was told nothing.
                with self._lock:
                    self.answers[type(error).__name__] += 1
                continue
            with self._lock:
                self.answers[answer.status] += 1
                self.pages[answer.status] = answer.text
                if answer.status == 302:
                    self.confirmed.add(number)
