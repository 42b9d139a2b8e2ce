"""SVG elements. Every text and attribute is escaped here, and nowhere else."""

from collections.abc import Iterable

from markupsafe import Markup, escape

_LONGEST = 60


def element(name: str, *content: Markup | str, **attributes: object) -> Markup:
    """With an attribute's underscores as dashes; `class_` and `for_` as Python has them. None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(_named(key), _number(value)) for key, value in attributes.items() if value is not None
    )
    inner = Markup("").join(escape(one) for one in content)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)  # noqa: S704  # names are ours


def picture(width: float, height: float, title: str, parts: Iterable[Markup], description: str = "") -> Markup:
    """The whole, in its own size where there is room. Readers of screens get title and description."""
    told = [element("title", title), *([element("desc", description)] if description else [])]
    return element(
        "svg",
        *told,
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=title,
    )


def text(x: float, y: float, words: object, class_: str = "", anchor: str | None = None) -> Markup:
    """One line; what is very long is cut off."""
    shown = str(words)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return element("text", shown, x=x, y=y, class_=class_ or None, text_anchor=anchor)


def _named(key: str) -> Markup:
    known = {"viewBox", "markerWidth", "markerHeight", "refX", "refY"}
    return Markup(key if key in known else key.rstrip("_").replace("_", "-"))  # noqa: S704


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
