"""Which commands there are: name, module, a line of help, an example.

1. A command's module is imported only when it is typed, so that ``gateway --help`` answers at once.
2. A module holds a function of the command's name, or an ``app``, a ``typer.Typer`` with one command or with several, of which
   ``default`` runs when none is named.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the first level."""

    name: str
    module: str
    summary: str
    example: str = ""
    default: str | None = None  # the subcommand meant when none is named
    home: bool = True           # False: works without a home


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("Start here", (
        Entry("demo", "demo", "one morning in two authorities, on invented children", "gateway demo", home=False),
        Entry("init", "init", "make a home: config, register, keys, folders", "gateway init --rehearsal", home=False),
        Entry("doctor", "doctor", "what is wrong with this home, and what to type"),
    )),
    ("Files", (
        Entry("run", "run", "watch the folders and carry what arrives", "gateway run --once"),
        Entry("take", "take", "hand in a file that came another way", "gateway take leavers.csv --from 9902001 --via egress"),
        Entry("check", "check", "read and check files without taking them", "gateway check leavers.csv", home=False),
        Entry("parcels", "parcels", "what came, and where it stands", "gateway parcels --state held"),
        Entry("show", "show", "the whole story of one thing, by its id", "gateway show P01J…"),
        Entry("open", "open", "a parcel's own bytes, in a file for you alone", "gateway open P01J… --to leavers.csv"),
    )),
    ("Children", (
        Entry("movements", "movements", "who left and who joined", "gateway movements --school 9902001"),
        Entry("cases", "cases", "children missing education", "gateway cases --state open"),
        Entry("case", "case", "one case: show, open, note, enquire, assign, close, reopen", "gateway case C01J…", default="show"),
        Entry("child", "child", "one child: its records; protect it, or lift that", "gateway child K01J…", default="show"),
        Entry("holds", "holds", "what waits for a person; release or reject it", "gateway holds", default="list"),
        Entry("match", "match", "records that may be one child; accept, reject or undo", "gateway match", default="list"),
        Entry("handovers", "handovers", "children handed to another team; ack", "gateway handovers", default="list"),
    )),
    ("Other authorities, and School to School", (
        Entry("refer", "refer", "draft a referral to another authority", "gateway refer C01J… --to 991"),
        Entry("referrals", "referrals", "enquiries and referrals, theirs and ours; sent, withdraw", "gateway referrals",
              default="list"),
        Entry("answer", "answer", "answer another authority", "gateway answer R01J… --with accepted"),
        Entry("s2s", "s2s", "the weekly basket: build, list, release, confirm, import, add", "gateway s2s list", default="list"),
        Entry("contacts", "contacts", "other authorities' addresses and keys", default="list"),
    )),
    ("Upkeep", (
        Entry("verify", "verify", "prove ledger, vault and store; or one receipt, offline", "gateway verify", home=False),
        Entry("ledger", "ledger", "where store and published ledger stand; accept a store put back", default="show"),
        Entry("config", "config", "show every setting and its origin; check the file", "gateway config show", default="show"),
        Entry("keys", "keys", "whose key, for what, until when", "gateway keys list", default="list"),
        Entry("access", "access", "who read which child's record"),
        Entry("backup", "backup", "one sealed file of everything", "gateway backup /mnt/backup/thornhaven.age"),
        Entry("restore", "restore", "a home from a backup, proven before it is used", home=False),
        Entry("migrate", "migrate", "bring the store to this version"),
        Entry("retention", "retention", "expire plaintext that is older than its lifetime", "gateway retention --dry-run"),
    )),
)

ENTRIES: dict[str, Entry] = {entry.name: entry for _, entries in GROUPS for entry in entries}

EXIT_CODES: tuple[tuple[int, str, str], ...] = (
    (0, "done", ""),
    (64, "usage", "type the command as its --help says"),
    (65, "refused input", "the sender must change something; the finding says what"),
    (69, "partner unavailable", "try again later; doctor shows which partner"),
    (70, "our fault", "report what was printed, and the reference when there is one"),
    (74, "disk", "free space or mend the disk; nothing was acknowledged that is not safe"),
    (75, "try again", "something was still growing or is to be retried"),
    (77, "not allowed", "ask someone with the role, or a second person"),
    (78, "config", "correct config.toml as the message says"),
    (80, "done, some rows held", "good rows flowed; see gateway holds"),
    (130, "interrupted", "nothing was lost; run it again"),
)
