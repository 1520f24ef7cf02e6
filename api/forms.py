"""Here is the body of a form; give me its fields, each given once and in UTF-8."""

from contextlib import aclosing

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from api.errors import RequestError


class StrictForm(MultiPartParser):
    """Starlette's parser, which would take bytes that are no UTF-8 for Latin-1.

    A field that comes twice is refused too: of two values either may be meant. So is a form that
    breaks off between two fields, which would be taken without the rest.
    """

    ended = False

    def on_headers_finished(self) -> None:
        """Take up a field, once its name and its file's name are read."""
        given = bytes(self._current_part.content_disposition or b"")
        if not is_utf8(given):
            raise RequestError(422, "the name of a field or file is not UTF-8", code="bad_text")
        super().on_headers_finished()
        name = self._current_part.field_name
        if any(name == known for known, _ in self.items):
            raise repeated(name)

    def on_part_end(self) -> None:
        """Take up a field's value."""
        part = self._current_part
        if part.file is None and not is_utf8(bytes(part.data)):
            raise RequestError(
                422,
                f"{part.field_name[:200]}: expected text in UTF-8",
                field=part.field_name[:200],
                code="bad_text",
            )
        super().on_part_end()

    def on_end(self) -> None:
        """Take note of the last boundary."""
        self.ended = True


async def read_form(request: Request, limits: dict[str, int | float]) -> FormData:
    """The fields; raises RequestError 400 for a damaged form, 422 for a field.

    `limits`: Starlette's `max_files`, `max_fields` and `max_part_size`.
    """
    try:
        async with aclosing(request.stream()) as stream:
            parser = StrictForm(request.headers, stream, **limits)  # type: ignore[arg-type]
            fields = await parser.parse()
    except MultiPartException as exc:
        raise RequestError(400, exc.message) from exc
    if not parser.ended:
        await fields.close()
        raise RequestError(400, "the form breaks off: its last boundary is missing")
    return fields


def repeated(name: str) -> RequestError:
    """The refusal of a name that a body or address gives twice."""
    field = name[:200]
    return RequestError(422, f"{field} is given twice", field=field, code="repeated_field")


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
