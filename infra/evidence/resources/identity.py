"""Who may sign in."""

from typing import Any

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, duration
from infra.evidence.reading import Reader

POOLS, CLIENTS, GROUPS, IDENTITIES = "User pools", "Sign-in clients", "Groups of staff", "Identity pools"
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of the user pool; no user is read."""
    pools = looks[POOLS]
    return [
        Group(
            POOLS,
            ("Pool", "Second factor", "Password", "Deletion protection", "Users, about"),
            [_pool(reader, found) for found in pools],
            "Users themselves are not read.",
        ),
        Group(
            CLIENTS,
            ("Client", "Ways to sign in", "Secret", "Id token", "Refresh token"),
            [row for found in pools for row in _clients(reader, found)],
        ),
        Group(
            GROUPS,
            ("Group", "Description"),
            [row for found in pools for row in _groups(reader, found)],
        ),
        Group(
            IDENTITIES,
            ("Identity pool", "Guests", "Classic flow"),
            [_identities(reader, found) for found in looks[IDENTITIES]],
        ),
    ]


def _pool(reader: Reader, found: Found) -> list[Cell]:
    pool = reader.call(POOLS, "cognito-idp", "describe_user_pool", UserPoolId=found.raw["Id"]).get("UserPool", {})
    rules = pool.get("Policies", {}).get("PasswordPolicy", {})
    wanted = [
        name.removeprefix("Require").lower() for name, needed in rules.items() if name.startswith("Require") and needed
    ]
    return [
        found.name,
        pool.get("MfaConfiguration", "OFF").lower(),
        f"at least {rules.get('MinimumLength')} characters with {', '.join(wanted)}" if rules else None,
        pool.get("DeletionProtection", "INACTIVE").lower(),
        pool.get("EstimatedNumberOfUsers"),
    ]


def _clients(reader: Reader, found: Found) -> list[list[Cell]]:
    pool = found.raw["Id"]
    rows: list[list[Cell]] = []
    for listed in reader.pages(CLIENTS, "cognito-idp", "list_user_pool_clients", "UserPoolClients", UserPoolId=pool):
        answer = reader.call(
            CLIENTS, "cognito-idp", "describe_user_pool_client", UserPoolId=pool, ClientId=listed["ClientId"]
        )
        client = answer.get("UserPoolClient", {})
        rows.append(
            [
                listed["ClientName"],
                sorted(client.get("ExplicitAuthFlows", ())),
                "has one" if client.get("ClientSecret") else "none",
                _valid(client, "IdToken", "hours"),
                _valid(client, "RefreshToken", "days"),
            ]
        )
    return sorted(rows, key=lambda row: str(row[0]))


def _valid(client: Any, token: str, unless_said: str) -> str | None:
    unit = client.get("TokenValidityUnits", {}).get(token, unless_said)
    length = client.get(f"{token}Validity")
    return duration(length * _UNITS[unit]) if length else None


def _groups(reader: Reader, found: Found) -> list[list[Cell]]:
    listed = reader.pages(GROUPS, "cognito-idp", "list_groups", "Groups", UserPoolId=found.raw["Id"])
    return sorted(([one["GroupName"], one.get("Description")] for one in listed), key=lambda row: str(row[0]))


def _identities(reader: Reader, found: Found) -> list[Cell]:
    pool = found.raw["IdentityPoolId"]
    told = reader.call(IDENTITIES, "cognito-identity", "describe_identity_pool", IdentityPoolId=pool)
    return [
        found.name,
        "allowed" if told.get("AllowUnauthenticatedIdentities") else "not allowed",
        "allowed" if told.get("AllowClassicFlow") else "not allowed",
    ]
