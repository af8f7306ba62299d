from pytest_routes.checks.finding import Finding
from pytest_routes.generate.choices import KnownChoices, Made, OnlyDrawn
from pytest_routes.search.shrinking import Shrinker


def shortest(made: Made, shows, steps=None) -> Made | None:
    """What is left of a sequence of choices when only what `shows` is to stay."""
    tries = 0

    def play(choices: KnownChoices) -> Finding | None:
        said = (steps or words)(choices)
        return object() if shows(said) else None  # type: ignore[return-value]

    def enough() -> bool:
        nonlocal tries
        tries += 1
        return tries > 5_000

    shrinker = Shrinker(made, play, enough)
    return shrinker.made if shrinker.run() is not None else None


def words(choices: KnownChoices) -> list[list[int]]:
    """Conversations whose steps are lists of numbers, the first choice of each being how many;
    a step of none ends it."""
    said = []
    while len(said) < 20:
        word = [choices.index(50) for _ in range(choices.index(8))]
        if not word:
            break
        said.append(word)
        choices.step()
    return said


LONG = ((3, 9, 8, 7), (2, 40, 41), (1, 30), (5, 1, 2, 3, 4, 5), (0,))


def test_steps_that_do_not_matter_are_left_out() -> None:
    assert shortest(LONG, lambda said: [30] in said) == ((1, 30), (0,))


def test_of_two_steps_that_matter_together_both_stay() -> None:
    made = shortest(LONG, lambda said: [30] in said and any(40 in word for word in said))
    assert made == ((1, 40), (1, 30), (0,))


def test_numbers_are_lowered_to_the_least_that_shows_it() -> None:
    assert shortest(LONG, lambda said: any(n >= 17 for word in said for n in word)) == (
        (1, 17),
        (0,),
    )


def test_a_number_says_how_many_follow_and_both_shrink() -> None:
    assert shortest(LONG, lambda said: any(len(word) >= 3 for word in said)) == (
        (3, 0, 0, 0),
        (0,),
    )


def test_of_the_numbers_that_follow_any_one_can_be_the_one_that_stays() -> None:
    made = shortest(LONG, lambda said: any(word[-1] == 41 for word in said))
    assert made == ((1, 41), (0,))


def pair(choices: KnownChoices) -> tuple[int, int]:
    return choices.index(64), choices.index(64)


def test_a_number_that_does_not_matter_is_lowered_to_nothing() -> None:
    assert shortest(((9, 7),), lambda said: said[1] == 7, pair) == ((0, 7),)


def test_the_smallest_numbers_are_tried_beside_the_bisection() -> None:
    assert shortest(((30, 0),), lambda said: said[0] == 3 or said[0] >= 20, pair) == ((3, 0),)
    assert shortest(((30, 0),), lambda said: said[0] >= 20, pair) == ((20, 0),)


def test_a_number_that_cannot_be_played_is_not_the_least() -> None:
    def steps(choices: KnownChoices) -> tuple[int, int]:
        said = pair(choices)
        if said[0] == 0:
            raise OnlyDrawn
        return said

    assert shortest(((30, 0),), lambda said: said[0] >= 5, steps) == ((5, 0),)


def test_leaving_numbers_out_of_one_step_does_not_change_the_next() -> None:
    made = shortest(LONG, lambda said: len(said) >= 2 and said[-1][-1] == 5 and len(said[-1]) == 5)
    assert made == ((1, 0), (5, 0, 0, 0, 0, 5), (0,))


def test_the_order_of_tries_is_the_same_each_time() -> None:
    def record(into: list[Made]):
        def shows(said):
            into.append(tuple(map(tuple, said)))
            return sum(map(sum, said)) >= 60

        return shows

    first: list[Made] = []
    second: list[Made] = []
    assert shortest(LONG, record(first)) == shortest(LONG, record(second))
    assert first == second
    assert len(first) == len(shown := first) > 10, shown


def test_a_sequence_that_does_not_show_it_again_is_not_shrunk() -> None:
    assert shortest(LONG, lambda _: False) is None


def test_what_cannot_be_played_is_not_what_was_searched_for() -> None:
    def steps(choices: KnownChoices) -> list[list[int]]:
        said = words(choices)
        if len(said) == 1:
            raise OnlyDrawn
        return said

    assert shortest(LONG, lambda said: [30] in said, steps) == ((1, 0), (1, 30), (0,))


def test_it_ends_when_enough_was_tried() -> None:
    played = 0

    def play(choices: KnownChoices) -> Finding | None:
        nonlocal played
        played += 1
        words(choices)
        return object()  # type: ignore[return-value]

    shrinker = Shrinker(LONG, play, lambda: played >= 3)
    assert shrinker.run() is not None
    assert played == 3


def test_large_numbers_shrink_by_their_digits() -> None:
    def steps(choices: KnownChoices) -> int:
        return choices.index(100_000)

    first = KnownChoices(((24, 26, 3),))
    assert first.index(100_000) > 70_000
    made = shortest(first.made, lambda number: number >= 70_000, steps)
    assert made is not None
    assert KnownChoices(made).index(100_000) == 70_000
