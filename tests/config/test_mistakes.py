"""Every bad configuration ends pytest with exit code 4 and one exact message per mistake."""

from __future__ import annotations

import pytest

import pytest_routes.session  # noqa: F401  (once here, or again in every run below)

pytest_plugins = ["pytester"]

GLOB = "expected a glob that begins with / or *"
CODE = "expected a close code that a client may send: 1000-1003, 1007-1014 or 3000-4999"
APP = "expected module:attribute or module:factory(), such as myapp:app"
FORMS = (
    "expected one of bearer:TOKEN, basic:USER:PASSWORD, header:NAME:VALUE, query:NAME:VALUE, "
    "cookie:NAME:VALUE"
)
KINDS = "expected auto, or any of text, json, bytes, graphql"
SEVERITY = "expected error, warn or off"
METHODS = "expected GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or TRACE"
VALUE = "expected a value, a list of values, or a range"
PER_ROUTE = "cannot be set for single routes"

# One line of [tool.pytest-routes], and what is said about it after "pyproject.toml:2: ".
LINES = [
    ("enabled = 1", "enabled = 1: expected true or false"),
    ('enabled = "true"', 'enabled = "true": expected true or false'),
    ("app = 3", f"app = 3: {APP}"),
    ('app = ""', f'app = "": {APP}'),
    ('app = "myapp"', f'app = "myapp": {APP}'),
    ('app = "my-app:app"', f'app = "my-app:app": {APP}'),
    ('app = "myapp:app:x"', f'app = "myapp:app:x": {APP}'),
    ('app = "myapp:make(1)"', f'app = "myapp:make(1)": {APP}'),
    ('app = "myapp.py:app "', f'app = "myapp.py:app ": {APP}'),
    ('app = ["myapp:app"]', f'app = ["myapp:app"]: {APP}'),
    ("max_examples = 0", "max_examples = 0: expected an integer of at least 1"),
    ("max_examples = -5", "max_examples = -5: expected an integer of at least 1"),
    ("max_examples = 1.5", "max_examples = 1.5: expected an integer of at least 1"),
    ("max_examples = true", "max_examples = true: expected an integer of at least 1"),
    ('max_examples = "100"', 'max_examples = "100": expected an integer of at least 1'),
    ("max-examples = []", "max-examples = []: expected an integer of at least 1"),
    ("max_examples = 1979-05-27", "max_examples = 1979-05-27: expected an integer of at least 1"),
    ("seed = -1", "seed = -1: expected an integer of at least 0"),
    ('seed = "random"', 'seed = "random": expected an integer of at least 0'),
    ('include = "/a"', 'include = "/a": expected a list of globs'),
    ("include = {}", "include = {}: expected a list of globs"),
    ('include = ["/a", "b"]', f'include[1] = "b": {GLOB}'),
    ("include = [1]", "include[0] = 1: expected a glob"),
    ('include = [""]', f'include[0] = "": {GLOB}'),
    ('exclude = ["/{a"]', 'exclude[0] = "/{a": expected a glob whose { and } are in pairs'),
    ('exclude = ["/a b"]', 'exclude[0] = "/a b": expected a glob without white space'),
    ("methods = []", "methods = []: expected at least one"),
    ('methods = ["GTE"]', f'methods[0] = "GTE": {METHODS}, did you mean GET?'),
    ('methods = ["CONNECT"]', f'methods[0] = "CONNECT": {METHODS}'),
    ('methods = "GET"', 'methods = "GET": expected a list of methods'),
    ("methods = [1]", f"methods[0] = 1: {METHODS}"),
    ("headers = []", "headers = []: expected a table"),
    ("headers = {X-A = 1}", "headers.X-A = 1: expected text"),
    ('headers = {"X A" = "1"}', "headers.X A: expected a legal header name"),
    ('headers = {"" = "1"}', "headers.: expected a legal header name"),
    (
        'headers = {X-A = "a\\r\\nb"}',
        'headers.X-A = "a\\r\\nb": expected a value without control characters',
    ),
    (
        'headers = {X-A = "\\u20ac"}',
        'headers.X-A = "€": expected a value that Latin-1 can encode',
    ),
    (
        'headers = {X-A = "1", x-a = "2"}',
        "headers.x-a: given twice, also as headers.X-A (pyproject.toml:2)",
    ),
    ("parameters = 5", "parameters = 5: expected a table"),
    ("parameters = {id = []}", "parameters.id = []: expected at least one value"),
    ("parameters = {id = [[1]]}", f"parameters.id = [[1]]: {VALUE}"),
    (
        "parameters = {id = {min = 1}}",
        f"parameters.id = {{min = 1}}: {VALUE} such as {{min = 1, max = 9}}",
    ),
    (
        "parameters = {id = {min = 1, max = 3, step = 2}}",
        f"parameters.id = {{min = 1, max = 3, step = 2}}: {VALUE} such as {{min = 1, max = 9}}",
    ),
    (
        'parameters = {id = {min = "a", max = 3}}',
        'parameters.id = {min = "a", max = 3}: ' + f"{VALUE} such as {{min = 1, max = 9}}",
    ),
    (
        "parameters = {id = {min = 9, max = 3}}",
        "parameters.id = {min = 9, max = 3}: expected a range whose min is not over its max",
    ),
    ("verbose = 1", "verbose = 1: expected true or false"),
    ('isolation = "runs"', 'isolation = "runs": expected run or sequence, did you mean run?'),
    ("isolation = false", "isolation = false: expected run or sequence"),
    ("watchdog = 0", "watchdog = 0: expected a number over 0"),
    ("watchdog = nan", "watchdog = nan: expected a number over 0"),
    ("lifespan_timeout = inf", "lifespan_timeout = inf: expected a number over 0"),
    ('replays = "tests"', 'replays = "tests": expected a list of paths'),
    ('replays = [""]', 'replays[0] = "": expected a path'),
    ("report = [1]", "report[0] = 1: expected a path"),
    ('report = ["out.xml"]', 'report[0] = "out.xml": expected FILE.json or FILE.html'),
    ('export = "out.txt"', 'export = "out.txt": expected FILE.py'),
    ("auth = 5", 'auth = "***": expected a table'),
    ('auth = "secret"', f'auth = "***": {FORMS}'),
    ('auth = "bearr:secret"', f'auth = "bearr:***": {FORMS}, did you mean bearer?'),
    ('auth = "bearer:"', 'auth = "bearer:": expected bearer:TOKEN, a part of it is empty'),
    (
        'auth = "basic:user"',
        'auth = "basic:***": expected basic:USER:PASSWORD, a part of it is empty',
    ),
    (
        'auth = "header:X-Key:"',
        'auth = "header:X-Key:": expected header:NAME:VALUE, a part of it is empty',
    ),
    (
        'auth = "header:X Key:secret"',
        'auth = "header:X Key:***": expected header:NAME:VALUE with a legal name',
    ),
    (
        'auth = "cookie:session:a;b"',
        'auth = "cookie:session:***": expected cookie:NAME:VALUE, with no ; in the value',
    ),
    (
        'auth = "bearer:a\\nb"',
        'auth = "bearer:***": expected a value without control characters',
    ),
    (
        'auth = "bearer:$NOT_THERE"',
        'auth = "bearer:$NOT_THERE": the environment variable NOT_THERE is not set',
    ),
    (
        'auth = "basic:user:${NOT_THERE}"',
        'auth = "basic:user:${NOT_THERE}": the environment variable NOT_THERE is not set',
    ),
    (
        'auth = "bearer:$IS_EMPTY"',
        'auth = "bearer:$IS_EMPTY": the environment variable IS_EMPTY is empty',
    ),
    ("auth.credentials = 5", 'auth.credentials = "***": expected text such as bearer:TOKEN'),
    ('auth.required = "/a"', 'auth.required = "/a": expected a list of globs'),
    ('auth.required = ["a"]', f'auth.required[0] = "a": {GLOB}'),
    ("auth.query_param = false", "auth.query_param = false: expected text"),
    ("auth.first_message = 1", 'auth.first_message = "***": expected text'),
    ('auth.token = "secret"', "auth.token: unknown key"),
    ("websocket = true", "websocket = true: expected a table"),
    ("websocket.enabled = 0", "websocket.enabled = 0: expected true or false"),
    (
        "websocket.max_messages = 0",
        "websocket.max_messages = 0: expected an integer of at least 1",
    ),
    (
        "websocket.connection_timeout = -1",
        "websocket.connection_timeout = -1: expected a number over 0",
    ),
    (
        "websocket.message_timeout = 0.0",
        "websocket.message_timeout = 0.0: expected a number over 0",
    ),
    (
        "websocket.max_message_size = -1",
        "websocket.max_message_size = -1: expected an integer of at least 0",
    ),
    (
        "websocket.max_clients = 0",
        "websocket.max_clients = 0: expected an integer of at least 1",
    ),
    ("websocket.test_close_codes = []", "websocket.test_close_codes = []: expected at least one"),
    (
        "websocket.test_close_codes = 1000",
        "websocket.test_close_codes = 1000: expected a list of close codes",
    ),
    (
        'websocket.test_close_codes = ["1000"]',
        'websocket.test_close_codes[0] = "1000": expected a close code',
    ),
    *(
        (
            f"websocket.test_close_codes = [1000, {code}]",
            f"websocket.test_close_codes[1] = {code}: {CODE}",
        )
        for code in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000, -1000)
    ),
    (
        "websocket.validate_subprotocols = 'no'",
        'websocket.validate_subprotocols = "no": expected true or false',
    ),
    (
        'websocket.subprotocols = "chat"',
        'websocket.subprotocols = "chat": expected a list of names',
    ),
    (
        'websocket.subprotocols = ["a, b"]',
        'websocket.subprotocols[0] = "a, b": expected a subprotocol without spaces, commas or '
        "other separators",
    ),
    ('websocket.include = ["ws"]', f'websocket.include[0] = "ws": {GLOB}'),
    ('websocket.group = ["ws"]', f'websocket.group[0] = "ws": {GLOB}'),
    (
        'websocket.paths = ["ws"]',
        'websocket.paths[0] = "ws": expected a path that begins with /',
    ),
    (
        'websocket.paths = ["/ws?token=a"]',
        'websocket.paths[0] = "/ws?token=a": expected a path without a query (parameters gives '
        "values for it)",
    ),
    (
        'websocket.paths = ["/ws/*"]',
        'websocket.paths[0] = "/ws/*": expected a path, not a glob (a parameter is written {name})',
    ),
    (
        'websocket.paths = ["/ws/{a"]',
        'websocket.paths[0] = "/ws/{a": expected a path whose { and } are in pairs',
    ),
    (
        'websocket.server = "uvicon"',
        'websocket.server = "uvicon": expected uvicorn, hypercorn or daphne, did you mean uvicorn?',
    ),
    (
        'websocket.server = "nginx"',
        'websocket.server = "nginx": expected uvicorn, hypercorn or daphne',
    ),
    (
        'websocket.clock = "virtuel"',
        'websocket.clock = "virtuel": expected virtual or real, did you mean virtual?',
    ),
    (
        'websocket.schedule = "lifo"',
        'websocket.schedule = "lifo": expected fifo or random, did you mean fifo?',
    ),
    (
        'websocket.messages = "jsn"',
        f'websocket.messages = "jsn": {KINDS}, did you mean json?',
    ),
    (
        'websocket.messages = ["text", "xml"]',
        f'websocket.messages = ["text", "xml"]: {KINDS}, got xml',
    ),
    (
        "websocket.messages = []",
        "websocket.messages = []: expected auto, or a list of text, json, bytes, graphql",
    ),
    ("websocket.graphql_schema = 1", "websocket.graphql_schema = 1: expected a path"),
    ("websocket.checks = 'off'", 'websocket.checks = "off": expected a table'),
    (
        "websocket.checks.leaked_task = 'of'",
        f'websocket.checks.leaked_task = "of": {SEVERITY}, did you mean off?',
    ),
    (
        "websocket.checks.leaked_task = false",
        f"websocket.checks.leaked_task = false: {SEVERITY}",
    ),
    ("http.timeout = 0", "http.timeout = 0: expected a number over 0"),
    ("http.max_body_size = -1", "http.max_body_size = -1: expected an integer of at least 0"),
    (
        "http.checks.server_error = 'warning'",
        f'http.checks.server_error = "warning": {SEVERITY}, did you mean warn?',
    ),
    # Keys that do not exist.
    ("max_exampels = 5", "max_exampels: unknown key, did you mean max_examples?"),
    ("max-exampels = 5", "max-exampels: unknown key, did you mean max_examples?"),
    ("Enabled = true", "Enabled: unknown key, did you mean enabled?"),
    ("zzz = 5", "zzz: unknown key"),
    ("routes_app = 'a:b'", "routes_app: unknown key, did you mean app?"),
    ("max_messages = 5", "max_messages: unknown key, it belongs to [tool.pytest-routes.websocket]"),
    (
        "ws_timeout = 5",
        "ws_timeout: unknown key, did you mean websocket.connection_timeout?",
    ),
    ("checks = {}", "checks: unknown table, did you mean tool.pytest-routes.websocket.checks?"),
    ("websockets = {}", "websockets: unknown table, did you mean websocket?"),
    ("override = []", "override: unknown key, did you mean overrides?"),
    (
        "websocket.max_mesages = 5",
        "websocket.max_mesages: unknown key, did you mean max_messages?",
    ),
    (
        "websocket.max_examples = 5",
        "websocket.max_examples: unknown key, it belongs to [tool.pytest-routes]",
    ),
    ("websocket.seed = 5", "websocket.seed: unknown key, it belongs to [tool.pytest-routes]"),
    ("websocket.auth = {}", "websocket.auth: unknown table, did you mean tool.pytest-routes.auth?"),
    (
        "websocket.checks.mesage_timeout = 'off'",
        "websocket.checks.mesage_timeout: unknown key, did you mean message_timeout?",
    ),
    (
        "http.checks.message_flood = 'off'",
        "http.checks.message_flood: unknown key, it belongs to "
        "[tool.pytest-routes.websocket.checks]",
    ),
    # Overrides.
    (
        "overrides = {}",
        "overrides = {}: expected an array of tables, [[tool.pytest-routes.overrides]]",
    ),
    ("overrides = [1]", "overrides[0] = 1: expected a table"),
    (
        "overrides = [{max_examples = 1}]",
        "overrides[0]: expected path, the routes that the override is for",
    ),
    ("overrides = [{path = 'a'}]", f'overrides[0].path = "a": {GLOB}'),
    ("overrides = [{paht = '/a'}]", "overrides[0].paht: unknown key, did you mean path?"),
    ("overrides = [{path = '/a', include = []}]", f"overrides[0].include: {PER_ROUTE}"),
    ("overrides = [{path = '/a', app = 'a:b'}]", f"overrides[0].app: {PER_ROUTE}"),
    (
        "overrides = [{path = '/a', websocket.include = []}]",
        f"overrides[0].websocket.include: {PER_ROUTE}",
    ),
    (
        "overrides = [{path = '/a', websocket.clock = 'real'}]",
        f"overrides[0].websocket.clock: {PER_ROUTE}",
    ),
    (
        "overrides = [{path = '/a', auth.required = []}]",
        f"overrides[0].auth.required: {PER_ROUTE}",
    ),
    (
        "overrides = [{path = '/a', max-messages = 0}]",
        "overrides[0].max-messages = 0: expected an integer of at least 1",
    ),
    (
        "overrides = [{path = '/a', checks.leaked_task = 'no'}]",
        f'overrides[0].checks.leaked_task = "no": {SEVERITY}',
    ),
    (
        "overrides = [{path = '/a', checks.leked_task = 'off'}]",
        "overrides[0].checks.leked_task: unknown key, did you mean leaked_task?",
    ),
    (
        "overrides = [{path = '/a', max_messages = 1, websocket.max_messages = 2}]",
        "overrides[0].websocket.max_messages: given twice, also as overrides[0].max_messages "
        "(pyproject.toml:2)",
    ),
    (
        "overrides = [{path = '/a', skip = true}]",
        "overrides[0].skip = true: expected a reason as text (or false, to undo an earlier "
        "override)",
    ),
    (
        "overrides = [{path = '/a', xfail = ''}]",
        'overrides[0].xfail = "": expected a reason as text (or false, to undo an earlier '
        "override)",
    ),
    (
        "overrides = [{path = '/a', skip = 'x', xfail = 'y'}]",
        'overrides[0].xfail = "y": expected either skip or xfail',
    ),
    (
        "overrides = [{path = '/a', auth = 'bearr:x'}]",
        f'overrides[0].auth = "bearr:***": {FORMS}, did you mean bearer?',
    ),
    (
        "overrides = [{path = '/a', methods = []}]",
        "overrides[0].methods = []: expected at least one",
    ),
]

# A whole pyproject.toml, and all that is said.
FILES = [
    (
        "[tool.pytest-routes\n",
        ["pyproject.toml:1:20: Expected ']' at the end of a table declaration"],
    ),
    ("[tool.pytest-routes]\napp = \n", ["pyproject.toml:2:7: Invalid value"]),
    (
        "[tool.pytest-routes]\nseed = 1\nseed = 2\n",
        ["pyproject.toml:3:9: Cannot overwrite a value"],
    ),
    (
        "[tool.pytest_routes]\napp = 'a:b'\n",
        ["pyproject.toml:1: tool.pytest_routes: unknown table, did you mean tool.pytest-routes?"],
    ),
    (
        "[tool.pytest-route]\n",
        ["pyproject.toml:1: tool.pytest-route: unknown table, did you mean tool.pytest-routes?"],
    ),
    (
        "\n[pytest-routes.websocket]\n",
        ["pyproject.toml:2: pytest-routes: unknown table, did you mean tool.pytest-routes?"],
    ),
    (
        "[tool.pytestroutes.websocket]\n",
        ["pyproject.toml:1: tool.pytestroutes: unknown table, did you mean tool.pytest-routes?"],
    ),
    (
        "[tool]\npytest-routes = 5\n",
        ["pyproject.toml:2: tool.pytest-routes = 5: expected a table"],
    ),
    (
        "[[tool.pytest-routes]]\nseed = 1\n",
        ["pyproject.toml:1: tool.pytest-routes = [{seed = 1}]: expected a table"],
    ),
    (
        "[tool.pytest-routes.overrides]\npath = '/a'\n",
        [
            'pyproject.toml:1: overrides = {path = "/a"}: expected an array of tables, '
            "[[tool.pytest-routes.overrides]]"
        ],
    ),
    (
        "[tool.pytest-routes.websocket.check]\nleaked_task = 'off'\n",
        ["pyproject.toml:1: websocket.check: unknown table, did you mean checks?"],
    ),
    (
        "[tool.pytest-routes.http]\n\n# no\nmax_messages = 3\n",
        [
            "pyproject.toml:4: http.max_messages: unknown key, it belongs to "
            "[tool.pytest-routes.websocket]"
        ],
    ),
    (
        "[tool.pytest-routes]\nmax_examples = 1\nmax-examples = 2\n",
        ["pyproject.toml:3: max-examples: given twice, also as max_examples (pyproject.toml:2)"],
    ),
    (
        "[tool.pytest-routes]\nwebsocket.test_close_codes = [\n"
        "    1000,\n    # lost\n    1006,\n]\n",
        [f"pyproject.toml:5: websocket.test_close_codes[1] = 1006: {CODE}"],
    ),
    (
        "[tool.pytest-routes]\nseed = -1\nzzz = 1\n\n[tool.pytest-routes.websocket]\n"
        "clock = 'fast'\n\n[[tool.pytest-routes.overrides]]\npath = '/a'\n\n"
        "[[tool.pytest-routes.overrides]]\npath = 'b'\n",
        [
            "pyproject.toml:2: seed = -1: expected an integer of at least 0",
            "pyproject.toml:3: zzz: unknown key",
            'pyproject.toml:6: websocket.clock = "fast": expected virtual or real',
            f'pyproject.toml:12: overrides[1].path = "b": {GLOB}',
        ],
    ),
    (
        "[tool.pytest-routes]\nisolation = 'sequence'\napp = 'a:b'\n",
        [
            'pyproject.toml:2: isolation = "sequence": expected app to be a factory such as '
            "a:b(), got a:b"
        ],
    ),
    (
        "[tool.pytest-routes.websocket]\ngroup = ['/a']\nmax_clients = 1\n",
        [
            'pyproject.toml:2: websocket.group = ["/a"]: expected websocket.max_clients of at '
            "least 2"
        ],
    ),
    (
        "[tool.pytest-routes]\nauth = 'bearer:x'\nheaders = {Authorization = 'y'}\n",
        [
            'pyproject.toml:3: headers.Authorization = "***": expected either this or '
            "auth.credentials, which sets it too"
        ],
    ),
]

VARIABLES = [
    ("PYTEST_ROUTES_ENABLED", "maybe", "=maybe: expected true or false"),
    ("PYTEST_ROUTES_SEED", "1.5", "=1.5: expected an integer of at least 0"),
    ("PYTEST_ROUTES_APP", "myapp", f"=myapp: {APP}"),
    ("PYTEST_ROUTES_INCLUDE", "/a,b", f"=/a,b: {GLOB}, got b"),
    ("PYTEST_ROUTES_INCLUDE", '["/a", 1]', '=["/a", 1]: expected a glob, got 1'),
    (
        "PYTEST_ROUTES_INCLUDE",
        '["/a"',
        '=["/a": expected JSON, it is malformed at character 6',
    ),
    ("PYTEST_ROUTES_METHODS", "GET,PSOT", f"=GET,PSOT: {METHODS}, got PSOT, did you mean POST?"),
    ("PYTEST_ROUTES_HEADERS", "X-A", "=***: expected NAME:VALUE"),
    ("PYTEST_ROUTES_HEADERS__X_A", "a\x01", "=a\x01: expected a value without control characters"),
    ("PYTEST_ROUTES_PARAMETERS", "id", "=***: expected NAME=VALUE"),
    ("PYTEST_ROUTES_PARAMETERS", "{", "=***: expected JSON, it is malformed at character 2"),
    ("PYTEST_ROUTES_PARAMETERS__ID", "[]", "=[]: expected at least one value"),
    ("PYTEST_ROUTES_AUTH", "bearr:x", f"=bearr:***: {FORMS}, did you mean bearer?"),
    ("PYTEST_ROUTES_AUTH__CREDENTIALS", "x", f"=***: {FORMS}"),
    ("PYTEST_ROUTES_AUTH__TOKEN", "x", ": unknown variable"),
    (
        "PYTEST_ROUTES_WEBSOCKET__MAX_MESSAGES",
        "ten",
        "=ten: expected an integer of at least 1",
    ),
    ("PYTEST_ROUTES_WEBSOCKET__MESSAGE_TIMEOUT", "nan", "=nan: expected a number over 0"),
    ("PYTEST_ROUTES_WEBSOCKET", "5", "=5: expected a table"),
    (
        "PYTEST_ROUTES_WEBSOCKET",
        '{"max_mesages": 5}',
        ": max_mesages: unknown key, did you mean max_messages?",
    ),
    (
        "PYTEST_ROUTES_WEBSOCKET__TEST_CLOSE_CODES",
        "1000,x",
        "=1000,x: expected a close code, got x",
    ),
    (
        "PYTEST_ROUTES_WEBSOCKET__CHECKS__LEAKED_TASK",
        "of",
        f"=of: {SEVERITY}, did you mean off?",
    ),
    (
        "PYTEST_ROUTES_WEBSOCKET__CHECKS__AUTH_BYPASS",
        "no",
        f"=no: {SEVERITY}",
    ),
    (
        "PYTEST_ROUTES_OVERRIDES",
        "/a",
        "=***: expected JSON, it is malformed at character 1",
    ),
    (
        "PYTEST_ROUTES_OVERRIDES",
        '[{"path": "a"}]',
        f"=***: [0].path: {GLOB}",
    ),
    (
        "PYTEST_ROUTES_WEBSOCKET__MAX_MESAGES",
        "5",
        ": unknown variable, did you mean PYTEST_ROUTES_WEBSOCKET__MAX_MESSAGES?",
    ),
    (
        "PYTEST_ROUTES_WEBSOCKET_MAX_MESSAGES",
        "5",
        ": unknown variable, did you mean PYTEST_ROUTES_WEBSOCKET__MAX_MESSAGES?",
    ),
    (
        "PYTEST_ROUTES_WS_TIMEOUT",
        "5",
        ": unknown variable, did you mean PYTEST_ROUTES_WEBSOCKET__CONNECTION_TIMEOUT?",
    ),
    ("PYTEST_ROUTES_ZZZ", "secret", ": unknown variable"),
]

FLAGS = [
    (["--routes-ws-timeout", "-3"], "--routes-ws-timeout -3: expected a number over 0"),
    (["--routes-ws-timeout="], "--routes-ws-timeout: expected a number over 0"),
    (
        ["--routes-max-examples", "1e3"],
        "--routes-max-examples 1e3: expected an integer of at least 1",
    ),
    (["--routes-seed=0x10"], "--routes-seed 0x10: expected an integer of at least 0"),
    (["--routes-app", "."], f"--routes-app .: {APP}"),
    (
        ["--routes-ws-close-codes", "1000,1005"],
        f"--routes-ws-close-codes 1000,1005: {CODE}, got 1005",
    ),
    (["--routes-ws-close-codes", "1005"], f"--routes-ws-close-codes 1005: {CODE}"),
    (
        ["--routes-ws-server", "Uvicorn"],
        "--routes-ws-server Uvicorn: expected uvicorn, hypercorn or daphne, did you mean uvicorn?",
    ),
    (["--routes-ws-messages", "txt"], f"--routes-ws-messages txt: {KINDS}, did you mean text?"),
    (["--routes-ws-include", "chat"], f"--routes-ws-include chat: {GLOB}"),
    (["--routes-header", "X-A"], "--routes-header ***: expected NAME:VALUE"),
    (["--routes-check", "leaked_task"], "--routes-check ***: expected CHECK=SEVERITY"),
    (
        ["--routes-check", "leked_task=off"],
        "--routes-check leked_task=off: unknown check, did you mean leaked_task?",
    ),
    (
        ["--routes-check", "http.message_flood=off"],
        "--routes-check http.message_flood=off: unknown check, did you mean message_flood?",
    ),
    (
        ["--routes-check", "server_error=of"],
        f"--routes-check server_error=of: {SEVERITY}, did you mean off?",
    ),
    (["--routes-header", "X(A):1"], "--routes-header X(A):1: expected a legal header name"),
    (["--routes-param", "id"], "--routes-param ***: expected NAME=VALUE"),
    (
        ["--routes-param", "id=9..3"],
        "--routes-param id=9..3: expected a range whose min is not over its max",
    ),
    (["--routes-auth", "secret"], f"--routes-auth ***: {FORMS}"),
    (
        ["--routes-auth", "bearer:"],
        "--routes-auth bearer:: expected bearer:TOKEN, a part of it is empty",
    ),
    (["--routes-report", "out"], "--routes-report out: expected FILE.json or FILE.html"),
    (["--routes-export", "out"], "--routes-export out: expected FILE.py"),
    (
        ["--no-routes-http"],
        "--no-routes-http: nothing is left to test, expected --routes-websocket as well",
    ),
    (
        ["--routes-isolation", "sequence", "--routes-app", "a:b"],
        "--routes-isolation sequence: expected app to be a factory such as a:b(), got a:b",
    ),
    (
        ["--routes-ws-group", "/a", "--routes-ws-max-clients", "1"],
        "--routes-ws-group /a: expected websocket.max_clients of at least 2",
    ),
    (
        ["--routes-auth", "header:X-Key:abc", "--routes-header", "X-Key: def"],
        "--routes-header X-Key:***: expected either this or auth.credentials, which sets it too",
    ),
]


def complain(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """Run pytest, which must end with a usage error; what it says."""
    result = pytester.runpytest_inprocess("-p", "no:randomly", "--routes", *arguments)
    output = result.stdout.str() + result.stderr.str()
    assert "Traceback" not in output
    assert result.ret == pytest.ExitCode.USAGE_ERROR, output
    first, *others = [line for line in result.errlines if line]
    assert first.startswith("ERROR: ")
    return [first.removeprefix("ERROR: "), *others]


def away_from_the_file(pytester: pytest.Pytester) -> list[str]:
    """pytest reads the `pyproject.toml` of its rootdir, and refuses a broken one, before it
    loads plugins; not so when it is told of another file elsewhere."""
    ini = pytester.mkdir("ini") / "pytest.ini"
    ini.write_text("[pytest]\n")
    return ["-c", str(ini), "--rootdir", str(pytester.path)]


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_THERE", raising=False)
    monkeypatch.setenv("IS_EMPTY", "")


@pytest.mark.parametrize(("line", "message"), LINES, ids=[line for line, _ in LINES])
def test_a_bad_line_of_the_file_is_named(
    pytester: pytest.Pytester, line: str, message: str
) -> None:
    pytester.makepyprojecttoml(f"[tool.pytest-routes]\n{line}\n")
    assert complain(pytester) == [f"pyproject.toml:2: {message}"]


@pytest.mark.parametrize(("text", "messages"), FILES, ids=range(len(FILES)))
def test_all_mistakes_of_a_file_are_told_at_once_in_their_order(
    pytester: pytest.Pytester, text: str, messages: list[str]
) -> None:
    pytester.path.joinpath("pyproject.toml").write_text(text)
    assert complain(pytester, *away_from_the_file(pytester)) == messages


@pytest.mark.parametrize(("name", "value", "message"), VARIABLES)
def test_a_bad_variable_is_named(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setenv(name, value)
    (said,) = complain(pytester)
    assert said == f"{name}{message}" or said == f"{name}={value}{message}"


@pytest.mark.parametrize(("flags", "message"), FLAGS, ids=[" ".join(flags) for flags, _ in FLAGS])
def test_a_bad_flag_is_named(pytester: pytest.Pytester, flags: list[str], message: str) -> None:
    assert complain(pytester, *flags) == [message]


def test_there_are_enough_of_them() -> None:
    assert len(LINES) + len(FILES) + len(VARIABLES) + len(FLAGS) >= 120


def test_mistakes_of_all_sources_are_told_at_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyprojecttoml("[tool.pytest-routes]\nseed = 'x'\nmax_examples = 'y'\n")
    monkeypatch.setenv("PYTEST_ROUTES_SEED", "z")
    assert complain(pytester, "--routes-seed", "w") == [
        "--routes-seed w: expected an integer of at least 0",
        "PYTEST_ROUTES_SEED=z: expected an integer of at least 0",
        'pyproject.toml:2: seed = "x": expected an integer of at least 0',
        'pyproject.toml:3: max_examples = "y": expected an integer of at least 1',
    ]


def test_a_file_that_is_not_utf_8_is_named(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("pyproject.toml").write_bytes(b'x = "\xff"\n')
    assert complain(pytester, *away_from_the_file(pytester)) == [
        "pyproject.toml: expected UTF-8, byte 5 is none"
    ]


def test_the_file_is_called_by_its_path_from_where_pytest_was_started(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyprojecttoml("[tool.pytest-routes]\nseed = -1\n")
    monkeypatch.chdir(pytester.mkdir("tests"))
    assert complain(pytester) == [
        "../pyproject.toml:2: seed = -1: expected an integer of at least 0"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[tool.pytest_routes]\n",
        "[tool.pytest-routes]\nsed = 1\n",
        "[tool.pytest-routes]\nseed = []\n",
    ],
)
def test_nothing_is_said_while_route_tests_are_off(pytester: pytest.Pytester, text: str) -> None:
    pytester.makepyprojecttoml(text)
    pytester.makepyfile("def test_it(): pass")
    result = pytester.runpytest_inprocess("-p", "no:randomly")
    assert result.ret == pytest.ExitCode.OK
    assert result.errlines == []


def test_show_config_complains_although_route_tests_are_off(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("[tool.pytest_routes]\n")
    assert complain(pytester, "--no-routes", "--routes-show-config") == [
        "pyproject.toml:1: tool.pytest_routes: unknown table, did you mean tool.pytest-routes?"
    ]
