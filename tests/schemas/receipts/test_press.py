from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from gateway.domain.parcels.receipt import STATEMENT
from gateway.domain.returns.unseen import visible
from schemas.receipts.press import LISTED, ReceiptPages
from tests.schemas.receipts.written import NOTE, facts, finding

PRESS = ReceiptPages()
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Outline(HTMLParser):
    """Every element with its attributes, the text seen, and whether elements close in order."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text.append(data)

    def seen(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))


def page(*args: dict[str, object], **more: object) -> Outline:
    return Outline(PRESS.page(NOTE, facts(*args, **more)))  # type: ignore[arg-type]


def test_the_same_note_and_facts_give_the_same_bytes() -> None:
    assert PRESS.page(NOTE, facts(finding())) == ReceiptPages().page(NOTE, facts(finding()))
    assert PRESS.data(NOTE, facts(finding())) == ReceiptPages().data(NOTE, facts(finding()))


@pytest.mark.parametrize("more", [{}, {"stage": "received"}, {"verdict": "refused"}, {"verdict": "accepted"}, {"verdict": None}])
def test_every_receipt_says_what_it_is_not_and_whom_to_ring(more: dict[str, object]) -> None:
    seen = page(**more).seen()
    assert STATEMENT in seen
    for words in ("01632 960100", "Ada Quill", "Ben Marsh", "ring 999"):
        assert words in seen


def test_a_rehearsals_receipt_says_so_in_title_banner_and_footer() -> None:
    made = page(rehearsal=True)
    assert made.seen().count("REHEARSAL") >= 3
    assert "REHEARSAL" not in page().seen()
    assert json.loads(PRESS.data(NOTE, facts(rehearsal=True)))["rehearsal"] is True


def test_a_finding_is_a_row_with_its_place_and_the_two_sentences() -> None:
    seen = page(finding(sheet="Leavers Nov")).seen()
    for words in ("Leavers Nov", "7", "UPN No.", "UPN check letter is K, expected T.", "Two digits may have been swapped.",
                  "UPN-CHECK-LETTER", "Please check", "Sheet"):
        assert words in seen
    assert "Sheet" not in page(finding()).seen()


def test_what_must_be_put_right_comes_first() -> None:
    seen = page(finding(row=2), finding("DOB-MISSING", "error", row=9), finding("NOTE-HIDDEN", "note", row=1)).seen()
    assert seen.index("DOB-MISSING") < seen.index("UPN-CHECK-LETTER") < seen.index("NOTE-HIDDEN")


@pytest.mark.parametrize(("more", "words"), [
    ({"stage": "received"}, "We have received your file"),
    ({"verdict": "accepted", "rows": {"read": 12, "accepted": 12, "held": 0}}, "All 12 of its rows were accepted"),
    ({}, "10 of 12 rows were accepted, and 2 wait for a correction"),
    ({"verdict": "refused"}, "We could not use your file"),
    ({"verdict": "accepted", "kind": "nil", "rows": {"read": 0, "accepted": 0, "held": 0}}, "nil return"),
    ({"verdict": None}, "Your file waits for an officer"),
])
def test_the_heading_says_what_happened(more: dict[str, object], words: str) -> None:
    assert words in page(**more).seen()


def test_moments_are_in_the_time_of_the_country() -> None:
    seen = page().seen()
    assert "16 July 2026, 09:00:01 BST" in seen
    assert "16 November 2026, 08:00:03 GMT" in seen


@pytest.mark.parametrize("nasty", [
    "</script><script>alert(1)</script>", "<b>x</b>", "\u202egpj.exe", "<!--", "{{ 7*7 }}", "'\"&"])
def test_nothing_from_a_file_becomes_part_of_the_page(nasty: str) -> None:
    made = page(finding(sheet=nasty, column=nasty, message=nasty, hint=nasty))
    assert [tag for tag, _ in made.elements].count("script") == 1
    assert not [tag for tag, _ in made.elements if tag == "b"]
    assert visible(nasty) in "".join(made.text)


def test_the_page_asks_nothing_of_a_network_and_runs_nothing() -> None:
    made = page(finding())
    assert not [a for _, a in made.elements if {"src", "srcset", "action", "onclick", "onload"} & set(a)]
    links = [a["href"] or "" for _, a in made.elements if "href" in a]
    assert all(link.startswith(("#", "mailto:")) for link in links)
    policy = next(a["content"] for tag, a in made.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'")
    assert next(a for tag, a in made.elements if tag == "script")["type"] == "application/json"
    assert b"url(" not in PRESS.page(NOTE, facts()) and b"@import" not in PRESS.page(NOTE, facts())


def test_the_page_can_be_read_by_ear_and_by_keyboard() -> None:
    made = page(finding())
    tags = [tag for tag, _ in made.elements]
    assert dict(made.elements[0][1]) == {"lang": "en"}
    assert tags.count("h1") == 1 and tags.count("main") == 1 and tags.count("title") == 1 and tags.count("caption") == 1
    assert all(a.get("scope") == "col" for tag, a in made.elements if tag == "th")
    headings = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(headings))
    ids = [a["id"] for _, a in made.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in made.elements if "aria-labelledby" in a} <= set(ids)
    assert next(a for tag, a in made.elements if tag == "a")["href"] == "#main"


def _luminance(colour: str) -> float:
    full = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(full[n:n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("front", "back"), [
    ("#0b0c0c", "#fff"), ("#484949", "#fff"), ("#fff", "#1d3557"), ("#fff", "#ca3535"), ("#fff", "#1a65a6"), ("#1a65a6", "#fff"),
    ("#0b0c0c", "#fd0"), ("#0b0c0c", "#f3f3f3"), ("#fff", "#484949")])
def test_words_stand_out_from_what_is_behind_them(front: str, back: str) -> None:
    css = PRESS.page(NOTE, facts()).decode()
    assert front in css and back in css
    light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5   # WCAG 2.2, 1.4.3


def test_a_page_of_very_many_findings_stays_readable_and_the_data_has_them_all() -> None:
    many = facts(*(finding(row=n) for n in range(1, LISTED + 501)))
    made = PRESS.page(NOTE, many)
    assert len(made) < 1_000_000
    assert "500 more are in the data file" in Outline(made).seen()
    assert len(json.loads(PRESS.data(NOTE, many))["findings"]) == LISTED + 500


def test_the_data_inside_the_page_is_the_data_file() -> None:
    given = facts(finding(message="<&> Zoë"))
    inside = re.search(r'id="receipt-data">\n(.*?)</script>', PRESS.page(NOTE, given).decode(), re.DOTALL)
    assert inside is not None
    assert json.loads(inside[1]) == json.loads(PRESS.data(NOTE, given))


def test_a_school_is_named_and_told_which_of_its_files_it_was() -> None:
    said = {"school": "Fernbridge <Primary> School", "number": 2, "day": "2026-11-16"}
    page = ReceiptPages().bare(facts(sender="9902001", file=said)).decode()
    assert "Fernbridge &lt;Primary&gt; School</bdi> (9902001)" in page
    assert "your file no. 2 of 16 November 2026" in page
    assert json.loads(ReceiptPages().data("note", facts(file=said)))["file"] == said
    assert b"Which file" not in ReceiptPages().bare(facts())


def test_a_refusal_says_that_there_is_no_marked_copy() -> None:
    assert "There is no marked copy of it" in ReceiptPages().bare(facts(verdict="refused")).decode()


def test_what_waits_for_a_person_is_not_called_processed() -> None:
    page = ReceiptPages().bare(facts(finding("KIND-FOR-A-PERSON", row=None), kind="enquiry",
                                     verdict="accepted")).decode()
    assert "Your file waits for an officer" in page and "It was read as an enquiry. An officer looks" in page
    assert "need not send the file again" in page


def test_a_file_of_pupils_has_pupils_and_no_empty_column() -> None:
    page = ReceiptPages().bare(facts(finding(column=None, row=3), kind="cml")).decode()
    assert "pupil no. 3" in page and ">Pupil</th>" in page
    assert ">Column</th>" not in page and ">Row</th>" not in page and "rows" not in page.partition("<body>")[2].lower()
    assert ">Column</th>" in ReceiptPages().bare(facts(finding())).decode()
