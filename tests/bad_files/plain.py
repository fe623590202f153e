"""Two small files with which nothing is wrong, to be spoilt."""

from __future__ import annotations

HEADINGS = "UPN,Surname,Forename,Date of birth,Leaving date,Reason for leaving,Destination school"
CHILD = ",Ellery,Zoë,02/03/2016,13/11/2026,9(1)(i),Unknown"
CSV = f"{HEADINGS}\n{CHILD}\n"
CTF = """<?xml version="1.0" encoding="utf-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>
<DateTime>2026-11-16T09:00:00</DateTime><DocumentQualifier>partial</DocumentQualifier>
<SourceSchool><LEA>990</LEA><Estab>2001</Estab></SourceSchool><DestSchool><LEA>990</LEA><Estab>LLLL</Estab></DestSchool></Header>
<CTFpupilData><Pupil><Surname>Ellery</Surname><Forename>Zoë</Forename><DOB>2016-03-02</DOB><Sex>F</Sex>
<SchoolHistory><School><LEA>990</LEA><Estab>2001</Estab><EntryDate>2022-09-01</EntryDate><LeavingDate>2026-11-13</LeavingDate>
<RemovalGrounds>I</RemovalGrounds></School></SchoolHistory></Pupil></CTFpupilData></CTfile>
"""
