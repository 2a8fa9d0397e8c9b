"""What pyproject.toml cannot say: a wheel carries `migrations/` inside the package, a checkout has it beside `src/`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithMigrations(build_py):
    """Copies the migrations into what is built; an editable installation finds them where they are."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            inside = Path(self.build_lib) / "tintype" / "migrations"
            shutil.copytree("migrations", inside, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": WithMigrations})
