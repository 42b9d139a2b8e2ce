"""What travels to Lambda: our code and what it needs, compiled, and nothing of development."""

import importlib.util
import marshal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from chalicelib.kit.locales import LOCALES

from bench import limits
from infra.deploy import package, vendor
from infra.deploy.deploy import tracked_config
from infra.paths import APP, BUILD

pytestmark = pytest.mark.slow
DEVELOPMENT = {
    "pytest",
    "mypy",
    "ruff",
    "hypothesis",
    "rich",
    "cfnlint",
    "moto",
    "pip",
    "setuptools",
    "click",
    "ministack",
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as Chalice makes it from a staged copy, without deploying it."""
    from chalice.cli.factory import CLIFactory
    from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager
    from chalice.utils import UI, OSUtils

    vendored = vendor.build(APP / "requirements.txt", BUILD / "vendor", None)
    staged = package.stage_app(APP, tmp_path_factory.mktemp("build"), vendored)
    package.write_config(staged, tracked_config(), {})
    packager = LambdaDeploymentPackager(OSUtils(), DependencyBuilder(OSUtils()), UI())
    assert CLIFactory(str(staged)).load_project_config()["app_name"] == "orderproc"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(packager.create_deployment_package(str(staged), version))


@pytest.fixture(scope="module")
def names(packed: Path) -> list[str]:
    with zipfile.ZipFile(packed) as archive:
        return archive.namelist()


def test_every_module_has_its_bytecode(names: list[str]) -> None:
    present = set(names)
    sources = [name for name in names if name.endswith(".py")]

    assert len(sources) > 100
    assert [name for name in sources if importlib.util.cache_from_source(name) not in present] == []


def test_nothing_is_in_the_package_twice(names: list[str]) -> None:
    assert len(names) == len(set(names))


def test_bytecode_is_used_without_looking_at_the_source_and_names_no_path_of_this_machine(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        for name in ("app.py", "chalicelib/bootstrap/__init__.py", "chalice/app.py", "boto3/session.py"):
            content = archive.read(importlib.util.cache_from_source(name))
            assert content[:4] == importlib.util.MAGIC_NUMBER
            assert int.from_bytes(content[4:8], "little") == 0b01  # a hash, unchecked: PEP 552
            assert marshal.loads(content[16:]).co_filename == f"/var/task/{name}"  # noqa: S302 - ours


def test_nothing_of_development_travels(names: list[str]) -> None:
    top = {name.split("/")[0].removesuffix(".py").split("-")[0].lower() for name in names}

    assert top & DEVELOPMENT == set()
    assert not [name for name in names if "/tests/" in name or name.endswith((".map", ".c"))]


def test_it_is_small_enough_to_be_deployed(packed: Path) -> None:
    assert [str(limit) for limit in limits.of_the_package(packed) if limit.share > limits.MOST] == []


def test_the_app_starts_from_the_package_alone(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)

    code = (
        "import sys; sys.path.insert(0, '.'); import app; print(app.app.app_name, app.__cached__, len(app.app.routes))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=tmp_path, check=False, capture_output=True, text=True
    )

    assert run.stderr == ""
    assert run.stdout.startswith("orderproc-local ")
    assert int(run.stdout.split()[-1]) > 3


def test_the_package_alone_writes_every_language(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)

    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from decimal import Decimal\n"
        "from chalicelib.kit.language import language_of\n"
        "from chalicelib.kit.locales import LOCALES\n"
        "from chalicelib.kit.templates import render\n"
        "for language in map(language_of, LOCALES):\n"
        "    print(language.money(Decimal('1.50'), 'EUR'), language.moment('2026-11-21T14:30:25.123Z'))\n"
        "    render('feedback/page.html', language=language, shop='', url='', style='', title='')\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", code],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )

    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == len(LOCALES)


def test_the_same_requirements_are_installed_once(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# nothing\nchalice==1.34.0\n\nsix==1.17.0  # small\n")

    assert vendor.wanted(requirements.read_text()) == ["six==1.17.0"]
    first = vendor.build(requirements, tmp_path / "cache", None)
    made = first.stat().st_mtime_ns
    assert vendor.build(requirements, tmp_path / "cache", None) == first
    assert first.stat().st_mtime_ns == made
    assert (first / "six.py").exists()
