CREATE = "depot.create"
REMOVE = "depot.remove"
INSPECT = "depot.inspect"
FIELD_KIND = "kind"
FIELD_REF = "ref"
LIMITS = {"min": 1, "max": 250}
