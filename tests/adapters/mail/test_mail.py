"""Notices by mail to a real SMTP server, and as files where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.mail import MailNotifier, MailServer, WithFallback
from adapters.noticefolder import NoticeFolder
from gateway.errors import OperatorError, PartnerUnavailableError, RetryableError
from gateway.ports import Notice
from tests.servers.smtp import HOST, Postbox, smtp_server

URGENT = Notice(to=("cme@thornhaven.example", "deputy@thornhaven.example"), subject="Urgent: a row of parcel P1 is flagged",
                text="See gateway holds.\n", key="alert:H1:1")


def _notifier(box: Postbox, *, starttls: bool = False, user: str = "", password: str = "", trusted: bool = True) -> MailNotifier:
    authorities = str(box.certificate) if box.certificate and trusted else None
    sender = "gateway@thornhaven.example"
    return MailNotifier(MailServer(HOST, box.port, sender, starttls, user, password, authorities, timeout=5))


def test_a_notice_reaches_every_address_with_its_words_and_nothing_else() -> None:
    with smtp_server() as box:
        _notifier(box).tell(URGENT)
        (message,) = box.messages
    assert message["To"] == "cme@thornhaven.example, deputy@thornhaven.example"
    assert message["Subject"] == URGENT.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["See gateway holds."]
    assert not list(message.iter_attachments())


def test_the_same_notice_has_the_same_message_id_and_its_repeat_another() -> None:
    with smtp_server() as box:
        notifier = _notifier(box)
        for notice in (URGENT, URGENT, Notice(URGENT.to, URGENT.subject, URGENT.text, "alert:H1:2")):
            notifier.tell(notice)
        first, again, repeat = (m["Message-ID"] for m in box.messages)
    assert first == again != repeat


def test_starttls_is_verified_and_the_login_follows_it(tmp_path: Path) -> None:
    with smtp_server(tmp_path, login=("gateway", "a long secret")) as box:
        _notifier(box, starttls=True, user="gateway", password="a long secret").tell(URGENT)
        assert len(box.messages) == 1
        with pytest.raises(OperatorError) as caught:
            _notifier(box, starttls=True, user="gateway", password="wrong").tell(URGENT)
        assert caught.value.code == "MAIL-LOGIN"
        with pytest.raises(PartnerUnavailableError):
            _notifier(box, starttls=True, user="gateway", password="a long secret", trusted=False).tell(URGENT)
        assert len(box.messages) == 1


def test_a_server_without_starttls_gets_nothing_when_it_is_demanded() -> None:
    with smtp_server() as box:
        with pytest.raises(OperatorError) as caught:
            _notifier(box, starttls=True).tell(URGENT)
        assert caught.value.code == "MAIL-LOGIN"
        assert box.messages == []


def test_a_passing_refusal_is_tried_again_and_a_lasting_one_is_for_an_operator() -> None:
    with smtp_server() as box:
        box.refusal = "451 come back later"
        with pytest.raises(RetryableError):
            _notifier(box).tell(URGENT)
        box.refusal = "554 no"
        with pytest.raises(OperatorError) as caught:
            _notifier(box).tell(URGENT)
        assert caught.value.code == "MAIL-REFUSED"
        box.refuse_addresses = "550 nobody of that name"
        with pytest.raises(OperatorError) as caught:
            _notifier(box).tell(URGENT)
        assert caught.value.code == "MAIL-ADDRESS"


def test_a_server_that_is_gone_is_tried_again_and_the_notice_lies_in_the_folder_meanwhile(tmp_path: Path) -> None:
    gone = MailNotifier(MailServer(HOST, 1, "gateway@thornhaven.example", starttls=False, timeout=2))
    with pytest.raises(PartnerUnavailableError):
        WithFallback(gone, NoticeFolder(tmp_path)).tell(URGENT)
    assert [p.name for p in tmp_path.iterdir()] == ["alert-H1-1.txt"]


def test_a_home_without_mail_keeps_each_notice_once_as_a_file(tmp_path: Path) -> None:
    notices = NoticeFolder(tmp_path / "notices", rehearsal=True)
    notices.tell(URGENT)
    notices.tell(URGENT)
    (path,) = (tmp_path / "notices").iterdir()
    assert "Subject: Urgent: a row of parcel P1 is flagged" in path.read_text()
    assert "REHEARSAL" in path.read_text()
