"""Routing: a pure decision by a reviewed table. It takes rows and what is known of the child, and gives orders with reasons."""

from gateway.pipeline.route.joiners import route_joiner
from gateway.pipeline.route.leavers import route_leaver
from gateway.pipeline.route.situation import Row, World
from gateway.pipeline.route.table import rows

__all__ = ["Row", "World", "route_joiner", "route_leaver", "rows"]
