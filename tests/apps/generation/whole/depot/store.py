class Depot:
    def __init__(self):
        self._crates = {}
        self._gone = []
        self._next = 1000

    def create(self, weight):
        self._next += 7
        ref = f"CR-{self._next}"
        self._crates[ref] = weight
        return ref

    def remove(self, ref):
        self._crates.pop(ref, None)
        self._gone.append(ref)

    def knows(self, ref):
        return ref in self._crates or ref in self._gone

    def inspect(self, ref):
        return {"weight": self._crates[ref]}  # the bug
