"""The scenarios, a module a subject. Each is played by every family of clients that can play it."""

from . import connecting, delivery, large, properties, retained, sessions, shared, wills

MODULES = [connecting, delivery, large, properties, retained, sessions, shared, wills]
