"""What the schools of the canary town send: every kind of parcel, each with children of its own.

``leavers_and_all`` gives for each file its school, its name (a child's name is in most of them) and its bytes. Children are dealt
from the front of ``CHILDREN``, so that what is found somewhere says from which file it came.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment

from gateway.demo.cast import FERNBRIDGE, QUILLMEAD, THORNHAVEN_HIGH, Child
from gateway.demo.files import HEADINGS, _leaver, _pupil, _transfer, _workbook
from schemas.screening.locked import lock
from tests.bad_files.containers import header_row, ole, packed, workbook_parts
from tests.canary.children import CHILDREN

PASSWORD = "Fernbridge-2026"
FROM_FERNBRIDGE = frozenset(range(58))     # which of ``CHILDREN`` are in what Fernbridge sends
JOINED_QUILLMEAD = frozenset(range(1, 9))  # and which of them Quillmead says have joined
OF_THE_SHEETS = {50, 52}     # those after whom it calls a sheet, one of them hidden
AWAY = {"new_address": "9 Quay Street, Marlowick", "new_postcode": "ZY3 2AA"}
Sent = tuple[str, str, bytes]


def dealt() -> Iterator[Child]:
    """One child after another, each once."""
    return iter(CHILDREN)


def leavers_csv(children: Iterator[Child]) -> bytes:
    """Forty leavers: unknown, home educated, moved to Marlowick, urgent, unreadable, odd, and one of them twice."""
    rows: list[list[str]] = []
    rows += [_leaver(next(children), "13/11/2026", "9(1)(i)", "Unknown") for _ in range(10)]
    rows += [_leaver(next(children), "13/11/2026", "F", "EHE") for _ in range(5)]
    rows += [_leaver(next(children), "13/11/2026", "9(1)(g)", "Marlowick LA", **AWAY) for _ in range(3)]
    rows += [_leaver(next(children), "13/11/2026", "9(1)(h)", "Not known", urgent="Yes") for _ in range(2)]
    rows += [_leaver(next(children), "13/11/2026", "9(1)(a)", "Quillmead Primary School", born="31/02/2018") for _ in range(10)]
    for _ in range(5):
        odd = next(children)
        rows.append([odd.upn, f"={odd.surname}", f"{odd.forename} {odd.surname}", odd.surname, odd.upn, odd.upn, odd.surname,
                     odd.surname, "", odd.surname, f"with {odd.parent}", odd.surname, odd.surname, odd.parent, odd.surname, ""])
    rows += [_leaver(next(children), "13/11/2026", "j", "Youth custody") for _ in range(5)]
    rows.append(rows[0])
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([HEADINGS, *rows])
    return text.getvalue().encode("utf-8-sig")


def marked_workbook(children: Iterator[Child]) -> bytes:
    """A workbook whose sheet is called after a child, with an urgent row, unreadable rows, a comment and a hidden sheet."""
    rows = [_leaver(next(children), "13/11/2026", "9(1)(i)", "Unknown", urgent="Yes") for _ in range(2)]
    rows += [_leaver(next(children), "13/11/2026", "9(1)(a)", "Quillmead", born="31/02/2018") for _ in range(6)]
    called, spoken, hidden = next(children), next(children), next(children)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(called.surname[:28])
    for row in (HEADINGS, *rows):
        sheet.append(row)
    sheet["A2"].comment = Comment(f"{spoken.surname} {spoken.upn}", spoken.parent)
    secret = book.create_sheet(f"x{hidden.surname}"[:28])
    secret.append(list(HEADINGS))
    secret.append(_leaver(hidden, "13/11/2026", "9(1)(i)", "Unknown"))
    secret.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _return(children: Iterator[Child], count: int) -> bytes:
    rows = [_leaver(next(children), "13/11/2026", "9(1)(a)", "Quillmead", born="31/02/2018") for _ in range(count)]
    return _workbook("Leavers", [HEADINGS, *rows])


def _refused(children: Iterator[Child]) -> Iterator[tuple[str, bytes]]:
    """What is not read: each holds a child all the same."""
    child = next(children)
    yield f"{child.surname}.xlsm", packed(workbook_parts(header_row(), extra={"xl/vbaProject.bin": child.surname.encode()}))
    child = next(children)
    yield f"{child.surname}.xls", ole("Root Entry", "Workbook") + child.surname.encode()
    child = next(children)
    yield f"{child.surname}.pdf", b"%PDF-1.7\n" + child.surname.encode()
    child = next(children)
    yield f"{child.surname}.xml", f'<!DOCTYPE CTfile [<!ENTITY e "{child.surname}">]><CTfile><N>&e;</N></CTfile>'.encode()
    child = next(children)
    yield f"{child.surname} cut.xml", f"<CTfile><Header/><Pupil><Surname>{child.surname}</Surname><UPN>{child.upn}".encode()
    child = next(children)
    yield f"{child.surname} cut.xlsx", _workbook("Leavers", [[child.surname, child.upn]])[:-200]
    child = next(children)
    yield f"{child.surname}.json", f'{{"pupils": ["{child.surname}", "{child.upn}"]}}'.encode()
    child = next(children)
    yield f"{child.surname}.txt", f"Dear all, {child.surname} ({child.upn}) has left. Regards".encode()
    child = next(children)
    yield f"{child.surname} locked.xlsx", lock(_workbook("Leavers", [[child.surname]]), child.surname, spins=1)
    child = next(children)
    yield f"{child.surname} wide.csv", (",".join([child.surname] * 3000) + "\n").encode()
    child = next(children)
    yield f"{child.surname} quote.csv", f'UPN,Surname\n{child.upn},"{child.surname}'.encode()
    child = next(children)      # legal, and it makes the quick reader of workbooks abort
    far = header_row() + f'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>{child.surname}</t></is></c></row>'
    yield f"{child.surname} far.xlsx", packed(workbook_parts(far))


def everything(children: Iterator[Child]) -> list[Sent]:
    """Every kind of parcel but joiners, which come later."""
    mark = next(children)
    sent = [(FERNBRIDGE, f"leavers for Zoe {mark.surname}.csv", leavers_csv(children)),
            (FERNBRIDGE, f"{next(children).surname} week 46.xlsx", marked_workbook(children)),
            (FERNBRIDGE, f"{next(children).surname} locked.xlsx", lock(_return(children, 4), PASSWORD, spins=1))]
    xml = {
        f"{QUILLMEAD}_CML_990LLLL_001.xml": [_pupil(next(children), QUILLMEAD, left=date(2026, 10, 23), ground="9(1)(i)",
                                                    destination=("XXX", "XXXX")) for _ in range(4)],
        f"{QUILLMEAD}_CTF_990LLLL_002.xml": [_pupil(next(children), QUILLMEAD, left=date(2026, 11, 12), ground="9(1)(h)")],
        f"{next(children).surname}.xml": [_pupil(next(children), QUILLMEAD, left=date(2026, 11, 12), ground="9(1)(a)")],
    }
    sent += [(QUILLMEAD, name, _transfer(QUILLMEAD, "990", "LLLL", pupils)) for name, pupils in xml.items()]
    lost = [_pupil(next(children), THORNHAVEN_HIGH, left=date(2026, 11, 12), ground="9(1)(h)")]
    transfer = _transfer(THORNHAVEN_HIGH, "XXX", "XXXX", lost, "full")
    sent.append((THORNHAVEN_HIGH, f"{THORNHAVEN_HIGH}_CTF_XXXXXXX_003.xml", transfer))
    sent += [(QUILLMEAD, name, content) for name, content in _refused(children)]
    return sent


def joiners(children: list[Child]) -> Sent:
    """Joiners that are almost children known already: suggestions for a person, and one that is certain."""
    rows = [[child.upn if number == 0 else "", child.surname + ("" if number == 0 else "e"), child.forename,
             child.born.strftime("%d/%m/%Y"), child.sex, child.year, child.postcode, "09/11/2026", "Fernbridge Primary School"]
            for number, child in enumerate(children)]
    headings = ["UPN", "Legal surname", "Legal forename", "Date of birth", "Sex", "Year group", "Home postcode", "Start date",
                "Previous school"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    return QUILLMEAD, f"joiners with {children[0].surname}.csv", text.getvalue().encode("utf-8-sig")
