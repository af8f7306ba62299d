class Calendar:
    def __init__(self):
        self.events = {}
        self.counter = 0

    def add(self, title, start, end):
        self.counter += 1
        key = f"evt_{self.counter}"
        self.events[key] = (title, start, end)
        return key

    def density(self, key):
        title, start, end = self.events[key]
        minutes = (end - start).total_seconds() / 60
        return len(title) / minutes  # the bug
