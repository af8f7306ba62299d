"""Tests by hand: the simulator that the plugin uses, without anything that is drawn.

from pytest_routes import simulate

def test_a_room_hears_what_is_said_in_it():
    with simulate(app) as server:
        ada, ben = server.connect("/ws/room"), server.connect("/ws/room")
        ada.send_json({"say": "hello"})
        assert ben.received_json == [{"say": "hello"}]
        server.sleep(3600)  # costs nothing: the clock jumps
        server.check()
"""

from pytest_routes.simulation.asynchronous import AsyncSimulatedClient, AsyncSimulatedServer
from pytest_routes.simulation.client import SimulatedClient
from pytest_routes.simulation.failed import CheckFailed
from pytest_routes.simulation.response import Response
from pytest_routes.simulation.server import SimulatedServer
from pytest_routes.simulation.simulate import Simulation, simulate
from pytest_routes.simulator.lifespan import LifespanError

__all__ = [
    "AsyncSimulatedClient",
    "AsyncSimulatedServer",
    "CheckFailed",
    "LifespanError",
    "Response",
    "SimulatedClient",
    "SimulatedServer",
    "Simulation",
    "simulate",
]
