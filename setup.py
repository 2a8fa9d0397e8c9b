"""What pyproject.toml cannot say: a wheel carries inside the package what a checkout has beside `src/`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = ("migrations", "deploy/storage")


class WithWhatLiesBeside(build_py):
    """Copies those folders into what is built; an editable installation finds them where they are."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for folder in CARRIED:
                inside = Path(self.build_lib) / "tintype" / folder
                shutil.copytree(folder, inside, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": WithWhatLiesBeside})
