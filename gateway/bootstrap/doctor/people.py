"""People and partners: whom receipts name, who may act, whom we can send to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.doctor.ending import ending
from gateway.bootstrap.home import Home
from gateway.config.parties import ContactEntry
from gateway.config.people import current_user
from gateway.domain.actor import Role
from gateway.domain.counting import counted
from gateway.errors import GatewayError

VERIFIED_LASTS = timedelta(days=365)


def check_people(home: Home) -> Iterator[Diagnosis]:
    """Contact, deputy, and someone for each role."""
    settings = home.settings
    if settings.rehearsal:
        yield note("people", "this is a rehearsal home: contact and deputy are placeholders, and you have every role")
        return
    if settings.contact.email == settings.deputy.email:
        yield fault(
            "people", "contact and deputy have one e-mail address: an urgent row would reach one person only", "[deputy] email ="
        )
    for role in (Role.OFFICER, Role.OPERATOR, Role.S2S):
        if not any(role in person.roles for person in settings.people.values()):
            yield fault("people", f"nobody has the role {role.value}", f'[people.USER] name = "…", roles = ["{role.value}"]')
    seconds = {user for user, person in settings.people.items() if {Role.OFFICER, Role.MANAGER} & set(person.roles)}
    if len(seconds) < 2:
        yield note(
            "people",
            f"{counted(len(seconds), 'person', 'people')} can act on cases; what needs two people cannot be done",
            "[people.USER] with officer or manager",
        )
    if not settings.mail.host:
        yield fault("people", "there is no [mail]: an urgent row is told to a file in notices/, and to nobody",
                    '[mail] host = "…", sender = "…"; then gateway doctor --send-notice')
    if current_user() not in settings.people:
        yield note("people", f"you are {current_user()!r}, who is not in [people]: you may run the daemon and look, not act")
    in_config = counted(len(settings.people), "person", "people")
    yield ok("people", f"contact {settings.contact.name}, deputy {settings.deputy.name}, {in_config} in config")


def check_contacts(home: Home) -> Iterator[Diagnosis]:
    """Other authorities: address, key card, when someone last checked."""
    today = home.clock.today()
    if not home.settings.contacts:
        yield note(
            "contacts",
            "no other authority is set up: referrals are drafted and cannot be sent",
            "gateway contacts trust 991 CARD, then [contacts.991] in config.toml",
        )
    for la, contact in home.settings.contacts.items():
        if contact.by_hand:
            yield from _checked_lately(la, contact, today)
            yield ok("contacts", f"{la} {contact.name}: has no gateway; a person tells it by {contact.channel}")
            continue
        try:
            known = home.keys.cards(la, today)
        except GatewayError as error:
            yield fault("contacts", f"{la} {contact.name}: {error.message}", error.hint)
            continue
        if known.usable is None:
            yield fault("contacts", f"{la} {contact.name}: {known.standing.lacks}", f"gateway contacts trust {la} CARD")
        else:
            what = f"{la} {contact.name}: its key card"
            yield from ending("contacts", what, known.usable, today, f"gateway contacts trust {la} CARD")
        yield from _checked_lately(la, contact, today)
        yield from _reached(home, la)


def _checked_lately(la: str, contact: ContactEntry, today: date) -> Iterator[Diagnosis]:
    if contact.verified_on is None or today - contact.verified_on > VERIFIED_LASTS:
        yield note(
            "contacts",
            f"{la} {contact.name}: address and key were "
            f"{'never' if contact.verified_on is None else 'not for a year'} checked by telephone",
            f"[contacts.{la}] verified_on = {today}",
        )


def _reached(home: Home, la: str) -> Iterator[Diagnosis]:
    contact = home.settings.contacts[la]
    if contact.channel == "folder":
        path = home.path / (contact.path or "")
        if path.is_dir():
            yield ok("contacts", f"{la} {contact.name}: the folder is there")
        else:
            yield note("contacts", f"{la} {contact.name}: {path} is not there yet", f"mkdir -p {path}")
        return
    try:
        with home.places.link(contact).session() as server:
            server.stat(contact.folder)
        yield ok("contacts", f"{la} {contact.name}: the server answers, with the host key that is pinned")
    except (GatewayError, OSError) as error:
        hint = error.hint if isinstance(error, GatewayError) else f"[contacts.{la}] folder ="
        yield fault("contacts", f"{la} {contact.name}: {error}", hint)
