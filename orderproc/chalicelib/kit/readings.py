"""Reads settings out of environment variables and collects what is wrong with them, so that all of it is named at
once. `config.py` says which settings there are."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}\.)*(?!\d+(?!\S)|\d+[:/]){_LABEL}"
_ADDRESS = re.compile(rf"(?!\.)(?!.*\.[.@])[\w.!#$%&'+/=^`{{|}}~-]{{1,64}}@(?=[^.]+\.){_DOMAIN}", re.ASCII)
"""Without `*` and `?`, which mail servers accept: the address is part of IAM policies, where they are wildcards."""
_NAMED_ADDRESS = re.compile(r".*<([^<>]*)>\s*")
_URL = re.compile(rf"https?://({_DOMAIN}|[0-9.]+)(?::(\d{{1,5}}))?(/[!$-;=@-\[\]-~]*)?", re.ASCII)
_LEFT_OUT = {("https", "443"), ("http:", "80")}
"""The start of an address and the port that it implies."""
_LONGEST = 254


class Readings:
    """Each method returns the value, or some value of its type after it has noted a sentence in `problems`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._env = env

    def require(self, names: tuple[str, ...]) -> dict[str, str]:
        """Those variables by name. One sentence names all that are missing; blanks alone are no value."""
        missing = [name for name in names if not self._env.get(name, "").strip()]
        if missing:
            self.problems.append(
                f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
                "set in .chalice/config.json under the stage's environment_variables."
            )
        return {name: self._env.get(name, "") for name in names}

    def text(self, name: str, default: str = "", most: int = 300) -> str:
        """All variables of a function together must fit into 4 kB."""
        text = self._env.get(name, default)
        if any("\ud800" <= letter <= "\udfff" for letter in text):  # bytes that Python could not decode
            self.problems.append(f"{name} is not in UTF-8: set it in a shell with a UTF-8 locale.")
        elif len(text) > most:
            self.problems.append(f"{name} has {len(text)} characters, but must have at most {most}.")
        return text

    def whole(self, name: str, default: int, unit: str, *, least: int = 0, below: int = 10**9) -> int:
        text = self._env.get(name, str(default))
        if not (text.isascii() and text.isdecimal()):
            self.problems.append(f"{name} is {text!r}, but must be a whole number of {unit}.")
            return default
        number = int(text[:20])  # Python refuses to read thousands of digits
        if number < least:
            self.problems.append(f"{name} is {text}, but must be at least {least}.")
        elif number >= below:
            self.problems.append(f"{name} is {text[:20]}, but must be less than {below}.")
        else:
            return number
        return default

    def seconds(self, name: str, default: int, *, least: int = 0, below: int = 31 * 86400) -> int:
        return self.whole(name, default, "seconds", least=least, below=below)

    def one_of(self, name: str, *choices: str) -> str:
        """The first of the choices by default."""
        text = self._env.get(name) or choices[0]
        if text not in choices:
            self.problems.append(f"{name} is {text!r}, but must be one of {', '.join(choices)}.")
        return text

    def url(self, name: str) -> str:
        """Without a slash at its end; empty where none is set."""
        text = self.text(name).rstrip("/")
        if text and not _is_url(text):
            self.problems.append(
                f"{name} is {text!r}, but must be an address that begins with https:// (or http://), as in"
                " https://your.shop."
            )
        return text

    def origin(self, name: str) -> str:
        """An address as browsers name where a page is from; empty where none is set."""
        text = self.url(name)
        found = _URL.fullmatch(text)
        if found and (found[3] or text != text.lower() or (text[:5], found[2]) in _LEFT_OUT):
            self.problems.append(
                f"{name} is {text!r}, but must be an origin, in small letters, without a path and without a port that"
                " goes without saying, as in https://your.shop."
            )
        return text

    def mail_address(self, name: str) -> str:
        """SES takes a sender with a name beside it, but IAM knows it by its address alone."""
        text = self._env.get(name, "")
        if text.strip() and not (_ADDRESS.fullmatch(text) and len(text) <= _LONGEST):
            named = _NAMED_ADDRESS.fullmatch(text)
            example = named[1] if named and _ADDRESS.fullmatch(named[1]) else "orders@your.shop"
            self.problems.append(
                f"{name} is {text!r}, but must be an e-mail address alone, as in {example}; the name beside it in"
                " mails is SHOP_NAME."
            )
        return text

    def less(self, name: str, value: int, other: str, most: int, *, equal: bool = False) -> None:
        """Note that two settings contradict each other."""
        if value > most or (value == most and not equal):
            relation = "at most" if equal else "less than"
            self.problems.append(f"{name} is {value}, but must be {relation} {other}, which is {most}.")


def _is_url(text: str) -> bool:
    found = _URL.fullmatch(text)
    if found is None or not 0 < int(found[2] or 443) < 65536:
        return False
    return not re.fullmatch(r"[0-9.]+", found[1]) or _is_ip_address(found[1])


def _is_ip_address(host: str) -> bool:
    numbers = host.split(".")
    return len(numbers) == 4 and all(number and int(number) < 256 for number in numbers)


def has_zone(name: str) -> bool:
    """Whether functions find a time zone of that name: in the package that travels with them, not on this machine."""
    from importlib.resources import files

    return name in (files("tzdata") / "zones").read_text(encoding="utf-8").split()
