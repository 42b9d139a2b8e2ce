"""Compares what stands of two stages, as AWS's own APIs report it: resource by resource, property by property."""
