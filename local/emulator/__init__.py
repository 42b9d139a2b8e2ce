"""Starts MiniStack with what `chalice deploy` and our tests need and it lacks; runs in the local cloud's own
environment.

May import MiniStack and the standard library only. What each part stands in for is said at its top.
"""
