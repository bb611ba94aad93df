"""Choose the language of a page: by ``?lang=``, else by what a browser says its user reads."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request

from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.web.problems import Problem

__all__ = ["LANGUAGE_PARAMETER", "page_language"]

#: The parameter of a URL that names the language.
LANGUAGE_PARAMETER = "lang"

_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def page_language(request: Request, parameters: Sequence[tuple[str, str]]) -> str:
    """Choose a language.

    :param request: the request.
    :param parameters: the parameters of its URL.
    :returns: ``en`` or ``zh``; of two that are liked equally, English.
    :raises Problem: if the URL names another.
    """
    named = [value for name, value in parameters if name == LANGUAGE_PARAMETER and value]
    if named:
        if named[0] not in LANGUAGES or len(set(named)) > 1:
            detail = f"The parameter {LANGUAGE_PARAMETER} is {' or '.join(LANGUAGES)}; name one of them."
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid-parameter",
                detail,
                parameter=LANGUAGE_PARAMETER,
                allowed=LANGUAGES,
            )
        return named[0]
    weights: dict[str, float] = {}
    for element in request.headers.get("accept-language", "").split(","):
        match = _RANGE.fullmatch(element)
        if match is not None:
            language, weight = match[1].lower(), float(match[2] or 1)
            weights[language] = max(weights.get(language, 0.0), weight)
    return max(LANGUAGES, key=lambda language: weights.get(language, 0.0))
