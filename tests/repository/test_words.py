"""What no file says: that something is left to do, or where it lay on one machine."""

import re

from tests.repository.tree import texts

LEFT_TO_DO = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X{3}|HA" + r"CK)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.}/])/(?:work|root|home|Users|mnt|workspace)/\w")
LONGEST = 400
GENERATED = {"generated.ts", "package-lock.json", "openapi.json", "LICENSE"}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in texts().items()
        if path.name not in GENERATED
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_marked_as_left_to_do() -> None:
    assert not lines_with(LEFT_TO_DO)


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not lines_with(MACHINE_PATHS)


def test_no_source_file_is_longer_than_a_person_reads() -> None:
    sources = {path: len(text.splitlines()) for path, text in texts().items() if path.suffix in {".py", ".ts", ".tsx"}}
    assert not {str(path): lines for path, lines in sources.items() if lines > LONGEST and path.name not in GENERATED}
