"""From `module:attribute` to the application, and one clear message when there is no way."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

from pytest_routes.app import AppError, resolve, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORM = "module:attribute (myapp:app) or module:factory() (myapp:create_app())"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Writes modules into an empty directory; what they do to Python is undone afterwards."""
    path, modules = list(sys.path), set(sys.modules)

    def write(**sources: str) -> Path:
        for name, source in sources.items():
            file = tmp_path / (name.replace("__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(source), encoding="utf-8")
        return tmp_path

    yield write
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", None) or tmp_path):
            del sys.modules[name]


APP = "async def app(scope, receive, send): ...\n"


def failure(reference: str, *directories: Path) -> str:
    with pytest.raises(AppError) as error:
        asyncio.run(resolve(reference, directories).create())
    return str(error.value)


def test_an_attribute_of_a_module_is_found(project: Callable[..., Path]) -> None:
    application = resolve(" mine:app ", [project(mine=APP)])
    assert application.reference == "mine:app"
    assert application.app is sys.modules["mine"].app
    assert asyncio.run(application.create()) is application.app


def test_attributes_of_attributes_are_found(project: Callable[..., Path]) -> None:
    source = APP + "class Site:\n    api = staticmethod(app)\nsite = Site()\n"
    application = resolve("mine:site.api", [project(mine=source)])
    assert application.app is sys.modules["mine"].app


def test_a_module_in_a_package_and_one_below_src_are_found(project: Callable[..., Path]) -> None:
    root = project(inner__deep__api=APP, src__other__api=APP)
    assert resolve("inner.deep.api:app", [root]).app.__module__ == "inner.deep.api"
    assert resolve("other.api:app", [root]).app.__module__ == "other.api"


def test_the_first_directory_wins_and_the_application_can_import_later(
    project: Callable[..., Path],
) -> None:
    root = project(
        start__mine="async def app(scope, receive, send):\n    import neighbour",
        start__neighbour="",
        mine="raise RuntimeError",
    )
    application = resolve("mine:app", [root / "start", root])
    asyncio.run(application.app({}, None, None))
    assert sys.path[:2] == [str(root / "start"), str(root)]


def test_a_factory_makes_a_new_application_each_time(project: Callable[..., Path]) -> None:
    source = """
        calls = []
        def create_app():
            calls.append(1)
            async def app(scope, receive, send): ...
            return app
        """
    application = resolve("mine:create_app()", [project(mine=source)])
    assert application.app is None
    assert sys.modules["mine"].calls == []
    assert asyncio.run(application.create()) is not asyncio.run(application.create())


def test_an_async_factory_is_awaited_on_the_callers_loop(project: Callable[..., Path]) -> None:
    source = """
        import asyncio
        async def create_app():
            loop = asyncio.get_running_loop()
            async def app(scope, receive, send): return loop
            return app
        """
    application = resolve("mine:create_app()", [project(mine=source)])

    async def main() -> None:
        app = await application.create()
        assert await app({}, None, None) is asyncio.get_running_loop()

    asyncio.run(main())


def test_a_module_that_does_not_exist_says_where_was_looked(project: Callable[..., Path]) -> None:
    root = project(src__api=APP)
    assert failure("myapp:app", root) == (
        f"myapp:app: module myapp does not exist; looked in {root}, {root / 'src'} and on sys.path"
    )


def test_a_misspelt_module_is_answered_with_the_nearest(project: Callable[..., Path]) -> None:
    root = project(chatserver=APP, package____init__="", package__views=APP)
    assert failure("chatsever:app", root) == (
        f"chatsever:app: module chatsever does not exist; looked in {root} and on sys.path; "
        "did you mean chatserver?"
    )
    assert failure("package.veiws:app", root) == (
        f"package.veiws:app: module package.veiws does not exist; looked in {root / 'package'}; "
        "did you mean package.views?"
    )


def test_a_dot_in_place_of_the_colon_is_recognised(project: Callable[..., Path]) -> None:
    root = project(mine=APP)
    assert failure("mine.app", root) == (
        "mine.app: module mine.app does not exist: mine is a module, not a package; "
        f"did you mean mine:app?\n\nexpected {FORM}"
    )


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("", f"(empty): expected {FORM}; nothing is named"),
        (":app", f":app: expected {FORM}; the module is missing"),
        (
            "mine",
            f"mine: expected {FORM}; the attribute is missing; did you mean mine:site or mine:app?",
        ),
        (
            "mine:",
            f"mine:: expected {FORM}; the attribute is missing; "
            "did you mean mine:site or mine:app?",
        ),
        ("mine.py:app", f"mine.py:app: expected {FORM}, not a file; did you mean mine:app?"),
        ("./src/mine.py", f"./src/mine.py: expected {FORM}; did you mean mine:app?"),
        (
            ".mine:app",
            f".mine:app: expected {FORM}; a relative module has nothing to start from",
        ),
        (
            "mine:create(1)",
            f"mine:create(1): 'create(1)' is no attribute of a module; expected {FORM}, "
            "a factory is called without arguments",
        ),
        ("mine:ap", "mine:ap: mine has no attribute 'ap'; did you mean app?"),
        (
            "mine:qqq",
            "mine:qqq: mine has no attribute 'qqq'; it has the ASGI application site",
        ),
        (
            "mine:site.rooter",
            "mine:site.rooter: site has no attribute 'rooter'; did you mean router?",
        ),
        ("mine:number", "mine:number: number is an int, not an ASGI application"),
        ("mine:number()", "mine:number(): number is an int and cannot be called"),
        (
            "mine:create",
            "mine:create: create is called without arguments, so it is a factory and not an "
            "ASGI application; did you mean mine:create()?",
        ),
        (
            "mine:Starlette",
            "mine:Starlette: Starlette is the class Starlette; an instance of it is needed; "
            "did you mean mine:Starlette()?",
        ),
        (
            "mine:create()",
            "mine:create(): what the factory returned is None, not an ASGI application",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_says_what_was_meant(
    project: Callable[..., Path], reference: str, message: str
) -> None:
    source = "from starlette.applications import Starlette\nsite = Starlette()\n" + APP
    source += "number = 3\ndef create(): return None\n"
    assert failure(reference, project(mine=source)) == message


def test_an_import_error_inside_the_application_shows_only_its_own_frames(
    project: Callable[..., Path],
) -> None:
    root = project(mine="import settings_of_mine\n", settings_of_mine="import not_installed\n")
    assert failure("mine:app", root) == textwrap.dedent("""\
        mine:app: importing mine raised:

          File "mine.py", line 1, in <module>
            import settings_of_mine
          File "settings_of_mine.py", line 1, in <module>
            import not_installed
        ModuleNotFoundError: No module named 'not_installed'""")


def test_a_missing_part_of_its_own_package_is_the_applications_error(
    project: Callable[..., Path],
) -> None:
    root = project(package____init__="", package__main="from package.gone import thing\n")
    assert failure("package.main:app", root) == textwrap.dedent("""\
        package.main:app: importing package.main raised:

          File "package/main.py", line 1, in <module>
            from package.gone import thing
        ModuleNotFoundError: No module named 'package.gone'""")


def test_a_syntax_error_shows_the_line(project: Callable[..., Path]) -> None:
    root = project(mine="def app(:\n")
    message = failure("mine:app", root)
    assert message.startswith(f'mine:app: importing mine raised:\n\n  File "{root / "mine.py"}"')
    assert message.endswith("SyntaxError: invalid syntax")


def test_a_module_that_ends_the_process_does_not(project: Callable[..., Path]) -> None:
    assert failure("mine:app", project(mine="import sys\nsys.exit('no DATABASE_URL')\n")) == (
        "mine:app: importing mine ended the process:\n\n"
        '  File "mine.py", line 2, in <module>\n'
        "    sys.exit('no DATABASE_URL')\n"
        "SystemExit: no DATABASE_URL"
    )


def test_any_exception_while_importing_is_caught_but_ctrl_c(project: Callable[..., Path]) -> None:
    root = project(odd="raise GeneratorExit('x')\n", stop="raise KeyboardInterrupt\n")
    assert failure("odd:app", root).endswith("GeneratorExit: x")
    with pytest.raises(KeyboardInterrupt):
        resolve("stop:app", [root])


def test_a_factory_that_raises_shows_its_own_frames(project: Callable[..., Path]) -> None:
    source = """\
        def connect(): raise ConnectionError("no database")
        async def create_app(): connect()
        """
    assert failure("mine:create_app()", project(mine=source)) == textwrap.dedent("""\
        mine:create_app() raised:

          File "mine.py", line 2, in create_app
            async def create_app(): connect()
          File "mine.py", line 1, in connect
            def connect(): raise ConnectionError("no database")
        ConnectionError: no database""")


def test_unwrap_finds_the_framework_below_middleware() -> None:
    inner = Starlette()

    class Tracer:
        def __init__(self, app: object) -> None:
            self.traced = app

        async def __call__(self, scope: object, receive: object, send: object) -> None: ...

    assert unwrap(CORSMiddleware(Tracer(inner))) is inner


def test_unwrap_stops_at_the_innermost_application_of_no_framework() -> None:
    async def innermost(scope: object, receive: object, send: object) -> None: ...

    assert unwrap(CORSMiddleware(CORSMiddleware(innermost))) is innermost
