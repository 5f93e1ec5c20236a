"""Names of things: what tells one from another."""

from __future__ import annotations

from typing import NewType

SourceId = NewType("SourceId", str)
PublisherId = NewType("PublisherId", str)
EntryId = NewType("EntryId", int)
ArticleId = NewType("ArticleId", int)
CandidateId = NewType("CandidateId", int)
DecisionId = NewType("DecisionId", int)
WireId = NewType("WireId", int)
EditorId = NewType("EditorId", int)
RulingId = NewType("RulingId", int)
