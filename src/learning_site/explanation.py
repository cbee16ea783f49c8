"""What a rule of the check means, as text for the terminal."""

import re
import textwrap

from learning_site.messages import WIDEST
from learning_site.model import Rule

MARKS = re.compile(r"(?P<code>`[^`]*`)|\[(?P<label>[^\]]*)\]\([^)]*\)|\*+")


def explanation(rule_id: str, rule: Rule) -> str:
    """A rule's id, what it says, what to do about a slip, and how a slip looks beside what is right."""
    shown = [rule_id, _paragraph(rule.says.en), _paragraph(f"What to do: {rule.mend.en}")]
    if rule.example:
        shown += [
            f"  Not like this, in {rule.example.file}:",
            _lines(rule.example.bad),
            "  Like this:",
            _lines(rule.example.good),
        ]
    return "\n\n".join(shown)


def _paragraph(text: str) -> str:
    """A Markdown text as plain lines: without marks, but code stays between its backticks."""
    plain = MARKS.sub(lambda found: found["code"] or found["label"] or "", text)
    return textwrap.fill(plain, WIDEST, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _lines(text: str) -> str:
    return textwrap.indent(text.rstrip("\n").replace("\t", "→"), "      ")
