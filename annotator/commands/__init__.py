"""Verbs: functions that look at a document and return an edit."""
