"""The texts of examples/terraform, read by python-hcl2: what a resource and its provider are configured with."""

from pathlib import Path

import hcl2

EXAMPLES = Path(__file__).parents[4] / "examples" / "terraform"


def resource_in(folder, kind, single=()):
    """The one resource of the kind; blocks named in `single` are those of which the provider takes one."""
    blocks = _document(folder)["resource"]
    found = [named for block in blocks for of, named in block.items() if of == kind]
    assert len(found) == 1, f"{len(found)} resources {kind} in {folder}"
    [(_, body)] = found[0].items()
    return _singled(body, single)


def provider_in(folder):
    [block] = _document(folder)["provider"]
    [(_, body)] = block.items()
    return body


def _document(folder):
    return _plain(hcl2.loads((EXAMPLES / folder / "main.tf").read_text()))


def _plain(value):
    """Texts without the quotes that the parser leaves, and nothing of its own between the members."""
    if isinstance(value, dict):
        return {
            _plain(name): _plain(inner) for name, inner in value.items() if not str(name).startswith("__")
        }
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _singled(body, single):
    result = {}
    for name, value in body.items():
        if name in single and isinstance(value, list):
            [value] = value
        result[name] = _singled(value, single) if isinstance(value, dict) else value
    return result
