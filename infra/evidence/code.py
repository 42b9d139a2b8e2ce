"""The code that runs: each package as Lambda has it, with its hash, our own sources from inside it, and the versions of
the packages that were installed into it."""

import base64
import hashlib
import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from http.client import HTTPException
from urllib.request import urlopen

from markupsafe import Markup

from infra.evidence.kinds import Looks
from infra.evidence.reading import Reader
from infra.evidence.resources.functions import FUNCTIONS

WHAT = "Function code"
_OWN = re.compile(r"(app\.py|chalicelib/.*\.py)")
_VERSION = re.compile(r"([^/]+?)-([^-/]+)\.dist-info/METADATA")
_TIMEOUT = 120


@dataclass(frozen=True)
class Source:
    """`html` is the file with its tokens marked; its text is escaped."""

    name: str
    lines: int
    html: Markup


@dataclass(frozen=True)
class Package:
    """Of all functions that run the same code. `verified` says whether the bytes that Lambda gave have the hash that it
    names."""

    sha256: str
    size: int
    functions: list[str]
    verified: bool
    files: int
    handlers: dict[str, str]
    versions: dict[str, str]
    sources: list[Source]
    problem: str = ""


def packages(reader: Reader, looks: Looks) -> list[Package]:
    """One for each hash, the one of most functions first."""
    by_hash = defaultdict(list)
    for found in looks[FUNCTIONS]:
        by_hash[found.raw.get("CodeSha256", "")].append(found)
    made = []
    for sha256, functions in by_hash.items():
        answer = reader.call(WHAT, "lambda", "get_function", FunctionName=functions[0].name)
        address = answer.get("Code", {}).get("Location", "")
        content, problem = _fetched(address)
        verified = base64.b64encode(hashlib.sha256(content).digest()).decode() == sha256
        names, versions, sources = _inside(content) if verified else (0, {}, [])
        if content and not verified:
            problem = "The bytes that were downloaded have another hash, so they are not shown."
        handlers = {found.name: found.raw.get("Handler", "") for found in functions}
        size = functions[0].raw.get("CodeSize", 0)
        listed = [found.name for found in functions]
        made.append(Package(sha256, size, listed, verified, names, handlers, versions, sources, problem))
    return sorted(made, key=lambda package: -len(package.functions))


def _fetched(address: str) -> tuple[bytes, str]:
    if not address.startswith(("https://", "http://")):
        return b"", "Lambda named no address of the package, so its content is not shown."
    try:
        with urlopen(address, timeout=_TIMEOUT) as answer:
            return answer.read(), ""
    except (OSError, HTTPException) as error:
        return b"", f"The package could not be downloaded ({type(error).__name__}), so its content is not shown."


def _inside(content: bytes) -> tuple[int, dict[str, str], list[Source]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        versions = {found[1].replace("_", "-"): found[2] for name in names if (found := _VERSION.fullmatch(name))}
        own = sorted(name for name in names if _OWN.fullmatch(name))
        sources = [_source(name, package.read(name).decode("utf-8", "replace")) for name in own]
    return len(names), dict(sorted(versions.items(), key=lambda one: one[0].lower())), sources


def _source(name: str, text: str) -> Source:
    return Source(name, text.count("\n") + bool(text and not text.endswith("\n")), highlighted(text))


def highlighted(text: str) -> Markup:
    """Python with keywords, names of definitions, texts, comments and numbers marked. The rest needs no mark: a page
    holds thirty thousand lines."""
    from pygments import token
    from pygments.lexers.python import PythonLexer

    marks = {token.Keyword: "k", token.Comment: "c", token.String: "s", token.Number: "n", token.Name.Function: "f"}
    marks |= {token.Name.Class: "f", token.Name.Decorator: "d", token.Operator.Word: "k"}
    parts: list[Markup] = []
    mark, run = "", ""
    for kind, value in PythonLexer().get_tokens(text):
        new = next((name for of, name in marks.items() if kind in of), "") if value.strip() else mark
        if new != mark:
            parts.append(_marked(mark, run))
            mark, run = new, ""
        run += value
    parts.append(_marked(mark, run))
    return Markup("").join(parts)


def _marked(mark: str, text: str) -> Markup:
    return Markup("<i class={}>{}</i>").format(mark, text) if mark else Markup("{}").format(text)
