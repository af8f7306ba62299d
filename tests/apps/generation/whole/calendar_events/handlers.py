import datetime

from .store import Calendar

registry = {}


def command(name):
    def wrap(fn):
        registry[name] = fn
        return fn

    return wrap


@command("add_event")
def add_event(calendar: Calendar, args):
    title = args["title"]
    start = datetime.datetime.fromisoformat(args["start"])
    end = datetime.datetime.fromisoformat(args["end"])
    if not isinstance(title, str) or not title:
        raise ValueError("title")
    if (start.tzinfo is None) != (end.tzinfo is None) or end < start:
        raise ValueError("times")
    return {"event": calendar.add(title, start, end)}


@command("event_density")
def event_density(calendar: Calendar, args):
    event = args["event"]
    if event not in calendar.events:
        raise KeyError("event")
    return {"density": calendar.density(event)}
