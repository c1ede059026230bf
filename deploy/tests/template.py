"""Reads the CloudFormation template with its short forms (`!Ref`, `!GetAtt`, …) as plain data."""

import pathlib

import yaml

FILE = pathlib.Path(__file__).parent.parent / "aws" / "cardstore.yaml"


class _Loader(yaml.SafeLoader):
    pass


def _short_form(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt":
        value = value.split(".", 1)
    return {"Ref" if tag == "Ref" else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


def load():
    return yaml.load(FILE.read_text(), _Loader)


def of_type(template, kind):
    """Name and properties of every resource of one type."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def strings(value):
    """Every string anywhere inside."""
    if isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value
