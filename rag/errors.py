"""Here is what can go wrong while answering; give me one name for each.

    RagError
    ├── LanguageModelError     the language model gave nothing usable, or not in time
    └── RerankerError          the reranker could not score the passages, or not in time

Both mean less service, never no answer: `degraded` of the answer says so.
"""


class RagError(Exception):
    """Anything that makes an answer less than was asked for; one line for a person."""


class LanguageModelError(RagError):
    """The language model is away, late, malformed or endless."""


class RerankerError(RagError):
    """The reranker is away or late."""
