"""Drives the window through the whole path on the sample data, as a person would."""

from annotator.views.tour.tour import tour

__all__ = ["tour"]
