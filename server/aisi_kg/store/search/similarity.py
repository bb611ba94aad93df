"""Say how similar two names are, where neither is the beginning of the other."""

from aisi_kg.store.search.folding import is_ideographic, tokens
from aisi_kg.store.search.index import Index
from aisi_kg.store.search.retrieval import Asked

__all__ = ["similarity"]

_JOINED = 0.99
#: What has the same words in another order is not quite the same.
_SAME_WORDS = 0.96


def similarity(index: Index, asked: Asked, folded: str) -> float:
    """Compare a name with what is asked for: by the tokens that both have, weighted by how much they tell.

    :param index: the index that the name is of.
    :param asked: what is asked for.
    :param folded: the name, folded.
    :returns: a number from 0 to 1, which is 1 for the same name and nothing else.
    """
    if not asked.folded or not folded:
        return 0.0
    if asked.folded == folded:
        return 1.0
    if asked.folded.replace(" ", "") == folded.replace(" ", ""):
        return _JOINED
    own = _of_name(folded)
    quality: dict[str, float] = {}
    shared = 0.0
    for token, words in asked.tokens.items():
        fitting = {word: fit for word, fit in words.items() if word in own}
        if fitting:
            shared += asked.weights[token] * max(fitting.values())
            for word, fit in fitting.items():
                quality[word] = max(fit, quality.get(word, 0.0))
    weights = {word: index.weight(word) for word in own}
    shared += sum(weights[word] * fit for word, fit in quality.items())
    whole = asked.weight + sum(weights.values())
    return min(_SAME_WORDS, shared / whole) if whole else 0.0


def _of_name(folded: str) -> set[str]:
    found = tokens(folded)
    # The last ideograph of a run is a token so that it can be found, and says nothing that its pair does not.
    return {
        token
        for place, token in enumerate(found)
        if not (
            len(token) == 1
            and is_ideographic(token)
            and place
            and found[place - 1][-1] == token
            and is_ideographic(found[place - 1])
        )
    }
