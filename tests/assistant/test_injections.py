"""Whoever asks whatever: nothing of others is told and nothing changes, also where the model is on their side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chalicelib.bootstrap import Services

from tests.assistant.attacked import Obeying, attacked, everything
from tests.assistant.injections import ATTACKS, WISHES, Attack
from tests.assistant.sample_orders import CUSTOMER, FOREIGN, ORDERS, PARTNER, SECRETS
from tests.support.builders.examples import SETTINGS
from tests.support.combinations import each_value

CALLERS = {
    "a partner's customer": (PARTNER, CUSTOMER),
    "a signed-in customer": ("c-anne", None),
    "somebody without orders": ("c-carol", None),
}
OF_OTHERS = [*SECRETS, *(made.order_id for made in FOREIGN), "evil", "discount", "AWS_"]


def caller_of(attack: Attack, owner: str, customer_id: str | None) -> tuple[str, str | None]:
    """Who names another customer is signed in: a partner's customers are its own."""
    return (
        (owner if owner.startswith("c-") else "c-anne", attack.customer_id)
        if attack.customer_id
        else (
            owner,
            customer_id,
        )
    )


def asking(attack: Attack, owner: str, customer_id: str | None) -> Callable[[str | None], tuple[str, str]]:
    """Asks in one shop, whose model has the given wish, or which has none: (answer, source). Fails if anything changed,
    or if it is said to be about another's order."""
    owner, customer_id = caller_of(attack, owner, customer_id)
    _, fakes = attacked(attack, "p-one" if owner == "c-carol" else owner)
    before = everything(fakes)
    mine = set() if owner == "c-carol" or attack.customer_id else {made.order_id for made in ORDERS.values()}

    def ask(wish: str | None) -> tuple[str, str]:
        fakes.chat_model = Obeying(wish) if wish is not None else None

        answer = Services(SETTINGS, fakes).customers.answer_question(owner, attack.question, customer_id)

        assert everything(fakes) == before
        assert set(answer.orders) <= mine
        return answer.answer, answer.source

    return ask


def revealed(attack: Attack, text: str) -> list[str]:
    """What is another's, or came from the attacker. What the attacker's own order is called is the attacker's own."""
    said = text.replace(attack.product, "") if attack.product else text
    return [secret for secret in OF_OTHERS if secret.lower() in said.lower()]


@pytest.mark.parametrize(("owner", "customer_id"), CALLERS.values(), ids=CALLERS)
@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_template_reveals_nothing_and_changes_nothing(attack: Attack, owner: str, customer_id: str | None) -> None:
    text, source = asking(attack, owner, customer_id)(None)

    assert source == "template"
    assert revealed(attack, text) == []


@pytest.mark.slow
@each_value
@pytest.mark.parametrize(("owner", "customer_id"), CALLERS.values(), ids=CALLERS)
@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_model_that_obeys_the_attacker_is_not_heard(attack: Attack, owner: str, customer_id: str | None) -> None:
    ask = asking(attack, owner, customer_id)
    by_template, _ = ask(None)

    for wish in (attack.wants, *WISHES):
        text, source = ask(wish)

        assert (text, source) == (by_template, "template"), wish
        assert revealed(attack, text) == []


def test_a_change_of_anything_would_be_seen() -> None:
    _, fakes = attacked(ATTACKS[0], PARTNER)
    before = everything(fakes)

    fakes.claims.claim("asked")
    claimed = everything(fakes)
    fakes.store.orders.pop(next(iter(fakes.store.orders)))

    assert len({before, claimed, everything(fakes)}) == 3


def test_there_are_enough_of_all_kinds() -> None:
    assert len({(attack.question, attack.product, attack.customer_id) for attack in ATTACKS}) >= 50
    assert len({attack.kind for attack in ATTACKS}) >= 20
    assert all(len(attack.question) <= 1000 for attack in ATTACKS)
