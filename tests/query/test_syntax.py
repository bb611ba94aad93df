"""The surface of a query: whether it calls another endpoint, how deep it is, where a character stands."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from aisi_kg.store.syntax import Place, find_service, place_of, scan, too_deep

# Nothing answers at this port, and the engine refuses it before it opens a connection.
CALL = "SERVICE<http://127.0.0.1:1/>{?s ?p ?o}"
REFUSED = "port 1 is not allowed"


def calls(text: str) -> bool:
    """Ask the engine itself whether a text makes it call a service."""
    try:
        result = Store().query(text)
        if hasattr(result, "__iter__"):
            list(result)
    except OSError as error:
        return REFUSED in str(error)
    except (SyntaxError, RuntimeError):
        return False
    return False


CALLING = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> {?s ?p ?o} }",
    "SELECT * { service <http://127.0.0.1:1/> {?s ?p ?o} }",
    "SELECT * { sErViCe<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { SERVICE#comment\n<http://127.0.0.1:1/> {?s ?p ?o} }",
    "PREFIX :<http://127.0.0.1:1/> SELECT * { SERVICE:x {?s ?p ?o} }",
    "PREFIX service:<http://e/> PREFIX :<http://127.0.0.1:1/> SELECT * { service:x{?s ?p ?o} }",
    "PREFIX x:<http://127.0.0.1:1/> SELECT * { SERVICEx:y{?s ?p ?o} }",
    "SELECT * { VALUES ?s { UNDEF }SERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { FILTER(true)SERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { {} UNION {} SERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:1/> {} } } }",
    # Read as `<` and two strings by the engine, as an IRI and one long string by a tokenizer.
    "SELECT * { FILTER(1<'>')SERVICE<http://127.0.0.1:1/>{?s ?p ?o}FILTER(1='') }",
    # The long string has an escape that there is not, so that the engine takes it for two short ones.
    'SELECT * { VALUES ?x { """a" } SERVICE<http://127.0.0.1:1/>{ ?s ?p "" } #\\z """\n}',
    'SELECT * { VALUES ?x { """a" } SERVICE<http://127.0.0.1:1/>{ ?s ?p "" } #\\uD800 """\n}',
]


@pytest.mark.parametrize("text", CALLING)
def test_what_makes_the_engine_call_is_found(text: str) -> None:
    assert calls(text)
    assert find_service(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> {} }",
        "ASK { FILTER NOT EXISTS { SERVICE <http://127.0.0.1:1/> {?s ?p ?o} } }",
        "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:1/>{} }",
        "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:1/>{} }",
        "PREFIX e:<http://e/> SELECT * { ?s ?p e:.SERVICE<http://127.0.0.1:1/>{} }",
        "SELECT * { ?s ?p 'a'.SERVICE<http://127.0.0.1:1/>{} }",
        # The specification has the escapes replaced before the text is read.
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { SERV\\U00000049CE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p 'a\\u0027 SERVICE <http://127.0.0.1:1/> {} #' }",
        # A comment to one reader, part of an IRI to another.
        "SELECT * { FILTER(?a<?b#>'''\n)SERVICE<http://127.0.0.1:1/>{}#'''\n}",
        # The long s is an s without regard to case.
        "SELECT * { \u017fervice <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p 'unterminated SERVICE\n }",
    ],
)
def test_what_may_call_is_found(text: str) -> None:
    assert find_service(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p 'a SERVICE' }",
        'SELECT * { ?s ?p "it\'s a \\"SERVICE\\"" }',
        'SELECT * { ?s ?p """a "SERVICE" in\nlines""" }',
        "SELECT * { ?s ?p '''SERVICE <http://e/> {}''' }",
        "SELECT * { # SERVICE <http://e/> {}\n ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } # SERVICE",
        "SELECT * { ?s ?p <http://e/service#SERVICE> }",
        "SELECT * { ?s ?p <http://e/it's/service> }",
        "SELECT * { ?service ?p $SERVICE }",
        "SELECT * { _:service ?p 'x'@service }",
        "PREFIX e:<http://e/> SELECT * { e:service e:SERVICE e:a.service }",
        "PREFIX e:<http://e/> SELECT * { ?s e:\\'service ?o }",
        "PREFIX service: <http://e/> SELECT * { service:x ?p service:SERVICE }",
        "PREFIX service: <http://e/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
        "PREFIX schema: <https://schema.org/> SELECT * { ?s schema:serviceType ?o FILTER(?s < ?o && ?o > 1)}",
    ],
)
def test_the_word_alone_is_no_call(text: str) -> None:
    assert not calls(text)
    assert find_service(text) is None


QUOTES = ["'", '"', "'''", '"""', "''", '""', "FILTER(1<'", "'>')", "FILTER(1='", "')", 'VALUES ?x {"""a" }']
ESCAPES = ["\\", "\\'", "\\z", "\\u0027", "\\uD800", "e:\\'", "e:\\#"]
OTHERS = ["<", ">", "#", "\n", "//", "x", "1", " ", ".", "{", "}", "(", ")", "?a", "@en", ":", "e:a", "true"]
GROUPS = ["OPTIONAL{}", "UNION{}", "BIND(1 AS ?b)", "<http://e/#x>", "<http://e/'>", "FILTER(?a<?b#>", CALL]
PIECES = st.sampled_from([*QUOTES, *ESCAPES, *OTHERS, *GROUPS])


@given(before=st.lists(PIECES, max_size=6), after=st.lists(PIECES, max_size=6))
@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
def test_no_call_is_missed_whatever_stands_around_it(before: list[str], after: list[str]) -> None:
    text = "PREFIX e: <http://e/> SELECT * {" + "".join(before) + CALL + "".join(after) + "\n}"
    if calls(text):
        assert find_service(text) is not None


@pytest.mark.parametrize("opening", ["(", "{", "[", "!", "-", "^"])
def test_a_text_that_is_too_deep_is_found_where_it_becomes_so(opening: str) -> None:
    text = "ASK " + opening * 201
    assert too_deep(text) == 4 + 200
    assert too_deep("ASK " + opening * 100) is None


def test_only_nesting_counts() -> None:
    assert too_deep("SELECT * {" + "FILTER(1 = (1))" * 500 + "}") is None
    assert too_deep("# " + "-" * 300 + "\nASK {}") is None
    assert too_deep("ASK { ?s ?p '" + "(" * 300 + "' }") is None


def test_brackets_that_a_string_may_hide_count() -> None:
    assert too_deep("ASK { FILTER(1<'>'" + "(" * 300 + "'') }") is not None


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("研究所 x", 4, (1, 5)),
    ],
)
def test_places_are_counted_in_lines_and_characters(text: str, offset: int, place: tuple[int, int]) -> None:
    assert place_of(text, offset) == Place(*place)


@given(st.text(alphabet="ab:.'\"\\<>#?$@_{}()1 \n\u4e2d", max_size=60))
def test_no_text_is_lost_between_tokens(text: str) -> None:
    tokens = scan(text).tokens
    assert all(text[token.start : token.start + len(token.text)] == token.text for token in tokens)
    covered = {place for token in tokens for place in range(token.start, token.start + len(token.text))}
    rest = "".join(char for place, char in enumerate(text) if place not in covered)
    # What is left is white space, and comments with it.
    assert all(not line.strip() or line.strip().startswith("#") for line in rest.split("\n"))


@pytest.mark.parametrize(
    "piece", ["a.", "<", '"', "'", '"\\z', "!", "?a<", "a:b.", "%", "\\", "'''", "@a", "_:", "1e", "<a "]
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    # Quadratic time would show as a test that does not end: the text is that of the longest request.
    text = piece * (256 * 1024 // len(piece))
    assert scan(text).tokens
