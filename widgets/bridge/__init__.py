"""The one door to the screen: events at a limited rate, frames, background tasks, stall watch."""
