"""The selected incident: facts, acts, recommended forces, timeline."""
from __future__ import annotations

from widgets.incident.panel import IncidentPanel
from widgets.incident.recommend import RecommendPanel
from widgets.incident.timeline import TimelinePanel

__all__ = ["IncidentPanel", "RecommendPanel", "TimelinePanel"]
