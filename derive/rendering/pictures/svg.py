"""The plotting library's SVG made fit for a page: words for those who do not see it, ids of its own, the page's ink."""

from __future__ import annotations

import re
from html import escape

from derive.rendering.pictures.model import Picture
from derive.rendering.pictures.style import BLUE, INK, SOFT, VERMILLION
from derive.rendering.prose import plain

# Colours that follow the page's, which may be dark.
_ON_PAGE = {
    INK: "currentColor", "#ffffff": "var(--paper, #ffffff)", BLUE: f"var(--picture-blue, {BLUE})",
    VERMILLION: f"var(--picture-red, {VERMILLION})", SOFT: f"var(--soft, {SOFT})",
}  # fmt: skip
_HEAD = re.compile(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*", re.S)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)
_COMMENT = re.compile(r"\s*<!--.*?-->", re.S)
_ID = re.compile(r'\bid="([^"]*)"')
_REFERENCE = re.compile(r'xlink:href="#([^"]*)"|url\(#([^)]*)\)')
_LINK = re.compile(r'<a xlink:href="#([^"]*)"[^>]*>(.*?)</a>', re.S)
_OPENING = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="([\d.]+)pt"')


def accessible(raw: str, picture: Picture, places: frozenset[str] | None) -> str:
    """``places`` are the ids on the page that a link may lead to; None: the picture is a file of its own."""
    source = _COMMENT.sub("", _METADATA.sub("", _HEAD.sub("", raw)))
    name = f"picture-{picture.name}"
    source = _LINK.sub(lambda m: f'<a href="#{m[1]}">{m[2]}</a>' if m[1] in (places or ()) else m[2], source)
    used = {a or b for a, b in _REFERENCE.findall(source)}
    source = _ID.sub(lambda m: f'id="{name}-{m[1]}"' if m[1] in used else "", source)
    source = _REFERENCE.sub(lambda m: f'href="#{name}-{m[1]}"' if m[1] else f"url(#{name}-{m[2]})", source)
    if places is not None:
        for colour, on_page in _ON_PAGE.items():
            source = source.replace(colour, on_page)
    box = re.search(r'viewBox="([^"]*)"', source)
    sizes = dict(_SIZE.findall(source))
    words = (
        f'<title id="{name}-title">{escape(plain(picture.title))}</title>'
        f'<desc id="{name}-desc">{escape(plain(picture.alt))}</desc>'
    )
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-desc" id="{name}" '
        f'viewBox="{box[1] if box else ""}" width="{sizes.get("width", "")}pt" height="{sizes.get("height", "")}pt">{words}'
    )
    if places is None:
        opening += '<rect width="100%" height="100%" fill="white"/>'
    source = _OPENING.sub(lambda _: opening, source, count=1)
    source = re.sub(r"<g\s+>", "<g>", source)
    source = re.sub(r"<(\w+)  +", r"<\1 ", source)
    return re.sub(r"\n\s*", "\n", source).strip() + "\n"
