r"""LaTeX files as blocks: the counterpart of `markdown`.

The preamble and comments are blanked, `\section…{}` are headings, `\item`s of an `enumerate` are numbered tasks,
`\textbf{Working.}` or `\paragraph{Working.}` is the mark. A command in the text that has no meaning here is an error.
"""

from __future__ import annotations

import re

from derive.language.document import Document, Layout, MathSpan, Source, next_math

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_EVENT = re.compile(
    r"\n[ \t\r]*\n"  # a paragraph ends
    r"|(?P<math>\$|\\\[|\\\()"
    r"|\\(?P<edge>begin|end)[ \t]*\{(?P<env>[A-Za-z]+\*?)\}(?:\[[^\]\n]*\])?"
    r"|\\(?P<head>(?:sub)*section|chapter|part|title)\*?[ \t]*(?:\[[^\]\n]*\])?\{"
    r"|\\(?P<mark>textbf|paragraph|subparagraph)\*?[ \t]*\{\s*(?P<word>[A-Z][a-z]+(?: [a-z]+)?)[.:]?\s*\}[.:]?"
    r"|\\item\b[ \t]*(?:\[\s*\(?(?P<label>\w+)[.)]*\s*\])?"
    r"|\\(?P<soft>emph|textit|textbf|textrm|textsf|text|underline|mbox)[ \t]*\{"
    r"|\\(?P<gone>label|vspace|hspace|setcounter|author|date|ref|pagestyle|thispagestyle)\*?(?:[ \t]*\{[^{}]*\})+"
    r"|\\(?P<bare>noindent|indent|par|smallskip|medskip|bigskip|maketitle|newpage|clearpage|centering|quad|qquad)\b"
    r"|\\\\|\\[ ,;!@/]|~|\\\n"
    r"|\\(?P<escaped>[%&#_{}$])"
    r"|(?P<note>(?<![^\n])[ \t]*(?:Note|Hint):[^\n]*)"
    r"|(?P<unknown>\\[A-Za-z]+)"
)
# Environments of displayed mathematics. Those in which `&` and `\\` mean something keep their own \begin and \end.
DISPLAYED = {"equation", "displaymath", "math"}
ALIGNED = {"align", "gather", "multline", "eqnarray", "alignat", "flalign"}
FOR_PEOPLE = {"quote", "quotation", "comment", "abstract", "verse"}
LISTS = {"enumerate", "itemize"}


def scan_tex(source: Source) -> Document:
    """A LaTeX file as blocks."""
    layout = Layout(source, source.text)
    text = source.text
    for m in _COMMENT.finditer(text):
        layout.blank(m.end(1), m.end())
    # A line of comment alone does not end a paragraph: blank its line break too.
    for m in re.finditer(r"^[ \t]*(?<!\\)%[^\n]*\n", text, re.M):
        layout.chars[m.end() - 1] = " "
    text = "".join(layout.chars)
    begin = re.search(r"\\begin\s*\{document\}", text)
    pos = begin.end() if begin else 0
    title = re.search(r"\\title\s*\{((?:[^{}]|\{[^{}]*\})*)\}", text[:pos])
    if title:
        layout.document.title = " ".join(title.group(1).split())
    layout.blank(0, pos)
    end = re.search(r"\\end\s*\{document\}", text)
    stop = end.start() if end else len(text)
    layout.blank(stop, len(text))
    _Body(layout, text[:stop]).read(pos)
    return layout.finish()


class _Body:
    """One pass over what stands between `\\begin{document}` and `\\end{document}`."""

    def __init__(self, layout: Layout, text: str) -> None:
        self.layout, self.text = layout, text
        self.lists: list[list[int | str]] = []  # innermost last: [name, items so far]
        self.tasks = 0

    def read(self, pos: int) -> None:
        layout, text = self.layout, self.text
        while m := _EVENT.search(text, pos):
            self._words(pos, m.start())
            pos = m.end()
            if m.group("math"):
                pos = self._math(m.start())
            elif m.group("edge"):
                pos = self._environment(m)
            elif m.group("head"):
                pos = self._braced(m.end())
                layout.blank(m.start(), pos)
                layout.heading(m.end(), pos - 1, m.group("head"))
            elif m.group("mark") and (m.group("mark") != "textbf" or m.group("word") in ("Working", "Note", "Hint")):
                layout.blank(*m.span())
                layout.open("mark", m.end(), m.end(), m.group("word"))
            elif m.group().startswith("\\item"):
                self._item(m)
            elif m.group("soft") or m.group("mark"):
                opening = text.index("{", m.start())
                close = self._braced(opening + 1)
                layout.blank(m.start(), opening + 1)
                layout.blank(close - 1, close)
                text = self.text = text[: close - 1] + " " + text[close:]
                pos = opening + 1
            elif m.group("unknown"):
                raise layout.source.error(
                    f"the command {m.group()} is not understood in the text", m.start(), m.group(),
                    ("$…$ around mathematics", r"\section{…}", r"\begin{enumerate}", r"\textbf{Working.}"),
                )  # fmt: skip
            elif m.group().startswith("\n"):
                layout.close()
                pos = m.end() - 1
            elif not m.group("escaped"):
                layout.blank(*m.span())
                if m.group("bare") == "par":
                    layout.close()
        self._words(pos, len(text))

    def _words(self, start: int, end: int) -> None:
        if self.text[start:end].strip():
            self.layout.text(start + len(self.text[start:end]) - len(self.text[start:end].lstrip()), end)

    def _braced(self, pos: int) -> int:
        """Behind the brace that closes the group in which ``pos`` stands."""
        depth, start = 1, pos
        while depth and pos < len(self.text):
            c = self.text[pos]
            depth += (c == "{") - (c == "}")
            pos += 2 if c == "\\" else 1
        if depth:
            raise self.layout.source.error("this { is not closed", start - 1, "{", ("}",))
        return pos

    def _math(self, start: int) -> int:
        span = next_math(self.layout.source, self.text, start, start + 2)
        assert span is not None
        return self._shown(span)

    def _shown(self, span: MathSpan) -> int:
        self.layout.document.maths.append(span)
        self.layout.text(span.start, span.end)
        return span.end

    def _environment(self, m: re.Match[str]) -> int:
        name, layout = m.group("env"), self.layout
        plain = name.rstrip("*")
        if m.group("edge") == "begin" and (plain in DISPLAYED | ALIGNED or plain in FOR_PEOPLE):
            close = f"\\end{{{name}}}"
            end = self.text.find(close, m.end())
            if end < 0:
                raise layout.source.error(f"\\begin{{{name}}} is not closed", m.start(), m.group(), (close,))
            after = end + len(close)
            if plain in FOR_PEOPLE:
                layout.blank(m.start(), after)
                layout.close()
                return after
            whole = plain in ALIGNED
            inner, stop = (m.start(), after) if whole else (m.end(), end)
            return self._shown(MathSpan(m.start(), after, inner, stop, plain != "math"))
        if plain in LISTS:
            if m.group("edge") == "begin":
                self.lists.append([plain, 0])
            elif self.lists:
                self.lists.pop()
        layout.blank(*m.span())
        layout.close()
        return m.end()

    def _item(self, m: re.Match[str]) -> None:
        layout = self.layout
        layout.blank(*m.span())
        if self.lists and self.lists[-1][0] == "itemize":
            layout.open("bullet", m.end(), m.end())
            return
        self.tasks += 1
        label = m.group("label") or str(self.tasks)
        if label.isdigit():
            self.tasks = int(label)
        layout.open("item", m.end(), m.end(), label)
