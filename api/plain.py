"""Here is an answer, or what a search found; give me it as plain text for a reader."""

from api import wire


def answer_text(body: wire.Answer) -> str:
    """What is said, what is near, each citation with its facts and its sentence, and what could not
    be done.
    """
    lines = [body.answer]
    lines += [f"  {near.note} [{near.citation}]" for near in body.related]
    for citation in body.citations:
        facts = _facts(citation.region, citation.date, citation.source)
        lines.append(f"[{citation.id}] {citation.title} ({facts})\n    {citation.quote}")
    if body.degraded:
        lines.append(f"degraded: {', '.join(body.degraded)}")
    return "\n".join(lines)


def hits_text(body: wire.SearchResponse) -> str:
    """Each passage with its rank, score and facts; "" where nothing was found."""
    found = []
    for hit in body.hits:
        facts = _facts(hit.region, hit.date, hit.source)
        found.append(f"{hit.rank:>3}  {hit.score:.3f}  {hit.title} ({facts})\n{hit.text}\n")
    return "\n".join(found)


def _facts(*facts: str | None) -> str:
    return " · ".join(filter(None, facts))
