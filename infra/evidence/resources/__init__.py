"""A stage's resources with their settings, a table for each kind."""

from infra.evidence.kinds import Looks
from infra.evidence.model import Group
from infra.evidence.reading import Reader
from infra.evidence.resources import data, edge, functions, identity, messaging, monitoring, network


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """All of them, in the order in which an order meets them."""
    made = [
        *edge.groups(reader, looks),
        *functions.groups(reader, looks),
        *messaging.groups(reader, looks),
        *data.groups(reader, looks),
        *identity.groups(reader, looks),
        *network.groups(reader, looks),
        *monitoring.groups(reader, looks),
    ]
    for group in made:
        group.gaps.extend(line for line in reader.gaps.of(group.title) if line not in group.gaps)
    return made
