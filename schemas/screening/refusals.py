"""Why a file cannot be taken: every reason with its sentence and what to do instead.

1. One code, one sentence, one hint. The words are for a school's office, not for a programmer.
2. No sentence carries anything from inside the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import RefusedError

RESAVE = "Open it in Excel, choose Save As, then Excel Workbook (.xlsx), and send that file."
EXPORT = ("Export the return from your management information system as CSV or Excel (.xlsx), or as a CML or CMJ file, "
          "and send that file.")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to refuse: what is said, and what the sender can do."""

    code: str
    message: str
    hint: str

    def refusal(self) -> RefusedError:
        """The reason as an error."""
        return RefusedError(self.message, code=self.code, hint=self.hint)


EMPTY = Reason("FILE-EMPTY", "The file is empty: there is nothing in it to read.",
               "If nobody left or joined, send the blank form, or a file with the word NIL in it. "
               "Otherwise export the file again.")
LOCKED = Reason("FILE-LOCKED", "The workbook is locked with a password that the gateway does not know.",
                "Take the password off and send it again, or ask the authority to record the password for your school.")
MACROS = Reason("FILE-MACROS", "The workbook contains macros. Files with programs inside are never opened.", RESAVE)
LEGACY = Reason("FILE-LEGACY-WORKBOOK",
                "This is a workbook in the old Excel format (.xls), which is not read, whatever the file is called.",
                RESAVE)
BINARY = Reason("FILE-BINARY-WORKBOOK",
                "This is a binary workbook (.xlsb), which is not read, whatever the file is called.",
                RESAVE)
OPEN_DOCUMENT = Reason("FILE-OPEN-DOCUMENT",
                       "This is an OpenDocument file (such as .ods), which is not read, whatever it is called.",
                       "Save it as Excel Workbook (.xlsx) and send that file.")
NUMBERS = Reason("FILE-NUMBERS", "This is an Apple Numbers or Pages document, which is not read.",
                 "In Numbers choose File, Export To, Excel, and send that file.")
PDF = Reason("FILE-PDF", "This is a PDF. It shows a return but the rows in it cannot be read reliably.", EXPORT)
IMAGE = Reason("FILE-IMAGE", "This is a picture. It may show a return but the rows in it cannot be read.", EXPORT)
WORD = Reason("FILE-WORD", "This is a document for reading, not a return with rows.", EXPORT)
ZIP = Reason("FILE-ZIP",
             "This is a compressed folder. Folders are not unpacked.",
             "Open the folder and send the files in it one by one.")
WEB_PAGE = Reason("FILE-WEB-PAGE",
                  "This is a web page, even if its name says otherwise. Some systems export these as “Excel”.",
                  RESAVE)
EMAIL = Reason("FILE-EMAIL",
               "This is an e-mail message. Attachments in it are not opened.",
               "Save the attachment by itself and send that file.")
SEALED = Reason("FILE-SEALED", "This file is encrypted for someone else's key, so it cannot be opened here.",
                "Send the return itself: the gateway seals it on arrival.")
PROGRAM = Reason("FILE-PROGRAM", "This is a program, not a return.", EXPORT)
PROSE = Reason("FILE-PROSE", "This is a text for readers (Markdown) with a table in it, not a return.", EXPORT)
DATA = Reason("FILE-DATA", "This is a data or database file of a kind that is not read.", EXPORT)
NOT_UNDERSTOOD = Reason("FILE-NOT-UNDERSTOOD", "The file is of no kind that the gateway knows.", EXPORT)
DAMAGED = Reason("FILE-DAMAGED", "The workbook is damaged or cut short, perhaps because the upload was interrupted.",
                 "Check that it opens in Excel, save it, and send it again.")
HAZARD = Reason("FILE-ARCHIVE-HAZARD",
                "The workbook is built in a way that no spreadsheet program builds one, so it is not opened.",
                RESAVE)
SWELLS = Reason("FILE-ARCHIVE-BOMB", "The workbook would swell far beyond its size when opened, so it is not opened.",
                "Copy the rows into a new workbook, save it as .xlsx, and send that file.")
CELL_TOO_LONG = Reason("SHEET-CELL-TOO-LONG", "A cell of the workbook holds far more text than a cell of Excel can.",
                       "Shorten the text in that cell, save the workbook in Excel, and send it again.")
ROW_TOO_LONG = Reason("SHEET-ROW-TOO-LONG", "A row of the workbook holds far more text than can be said of one child.",
                      "Send only the columns of the return.")
SPARSE = Reason("SHEET-TOO-LARGE", "A sheet spreads its cells over a larger area than the gateway reads.",
                "Delete stray cells far to the right and far below the rows, save it, and send it again.")

XML_DOCTYPE = Reason("XML-DOCTYPE", "The file contains a DOCTYPE, which no Common Transfer File has and which can hide text.",
                     "Export the file again from your management information system and send it unchanged.")
XML_VERSION = Reason("XML-VERSION", "The file says that it is XML of a version other than 1.0, which is not read.",
                     "Export the file again from your management information system and send it unchanged.")
XML_VERSION_INSIDE = Reason("XML-VERSION", "A part of the workbook says that it is XML of a version other than 1.0.", RESAVE)
XML_ENCODING = Reason("XML-ENCODING", "The file's letters are not in the encoding it declares: names could be read wrongly.",
                      "Export the file again, if possible as UTF-8. Do not edit it in a text editor.")
XML_NOT_CTF = Reason("XML-NOT-CTF", "The file is XML, but not a Common Transfer File (CTF, CML or CMJ).", EXPORT)
