import msgspec


class Submit(msgspec.Struct, tag_field="event", tag="submit", rename="camel"):
    document_id: str
    page_count: int


class Approve(msgspec.Struct, tag_field="event", tag="approve", rename="camel"):
    document_id: str
    reviewer_name: str


class Archive(msgspec.Struct, tag_field="event", tag="archive", rename="camel"):
    document_id: str


Event = Submit | Approve | Archive
