"""The program without windows: session, actions, jobs, settings, plugins."""
