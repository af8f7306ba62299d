#!/bin/sh
# Everything comes from the environment, as a CI service would set it; a flag still wins.
export PYTEST_ROUTES_ENABLED=true
export PYTEST_ROUTES_APP=app:app
export PYTEST_ROUTES_SEED=2024
export PYTEST_ROUTES_MAX_EXAMPLES=200
export PYTEST_ROUTES_WEBSOCKET__ENABLED=true
export PYTEST_ROUTES_WEBSOCKET__TEST_CLOSE_CODES=1000,1001,4000
export PYTEST_ROUTES_WEBSOCKET__CHECKS__LEAKED_TASK=error
exec pytest "$@"
