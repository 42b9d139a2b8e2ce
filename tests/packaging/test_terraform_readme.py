"""What infra/terraform/README.md says of the modules is what they are."""

from tools.terraform import tables


def test_the_readme_has_each_variable_and_output_as_the_code_describes_it() -> None:
    text = tables.README.read_text(encoding="utf-8")

    assert tables.with_tables(text) == text, "run `python -m tools.terraform.tables`"
    assert text.count("\n| `") == len(tables.declared("variable", tables.TERRAFORM / "variables.tf")) + len(
        tables.declared("output", tables.TERRAFORM / "outputs.tf")
    )


def test_the_readme_lists_every_module() -> None:
    text = tables.README.read_text(encoding="utf-8")

    for module in sorted((tables.TERRAFORM / "modules").iterdir()):
        assert f"(modules/{module.name})" in text


def test_every_variable_and_output_of_a_module_is_described() -> None:
    for path in sorted(tables.TERRAFORM.rglob("variables.tf")) + sorted(tables.TERRAFORM.rglob("outputs.tf")):
        kind = path.stem.removesuffix("s")
        for one in tables.declared(kind, path).values():
            assert one.description.endswith("."), f"{path}: {one.name}"
