"""Here are files; give me something that answers searches."""

from index.document import Article, Chunk, Document
from index.hit import Hit

__all__ = ["Article", "Chunk", "Document", "Hit"]
