"""Doctor: proves a home by doing, and says what to type."""

from collections.abc import Iterator

from gateway.bootstrap.doctor.diagnosis import Check, Diagnosis, State, fault
from gateway.bootstrap.doctor.folders import check_disk, check_folders, check_plaintext, check_schools
from gateway.bootstrap.doctor.keys import check_keys, check_ledger, check_store, check_vault
from gateway.bootstrap.doctor.machine import check_clock, check_daemon, check_register, check_sandbox
from gateway.bootstrap.doctor.people import check_contacts, check_people
from gateway.bootstrap.doctor.secrecy import check_secrecy
from gateway.bootstrap.doctor.senders import check_senders
from gateway.bootstrap.home import Home
from gateway.errors import GatewayError

KEYLESS: tuple[Check, ...] = (
    check_people,
    check_folders,
    check_schools,
    check_senders,
    check_register,
    check_plaintext,
    check_disk,
    check_sandbox,
    check_secrecy,
)
KEYED: tuple[Check, ...] = (check_store, check_ledger, check_vault, check_clock, check_contacts)

__all__ = ["Diagnosis", "State", "examine"]


def examine(home: Home) -> Iterator[Diagnosis]:
    """Every check in turn. Without keys, those that need them are left out: the missing keys are the fault to mend first."""
    for check in (check_daemon, *KEYLESS):
        yield from _tried(check, home)
    keys = list(_tried(check_keys, home))
    yield from keys
    if keys and keys[-1].state is State.OK:
        for check in KEYED:
            yield from _tried(check, home)


def _tried(check: Check, home: Home) -> Iterator[Diagnosis]:
    """One check; what it cannot even look at is its fault, and the others are made all the same."""
    try:
        yield from check(home)
    except GatewayError as error:
        yield fault(check.__name__.removeprefix("check_"), error.message, error.hint)
