"""A Report as HTML: one template for the browser and the PDF."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from raicheck.report.view import Report
from raicheck.report.words import upper_first
from raicheck.shipped import PACKAGE

TEMPLATES = PACKAGE / "templates"


class BadTemplate(Exception):
    """A template of the user cannot be used; the message says which and why."""


def render_html(report: Report, brand: Path | None = None, fonts: bool = False) -> str:
    """The document; `brand` is a folder of templates that go before ours, `fonts` embeds references to our fonts."""
    environment = _environment(brand)
    styles = ["fonts.css"] if fonts else []
    css = [(TEMPLATES / name).read_text("utf-8") for name in (*styles, "report.css")]
    if brand is not None and (brand / "brand.css").is_file():
        css.append((brand / "brand.css").read_text("utf-8"))
    try:
        template = environment.get_template("report.html")
        return template.render(report=report, css=Markup("\n".join(css)), logo=_logo(brand))
    except TemplateSyntaxError as error:
        raise BadTemplate(f"{error.name}:{error.lineno}: {error.message}") from error
    except TemplateError as error:
        raise BadTemplate(f"a template in {brand} fails: {error.message}") from error


def _environment(brand: Path | None) -> Environment:
    ours = PackageLoader("raicheck", "templates")
    loaders = [ours, PrefixLoader({"raicheck": ours})]
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(brand), *loaders] if brand else loaders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["picture"] = picture
    environment.filters["upper_first"] = upper_first
    return environment


def picture(svg: str) -> str:
    """A vector graphic as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _logo(brand: Path | None) -> str:
    for name, kind in (("logo.svg", "svg+xml"), ("logo.png", "png")):
        if brand is not None and (brand / name).is_file():
            return f"data:image/{kind};base64," + base64.b64encode((brand / name).read_bytes()).decode()
    return ""
