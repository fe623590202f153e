"""What a batch must hold to before a person may release it. Each fault names the case and the rule.

1. Nothing enters S2S without recorded enquiries: as many as ``enquiries_before_s2s`` says.
2. The case is open, and its child is not restricted: a closed case has nothing to upload.
3. A file has a name that S2S takes; a lost pupil's file holds one pupil and is the school's own; a file of ours carries our
   own number; none is larger than S2S takes.
4. A file goes to a school that is open, under the number it has today; its successor is suggested, never put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.register.establishments import Register
from gateway.domain.s2s.batch import BatchFile
from gateway.domain.s2s.names import MAX_BYTES, MAX_PUPILS_PER_LOST_FILE, S2sName, authority_code, read_name


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a batch cannot be released."""

    code: str
    case: str | None
    message: str


def faults_of_case(case: Case, enquiries: int, needed: int) -> tuple[Fault, ...]:
    """Faults of anything that is to go to S2S about this case."""
    found = []
    if enquiries < needed:
        found.append(Fault("S2S-ENQUIRIES", case.id, f"case {case.id} has {enquiries} recorded enquiries, {needed} needed"))
    if case.state is CaseState.CLOSED:
        found.append(Fault("S2S-CLOSED", case.id, f"case {case.id} is closed"))
    if case.restricted:
        found.append(Fault("S2S-RESTRICTED", case.id, f"case {case.id} is restricted"))
    return tuple(found)


def faults_of_file(file: BatchFile, us: str, register: Register) -> tuple[Fault, ...]:
    """Faults of one file."""
    name = read_name(file.name)
    if name is None:
        return (Fault("S2S-NAME", file.case, f"{file.name} is no name that S2S takes"),)
    found = []
    if name.lost and file.pupils != MAX_PUPILS_PER_LOST_FILE:
        found.append(Fault("S2S-ONE-PUPIL", file.case,
                           f"{file.name} holds {file.pupils} pupils, {MAX_PUPILS_PER_LOST_FILE} allowed"))
    if name.lost and name.source == authority_code(us):
        found.append(Fault("S2S-NOT-OURS", file.case, f"{file.name}: a lost pupil's file is the school's own"))
    if not name.lost and name.source != authority_code(us):
        found.append(Fault("S2S-FOREIGN-NUMBER", file.case,
                           f"{file.name} carries another's number, ours is {authority_code(us)}"))
    if file.size > MAX_BYTES:
        found.append(Fault("S2S-SIZE", file.case, f"{file.name} has {file.size} bytes, {MAX_BYTES} allowed"))
    return (*found, *_destination(file, name, register))


def _destination(file: BatchFile, name: S2sName, register: Register) -> tuple[Fault, ...]:
    school = register.establishments.get(name.destination)
    if not name.destination.isdigit() or not register.establishments:
        return ()
    if school is None:
        return (Fault("S2S-NO-SCHOOL", file.case, f"{name.destination} is no school of the register"),)
    if school.open:
        return ()
    heir = register.successor(name.destination)
    hint = f"; its successor may be {heir.laestab}" if heir else ""
    return (Fault("S2S-CLOSED-SCHOOL", file.case, f"{name.destination} is closed{hint}"),)
