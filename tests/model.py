"""Amazon MQ's service model, as the installed botocore has it, and answers compared with it."""

import re

import botocore.session
from botocore import xform_name

MODEL = botocore.session.get_session().get_service_model("mq")
OPERATIONS = sorted(MODEL.operation_names)

TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


def command(operation):
    """The operation's name in AWS CLI."""
    return xform_name(operation, "-")


def method(operation):
    """The operation's name in boto3."""
    return xform_name(operation)


def mistakes(operation, body):
    """What a JSON answer has that the model does not allow, and what it lacks."""
    shape = MODEL.operation_model(operation).output_shape
    if shape is None or not shape.members:
        return [] if body == {} else [f"{operation} answers {body}, the model has no members"]
    return list(_mistakes(shape, body, operation))


def _mistakes(shape, value, where):
    if value is None:
        yield f"{where} is null: AWS leaves absent members out"
    elif shape.type_name == "structure":
        if not isinstance(value, dict):
            yield f"{where} is {value!r}, not a structure"
            return
        members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        for name in value.keys() - members.keys():
            yield f"{where}.{name} is not in the model"
        for name, (ours, member) in members.items():
            if name in value:
                yield from _mistakes(member, value[name], f"{where}.{name}")
            elif ours in shape.required_members:
                yield f"{where}.{name} is required and missing"
    elif shape.type_name == "list":
        if not isinstance(value, list):
            yield f"{where} is {value!r}, not a list"
            return
        for number, element in enumerate(value):
            yield from _mistakes(shape.member, element, f"{where}[{number}]")
    elif shape.type_name == "map":
        if not isinstance(value, dict):
            yield f"{where} is {value!r}, not a map"
            return
        for key, element in value.items():
            yield from _mistakes(shape.value, element, f"{where}[{key}]")
    elif shape.type_name == "timestamp":
        if not isinstance(value, str) or not TIMESTAMP.match(value):
            yield f"{where} is {value!r}, not an ISO 8601 time with milliseconds"
    elif shape.type_name == "boolean":
        if not isinstance(value, bool):
            yield f"{where} is {value!r}, not a boolean"
    elif shape.type_name in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{where} is {value!r}, not a whole number"
    elif shape.type_name == "string":
        if not isinstance(value, str):
            yield f"{where} is {value!r}, not a text"
        elif shape.enum and value.upper() not in {choice.upper() for choice in shape.enum}:
            yield f"{where} is {value!r}, not one of {shape.enum}"
    else:
        yield f"{where} has the type {shape.type_name}, which the tests do not know"
