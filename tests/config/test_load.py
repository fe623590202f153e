from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.config import load
from gateway.domain.parcels.kinds import Channel
from gateway.domain.policy import LostPupilUploader
from gateway.errors import ConfigError, UsageError
from tests.config.written import LEAST, home_with


def test_the_least_config_gives_every_default(tmp_path: Path) -> None:
    settings = load(home_with(tmp_path), {})
    policy = settings.policy()
    assert (policy.la, policy.name, policy.contact.name, policy.deputy.name) == ("990", "Thornhaven", "Alice Osei", "Dele Park")
    assert (policy.held_row_days, policy.awaited_school_days, policy.overdue_school_days) == (3, 10, 5)
    assert policy.lost_pupil_uploader is LostPupilUploader.SCHOOL
    assert settings.receive.settle_seconds == 5
    assert not policy.rehearsal


def test_a_sender_speaks_for_itself_and_for_those_it_is_permitted(tmp_path: Path) -> None:
    home = home_with(tmp_path, '[senders.9902001]\npermitted = ["9902005"]\njoiner_feed_from = 2026-09-01\n')
    terms = load(home, {}).policy().terms_of("9902001")
    assert terms.permitted == ("9902001", "9902005")
    assert terms.joiner_feed_from == date(2026, 9, 1)


def test_a_senders_passwords_are_read_from_the_file_and_never_shown(tmp_path: Path) -> None:
    home = home_with(tmp_path, '[senders.9902001]\npasswords_from = "file:passwords.txt"\n')
    secret = home / "passwords.txt"
    secret.write_text("first word\nsecond word\n", encoding="utf-8")
    secret.chmod(0o600)
    terms = load(home, {}).policy().terms_of("9902001")
    assert terms.passwords == ("first word", "second word")
    assert "first word" not in repr(terms)


def test_passwords_come_from_a_systemd_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_with(tmp_path / "home", '[senders.9902001]\npasswords_from = "credential:fernbridge"\n')
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "fernbridge").write_text("a word", encoding="utf-8")
    (credentials / "fernbridge").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert load(home, {}).policy().terms_of("9902001").passwords == ("a word",)


def test_a_password_file_that_others_can_read_is_a_fault(tmp_path: Path) -> None:
    home = home_with(tmp_path, '[senders.9902001]\npasswords_from = "file:passwords.txt"\n')
    (home / "passwords.txt").write_text("a word", encoding="utf-8")
    (home / "passwords.txt").chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        load(home, {}).policy()
    assert "644" in caught.value.message
    assert caught.value.hint.startswith("chmod 600")
    assert "a word" not in str(caught.value)


def test_a_password_written_into_the_config_is_a_fault(tmp_path: Path) -> None:
    home = home_with(tmp_path, '[senders.9902001]\npasswords_from = "open sesame"\n')
    with pytest.raises(ConfigError) as caught:
        load(home, {}).policy()
    assert "file:PATH" in caught.value.hint


def test_the_environment_goes_before_the_file_and_says_so(tmp_path: Path) -> None:
    home = home_with(tmp_path, "[clocks]\nheld_row_days = 4\n")
    environ = {
        "GATEWAY_CLOCKS__HELD_ROW_DAYS": "6",
        "GATEWAY_AUTHORITY__LA": "991",
        "GATEWAY_HOME": "/elsewhere",
        "GATEWAY_ALERTS__TO": '["duty@thornhaven.example"]',
    }
    settings = load(home, environ)
    assert settings.clocks.held_row_days == 6
    assert settings.authority.la == "991"
    assert settings.alerts.to == settings.policy().alert_to == ("duty@thornhaven.example",)
    assert settings.origins["clocks.held_row_days"] == "environment GATEWAY_CLOCKS__HELD_ROW_DAYS"
    assert settings.origins["contact.name"] == "config.toml"
    assert "receive.settle_seconds" not in settings.origins


def test_no_variable_makes_a_live_home_a_rehearsal(tmp_path: Path) -> None:
    assert not load(home_with(tmp_path), {"GATEWAY_REHEARSAL": "true"}).rehearsal


@pytest.mark.parametrize(
    ("more", "says", "write"),
    [
        ("[clocks]\nheld_row_day = 4\n", "clocks.held_row_day is not a setting; did you mean 'held_row_days'?", "spelling"),
        ("[clocks]\nheld_row_days = -1\n", "clocks.held_row_days = -1", "[clocks] held_row_days = 3"),
        ('[s2s]\nlost_pupil_uploader = "parent"\n', "s2s.lost_pupil_uploader = 'parent'", 'lost_pupil_uploader = "school"'),
        ('[mail]\nsender = "nobody"\n', "mail.sender = 'nobody'", "cme-gateway@thornhaven.example"),
        ('[people.alice]\nname = "Alice Osei"\nroles = ["oficer"]\n', "'oficer'", 'roles = ["officer"]'),
        (
            '[people.alice]\nname = "Alice Osei"\nroles = ["officer"]\ndeputies = ["bob"]\n',
            "names 'bob', who is not in [people]",
            "Add [people.bob]",
        ),
        ('[contacts.990]\nname = "Us"\nchannel = "folder"\npath = "x"\n', "contacts.990 is this authority itself", "Remove"),
        (
            '[contacts.991]\nname = "Marlowick"\nchannel = "sftp"\nhost = "h"\n',
            "also needs user, key_file, host_key",
            'user = "thornhaven"',
        ),
        ('[contacts.991]\nname = "Marlowick"\nchannel = "pigeon"\n', "'pigeon'", 'channel = "sftp"'),
        ('[senders.9902001]\nheadings = { "Born" = "date_of_birth" }\n', "no field of a return", "legal_surname"),
        ('[senders.9902001]\npermitted = ["abc"]\n', "'abc' is no establishment's number", 'permitted = ["9902001"'),
        ('[contacts.991]\nname = "Marlowick"\nchannel = "folder"\n', "also needs path", 'path = "/mnt/exchange/marlowick/in"'),
        ('[[inboxes]]\nsender = "9904001"\n', "also needs host, user, key_file, host_key", 'host = "sftp.marlowick.example"'),
        ('[[folders]]\npath = "drop/9902001"\nsender = "9902003"\n', "lies in the drop folder of 9902001", "watched by itself"),
        ('[receive]\nsettle_seconds = "soon"\n', "receive.settle_seconds = 'soon': is no number", "settle_seconds = 5"),
        ('[[folders]]\nsender = "9902001"\n', "folders.0.path is missing", "path ="),
        ("[receiving]\n", "did you mean 'receive'?", "spelling"),
    ],
)
def test_a_fault_names_key_and_value_and_what_to_write(tmp_path: Path, more: str, says: str, write: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(home_with(tmp_path, more), {})
    assert says in caught.value.message
    assert write in caught.value.hint


def test_a_missing_deputy_is_a_fault_that_says_what_to_write(tmp_path: Path) -> None:
    without = LEAST.replace('[deputy]\nname = "Dele Park"\nemail = "deputy@thornhaven.example"\n', "")
    with pytest.raises(ConfigError) as caught:
        load(home_with(tmp_path, least=without), {})
    assert "deputy is missing" in caught.value.message
    assert "[deputy] name =" in caught.value.hint


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(home_with(tmp_path, "[clocks]\nheld_row_days = -1\n[s2s]\nhour = 25\n"), {})
    assert caught.value.message.count("(1)") == caught.value.message.count("(2)") == 1


def test_broken_toml_is_a_fault_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(home_with(tmp_path, "[clocks\n"), {})
    assert "line 12" in caught.value.message


def test_a_folder_without_config_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, {})
    assert "gateway init" in caught.value.hint


def test_every_folder_that_is_watched_has_its_sender_and_channel(tmp_path: Path) -> None:
    home = home_with(
        tmp_path / "990",
        '[[folders]]\npath = "in"\nsender = "trust-a"\nchannel = "agency"\npoll = "always"\n'
        '[contacts.991]\nname = "Marlowick"\nchannel = "folder"\npath = "out"\n',
    )
    (home / "drop" / "9902001" / "receipts").mkdir(parents=True)
    watched = {(w.path.relative_to(home).as_posix(), w.sender, w.channel) for w in load(home, {}).watched()}
    assert watched == {
        ("drop/9902001", "9902001", Channel.DROP),
        ("s2s/downloaded", "s2s", Channel.S2S),
        ("peers/991/in", "991", Channel.PEER),
        ("in", "trust-a", Channel.AGENCY),
    }


@pytest.mark.parametrize(("lines", "lacks"), [
    ('channel = "telephone"', "phone"), ('channel = "secure-mail"', "email"), ('channel = "folder"', "path"),
    ('channel = "telephone"\nphone = "01632 960300"', None), ('channel = "letter"', None),
])
def test_an_authority_without_a_gateway_is_a_contact_that_a_person_tells(tmp_path: Path, lines: str, lacks: str | None) -> None:
    home = home_with(tmp_path, f'[contacts.994]\nname = "Dunwold CME"\n{lines}\n')
    if lacks:
        with pytest.raises(ConfigError, match=lacks):
            load(home, {})
        return
    settings = load(home, {})
    assert settings.contacts["994"].by_hand
    assert not any(watched.sender == "994" for watched in settings.watched())


def test_those_who_may_be_given_a_case_are_officers_managers_and_who_stands_in_for_them(tmp_path: Path) -> None:
    people = "".join(f'[people.{user}]\nname = "{user}"\nroles = ["{role}"]\n{more}' for user, role, more in (
        ("alice", "officer", 'deputies = ["ivo"]\n'), ("max", "manager", ""), ("ivo", "viewer", ""), ("oda", "operator", "")))
    assert load(home_with(tmp_path, people), {}).policy().caseworkers == ("alice", "max", "ivo")


def test_one_wrong_role_is_one_fault_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(home_with(tmp_path, '[people.alice]\nname = "Alice Osei"\nroles = ["king"]\n'), {})
    assert "2 faults" not in caught.value.message
    assert "'king': expected 'officer'" in caught.value.message
    assert "tuple" not in caught.value.message and "validation" not in caught.value.message


def test_a_folder_of_the_same_sender_inside_its_drop_folder_is_right(tmp_path: Path) -> None:
    assert load(home_with(tmp_path, '[[folders]]\npath = "drop/9902001/scans"\nsender = "9902001"\n'), {}).folders
