from functools import singledispatchmethod

from .types import Approve, Archive, Submit


class Engine:
    def __init__(self):
        self.documents = {}

    @singledispatchmethod
    def handle(self, event):
        raise NotImplementedError

    @handle.register
    def _(self, event: Submit):
        self.documents[event.document_id] = {"pages": event.page_count, "approved_by": None}
        return "submitted"

    @handle.register
    def _(self, event: Approve):
        if event.document_id not in self.documents:
            return "unknown"
        self.documents[event.document_id]["approved_by"] = event.reviewer_name
        return "approved"

    @handle.register
    def _(self, event: Archive):
        document = self.documents.get(event.document_id)
        if document is None:
            return "unknown"
        return "archived by " + document["approved_by"]  # the bug
