"""The cards a home trusts: what replaces what, for how long both count, and what is never trusted again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gateway.domain.referrals.contact import KeyStanding
from gateway.errors import ConfigError, UsageError
from keys.age_files import new_identity
from keys.cards import EARLIER, OVERLAP, REVOKED, authorities, find, folder_of, revoke, trust
from keys.signing import SignKey, new_seed
from keys.trusted import Trusted

TODAY = date(2026, 11, 16)
DAY = timedelta(days=1)


def card(la: str = "991", **more: object) -> Trusted:
    made = Trusted(la, new_identity()[1], SignKey(f"{la}.cme-gateway/receipts", new_seed()).public.text, TODAY, TODAY + 700 * DAY)
    return replace(made, **more)  # type: ignore[arg-type]


def files(home: Path) -> set[str]:
    return {path.relative_to(folder_of(home)).as_posix() for path in folder_of(home).rglob("*.json")}


def test_a_card_is_used_until_it_is_replaced_and_then_proves_what_is_under_way(tmp_path: Path) -> None:
    one, two, three = card(), card(), card()
    for number, each in enumerate((one, two, three)):
        trust(tmp_path, each, TODAY + number * 10 * DAY)
    known = find(tmp_path, "991", TODAY + 20 * DAY, rehearsal=False)
    assert (known.usable, set(known.earlier)) == (three, {one, two})
    last_of_one, last_of_two = TODAY + 10 * DAY + OVERLAP, TODAY + 20 * DAY + OVERLAP
    assert set(find(tmp_path, "991", last_of_one, rehearsal=False).earlier) == {one, two}
    assert set(find(tmp_path, "991", last_of_one + DAY, rehearsal=False).earlier) == {two}
    assert set(find(tmp_path, "991", last_of_two + DAY, rehearsal=False).earlier) == set()


def test_an_earlier_card_proves_no_longer_than_it_is_valid(tmp_path: Path) -> None:
    old = card(valid_from=TODAY - 700 * DAY, valid_until=TODAY + DAY)
    trust(tmp_path, old, TODAY)
    trust(tmp_path, card(), TODAY)
    assert find(tmp_path, "991", TODAY + DAY, rehearsal=False).earlier == (old,)
    assert find(tmp_path, "991", TODAY + 2 * DAY, rehearsal=False).earlier == ()


def test_the_same_card_again_replaces_nothing(tmp_path: Path) -> None:
    one = card()
    trust(tmp_path, one, TODAY)
    trust(tmp_path, replace(one, valid_until=one.valid_until + DAY), TODAY)
    assert files(tmp_path) == {"991.json"}


def test_revoking_takes_every_card_and_none_of_their_keys_is_trusted_again(tmp_path: Path) -> None:
    one, two, other = card(), card(), card("992")
    for each in (one, two, other):
        trust(tmp_path, each, TODAY)
    assert revoke(tmp_path, "991", TODAY) == [two, one]
    assert files(tmp_path) == {"992.json", *(f"{REVOKED}/991-{each.fingerprint}.json" for each in (one, two))}
    assert find(tmp_path, "991", TODAY, rehearsal=False).standing is KeyStanding.REVOKED
    assert find(tmp_path, "992", TODAY, rehearsal=False).usable == other
    for again in (one, two, card(recipient=one.recipient), card(signs=two.signs), card("993", recipient=one.recipient)):
        with pytest.raises(ConfigError) as caught:
            trust(tmp_path, again, TODAY)
        assert caught.value.code == "KEY-REVOKED"
    fresh = card()
    trust(tmp_path, fresh, TODAY)
    assert find(tmp_path, "991", TODAY, rehearsal=False).usable == fresh


def test_revoking_what_was_never_trusted_or_is_revoked_already_is_said(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(UsageError) as caught:
            revoke(tmp_path, "991", TODAY)
        assert caught.value.code == "NO-KEY-CARD"
        trust(tmp_path, card(), TODAY)
        revoke(tmp_path, "991", TODAY)


def test_a_crash_while_revoking_leaves_it_revoked(tmp_path: Path) -> None:
    one, two = card(), card()
    trust(tmp_path, one, TODAY)
    trust(tmp_path, two, TODAY)
    kept = {path: path.read_bytes() for path in folder_of(tmp_path).rglob("*.json")}
    revoke(tmp_path, "991", TODAY)
    for path, content in kept.items():
        path.write_bytes(content)              # the crash came before they were taken away
    assert find(tmp_path, "991", TODAY, rehearsal=False).standing is KeyStanding.REVOKED
    (folder_of(tmp_path) / "991.json").unlink()
    trust(tmp_path, card(), TODAY)
    assert find(tmp_path, "991", TODAY, rehearsal=False).earlier == ()


def test_a_crash_while_replacing_leaves_the_old_one_in_use(tmp_path: Path) -> None:
    one = card()
    path = trust(tmp_path, one, TODAY)
    content = path.read_bytes()
    trust(tmp_path, card(), TODAY)
    path.write_bytes(content)
    known = find(tmp_path, "991", TODAY, rehearsal=False)
    assert known.usable == one


def test_each_authority_has_keys_of_its_own(tmp_path: Path) -> None:
    one, ours = card("992"), card("990")
    trust(tmp_path, one, TODAY)
    for forged in (card(recipient=one.recipient), card(signs=one.signs), card(recipient=ours.recipient), card(signs=ours.signs)):
        with pytest.raises(ConfigError) as caught:
            trust(tmp_path, forged, TODAY, own=[ours])
        assert caught.value.code == "KEY-NOT-THEIRS"
    assert files(tmp_path) == {"992.json"}


def test_whose_card_was_trusted_is_known_by_their_number(tmp_path: Path) -> None:
    assert authorities(tmp_path) == set()
    for la in ("991", "992"):
        trust(tmp_path, card(la), TODAY)
    assert authorities(tmp_path) == {"991", "992"}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"card": {}, "since": "2026-11-16"}', b'{"card": 1, "since": "x"}'])
def test_a_kept_card_that_was_spoilt_is_never_passed_over(tmp_path: Path, content: bytes) -> None:
    for sort in (EARLIER, REVOKED):
        home = tmp_path / sort
        trust(home, card(), TODAY)
        (folder_of(home) / sort).mkdir(exist_ok=True)
        (folder_of(home) / sort / "991-X.json").write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            find(home, "991", TODAY, rehearsal=False)
        assert caught.value.code == "BAD-KEY-CARD"


def test_a_kept_card_says_since_when(tmp_path: Path) -> None:
    one = card()
    trust(tmp_path, one, TODAY)
    trust(tmp_path, card(), TODAY + DAY)
    [path] = (folder_of(tmp_path) / EARLIER).iterdir()
    assert json.loads(path.read_bytes())["since"] == "2026-11-17"
