"""jiubao: cited answers over an archive of Chinese newspapers."""

from rag.archive import Archive
from rag.types import Filter, Period

__all__ = ["Archive", "Filter", "Period"]
