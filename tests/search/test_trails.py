"""Which beginnings of sequences are kept, and which of them later ones begin with."""

from collections import Counter

from pytest_routes.generate.choices import ContinuedChoices, KnownChoices, Made, RandomChoices
from pytest_routes.search import search
from pytest_routes.search.trails import Trails
from pytest_routes.simulator.conversation import Handshake, Message, MessageKind
from pytest_routes.simulator.transcript import Answered, Event, Opened, Sent, Transcript, Waited

OPENING = (7,)


def talk(*exchanges: tuple[str | None, str | bytes | None]) -> tuple[Transcript, Made, list[int]]:
    """What was said and answered (None: a silence, no answer), each step made of one number."""
    events: list[Event] = [Opened(time=0.0, client=0, handshake=Handshake("/"))]
    positions = []
    for number, (said, answer) in enumerate(exchanges, 1):
        positions.append(len(events))
        if said is None:
            events.append(Waited(time=0.0, client=-1, seconds=1.0))
        else:
            message = Message("text", said)
            events.append(Sent(time=0.0, client=0, message=message, index=number))
        if answer is not None:
            kind: MessageKind = "text" if isinstance(answer, str) else "bytes"
            events.append(Answered(time=0.0, client=0, message=Message(kind, answer)))
    made = (OPENING, *((number,) for number in range(1, len(exchanges) + 1)))
    return Transcript(events=events), made, positions


def followed(*talks: tuple[Transcript, Made, list[int]], times: int = 200) -> Counter[Made | None]:
    trails = Trails()
    for each in talks:
        trails.note(*each)
    return Counter(trails.follow(seed) for seed in range(times))


def test_without_any_answer_there_is_nothing_to_follow() -> None:
    assert followed() == {None: 200}


def test_each_beginning_with_a_new_answer_is_kept() -> None:
    found = followed(talk(("open", "ready"), ("put", "stored")))
    assert set(found) == {(OPENING, (1,)), (OPENING, (1,), (2,))}


def test_what_was_refused_or_only_waited_is_left_out() -> None:
    found = followed(talk(("x", "unknown command"), (None, None), ("open", "ready")))
    assert set(found) == {(OPENING, (3,))}


def test_an_answer_that_differs_in_numbers_and_in_what_was_sent_is_not_new() -> None:
    first = talk(("open lobby", "lobby has 17 members"))
    again = talk((None, None), ("open kitchen", "kitchen has 254 members"))
    assert set(followed(first, again)) == {(OPENING, (1,))}


def test_an_answer_with_other_words_is_new() -> None:
    first = talk(("open", "lobby is open"))
    other = talk((None, None), ("open", "lobby is closed"))
    assert set(followed(first, other)) == {(OPENING, (1,)), (OPENING, (2,))}


def test_numbers_within_words_are_no_words() -> None:
    first, again = talk(("open", "job7f is open")), talk((None, None), ("open", "b19 is open"))
    assert set(followed(first, again)) == {(OPENING, (1,))}


def test_answers_in_bytes_are_heard_too() -> None:
    first, other = talk(("a", b"\x00 here")), talk((None, None), ("a", b"\x00 there"))
    assert set(followed(first, other)) == {(OPENING, (1,)), (OPENING, (2,))}


def test_the_code_and_small_numbers_of_short_bytes_are_heard() -> None:
    talks = [talk(("x", answer)) for answer in (b"\x00\x01", b"\x00\x02", b"\x20\x02")]
    alike = [talk((None, None), ("x", answer)) for answer in (b"\x00\x01", b"\x20\x02")]
    assert len({id(made) for _, made, _ in talks}) == 3
    trails = Trails()
    for each in (*talks, *alike):
        trails.note(*each)
    assert {trails.follow(seed) for seed in range(99)} == {(OPENING, (1,))}
    assert len(trails._trails) == 3


def test_of_a_flood_only_the_beginning_is_heard() -> None:
    one, other = talk(("a", "ready")), talk((None, None), ("a", "ready"))
    for word, (transcript, _, _) in zip(("north", "south"), (one, other), strict=True):
        message = Message("text", "ready")
        flood: list[Event] = [Answered(time=0.0, client=0, message=message)] * 19
        late = Answered(time=0.0, client=0, message=Message("text", word))
        transcript.events += [*flood, late]
    assert set(followed(one, other)) == {(OPENING, (1,))}


def test_the_coming_of_a_client_is_part_of_the_way() -> None:
    transcript, made, positions = talk(("open", "ready"), ("put", "stored"))
    second = Opened(time=0.0, client=1, handshake=Handshake("/"))
    transcript.events[positions[1]] = second
    assert (OPENING, (1,), (2,)) in followed((transcript, made, positions))


def test_what_is_heard_in_an_order_that_is_new_is_kept() -> None:
    first = talk(("a", "ready"), ("b", "stored"))
    other = talk((None, None), (None, None), ("b", "stored"), ("a", "ready"))
    assert set(followed(first, other)) == {
        (OPENING, (1,)),
        (OPENING, (1,), (2,)),
        (OPENING, (3,)),
        (OPENING, (3,), (4,)),
    }


def test_what_is_heard_again_and_again_is_followed_less_often() -> None:
    common = talk(("a", "ready"))
    rare = talk((None, None), ("b", "stored"))
    found = followed(*(common,) * 20, rare)
    assert found[OPENING, (2,)] > 1.5 * found[OPENING, (1,)]


def test_what_was_followed_is_followed_less_often() -> None:
    trails = Trails()
    trails.note(*talk(("a", "ready")))
    for seed in range(50):
        trails.follow(seed)
    trails.note(*talk((None, None), ("b", "stored")))
    found = Counter(trails.follow(seed) for seed in range(50))
    assert found[OPENING, (2,)] > 35


def test_few_and_many_are_not_the_same() -> None:
    none, one = talk(("count", "0 left")), talk((None, None), ("count", "1 left"))
    assert set(followed(none, one)) == {(OPENING, (1,)), (OPENING, (2,))}


def test_a_step_that_nothing_answers_is_part_of_the_way() -> None:
    found = followed(talk(("set", None), ("get", "here it is")))
    assert (OPENING, (1,), (2,)) in found


def test_what_is_long_is_followed_more_often_and_everything_at_some_time() -> None:
    found = followed(talk(*((f"step {n}", f"done {'abcdefgh'[n]}") for n in range(6))))
    assert len(found) == 6
    times = [found[each] for each in sorted(found, key=len)]
    assert times[-1] > times[0] > 0


def test_a_way_does_not_get_longer_than_eight_steps() -> None:
    found = followed(talk(*((f"step {n}", f"done {'abcdefghijkl'[n]}") for n in range(12))))
    assert max(map(len, found)) == 8


def test_the_same_seed_follows_the_same() -> None:
    talks = [talk(("open", "ready"), ("put", "stored"), ("get", "here"))]
    assert followed(*talks, times=20) == followed(*talks, times=20)


def test_choices_begin_as_they_were_made_and_go_on_at_random() -> None:
    first = RandomChoices(1)
    wanted = []
    for _ in range(3):
        wanted.append([first.index(1_000_000), first.index(20)])
        first.step()
    made = first.made[:3]
    seen = set()
    for seed in range(30):
        choices = ContinuedChoices(seed, made)
        for known in wanted:
            assert [choices.index(1_000_000), choices.index(20)] == known
            choices.step()
        later = choices.index(1_000_000)
        seen.add(later)
        again = KnownChoices(choices.made)
        for known in wanted:
            assert [again.index(1_000_000), again.index(20)] == known
            again.step()
        assert again.index(1_000_000) == later
    assert len(seen) > 25


def test_choices_that_do_not_fit_any_more_are_made_anew() -> None:
    drawn = {ContinuedChoices(seed, ((60,),)).index(10) for seed in range(100)}
    assert drawn == set(range(10))


# What two clients say at once.

ALONE = (0, 0)
SAYING = 7
"""Where the table of what one client does has a message."""


def lone(
    *exchanges: tuple[str, str, float], clients: int = 1
) -> tuple[Transcript, Made, list[int]]:
    """What one client said, what was answered, and after how many seconds."""
    events: list[Event] = [
        Opened(time=0.0, client=client, handshake=Handshake("/")) for client in range(clients)
    ]
    positions = []
    for number, (said, answer, later) in enumerate(exchanges, 1):
        positions.append(len(events))
        message = Message("text", said)
        events.append(Sent(time=0.0, client=0, message=message, index=number))
        events.append(Answered(time=later, client=0, message=Message("text", answer)))
    made = (ALONE, *((SAYING, number) for number in range(1, len(exchanges) + 1)))
    return Transcript(events=events), made, positions


PAIRED = lone(("a", "unknown", 0.0), clients=2)


def raced(*talks: tuple[Transcript, Made, list[int]], same: str) -> list[tuple[int, bool] | None]:
    """Which message was said at once by both, and whether it was the same."""
    trails = Trails()
    for each in talks:
        trails.note(*each)
    found: list[tuple[int, bool] | None] = []
    for wish in same:
        made = trails.race(same=wish == "s")
        if made is None:
            found.append(None)
            continue
        again = made[-1] == (0,)
        found.append(((made[-2] if again else made[-1])[1], again))
    return found


def test_where_nobody_meets_anybody_nothing_is_said_at_once() -> None:
    assert raced(lone(("a", "ready", 1.0)), same="so") == [None, None]


def test_what_took_time_is_said_at_once_before_the_rest() -> None:
    talk = lone(("a", "ready", 0.0), ("b", "stored", 0.5), ("c", "open", 0.0))
    assert raced(PAIRED, talk, same="sss") == [(2, True), (1, True), (3, True)]


def test_times_that_are_real_decide_nothing() -> None:
    talk = lone(("a", "ready", 0.0), ("b", "stored", 0.5), ("c", "open", 0.0))
    talk[0].real_time = True
    assert raced(PAIRED, talk, same="ssso") == [(1, True), (2, True), (3, True), (1, False)]


def test_what_took_time_is_said_again_while_the_other_says_something_else() -> None:
    talk = lone(("a", "ready", 1.0), ("b", "stored", 0.5))
    found = raced(PAIRED, talk, same="ososoo")
    assert found == [(1, True), (2, True), (1, False), (2, False), (1, False), (2, False)]


def test_of_what_took_no_time_a_few_are_said_at_once() -> None:
    words = ["lion", "bear", "wolf", "lynx", "hare", "mole", "seal"]
    talk = lone(*((word, f"{word[::-1]} it is", 0.0) for word in words))
    found = raced(PAIRED, talk, same="s" * 7)
    assert found == [(1, True), (2, True), (3, True), (4, True), (5, True), None, None]


def test_a_search_gets_further_along_a_way_than_chance() -> None:
    """Six right steps of ten in a row; each right one is answered with how far one has got."""

    def trial(choices: RandomChoices) -> Transcript:
        events: list[Event] = [Opened(time=0.0, client=0, handshake=Handshake("/"))]
        right = 0
        for index in range(1, 9):
            choices.step(len(events))
            number = choices.index(10)
            right = right + 1 if number == right + 1 else right
            message = Message("text", str(number))
            events.append(Sent(time=0.0, client=0, message=message, index=index))
            answer = f"level {'abcdefghi'[right]}" if number == right else "wrong"
            events.append(Answered(time=0.0, client=0, message=Message("text", answer)))
        depths.append(right)
        return Transcript(events=events)

    depths: list[int] = []
    search(trial, lambda _: [], None, examples=400, seed=1, observe=lambda _: None)  # type: ignore[arg-type]
    anew = [depth for number, depth in enumerate(depths) if number < 40 or number % 2]
    assert max(anew) < 5
    assert max(depths) >= 6
