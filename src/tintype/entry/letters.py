"""`tintype mail …`: what the product would have sent, where no SMTP server takes it."""

import sys
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from cyclopts import App

from tintype.entry.command import LOOK_AFTER, Failed, Json, Positive, app, say, say_json, settings
from tintype.platform.mail import outbox

mail = App(name="mail", help="Letters in the outbox, where no SMTP server is set.", group=LOOK_AFTER)
app.command(mail)


@mail.command(name="list")
def list_letters(*, limit: Positive = 20, json: Json = False) -> None:
    """Name the newest letters.

    Parameters
    ----------
    limit
        How many.
    """
    found = [_about(name, letter) for name, letter in outbox.letters(settings().outbox_dir)[:limit]]
    if json:
        say_json(found)
        return
    for one in found:
        say(f"{one['name']}  {one['at']}  {one['to']}  {one['subject']}")
    if not found:
        say("There are no letters.")


@mail.command
def show(name: str | None = None) -> None:
    """Print a letter: the newest, unless one is named.

    Parameters
    ----------
    name
        As `tintype mail list` names it; its beginning will do.
    """
    found = outbox.letters(settings().outbox_dir)
    wanted = [letter for called, letter in found if name is None or called.startswith(name)]
    if not wanted:
        raise Failed("There is no such letter." if found else "There are no letters.")
    letter = wanted[0]
    text = letter.get_body(("plain",))
    head = "".join(f"{field}: {letter[field]}\n" for field in ("Date", "From", "To", "Subject"))
    sys.stdout.write(f"{head}\n{text.get_content() if text is not None else ''}")


def _about(name: str, letter: EmailMessage) -> dict[str, str]:
    at = parsedate_to_datetime(str(letter["Date"]))
    return {"name": name, "at": f"{at:%Y-%m-%d %H:%M}", "to": str(letter["To"]), "subject": str(letter["Subject"])}
