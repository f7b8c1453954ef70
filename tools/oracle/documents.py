"""JSON: templates for what reads, writes and changes documents.

Texts of documents are compared without spaces, for DuckDB prints none; keys are written in order,
as here they are kept so.
"""

DOCUMENTS = {
    "json": [
        ("‹parse_json({0})¦CAST({0} AS JSON)›", ["doc"]),
        ("‹parse_json({0})¦CAST({0} AS JSON)›", ["doc"]),
        # As StarRocks does, Starling reads JSON in a text that begins like it.
        ("json_object('a', {0}, 'b', ‹concat('~', {1})¦('~' || {1})›)", ["int", "text"]),
        ("json_array({0}, ‹concat('~', {1})¦('~' || {1})›, NULL)", ["int", "text"]),
        ("‹to_json({0})¦to_json({0})›", ["array"]),
        ("‹json_object('c', to_json({0}))¦json_object('c', {0})›", ["array"]),
        ("({} -> '$.d')", ["json"]),
        ("CASE WHEN {} THEN {} END", ["bool", "json"]),
    ],
    "int": [
        ("§get_json_int({}, '$.a')", ["json"]),
        ("§get_json_int({}, '$.d.e')", ["doc"]),
        ("§get_json_int({}, '$.c[0]')", ["json"]),
        ("CAST(‹json_query¦json_extract›({}, '$.a') AS BIGINT)", ["json"]),
        ("CAST(({} -> '$.d.e') AS INT)", ["json"]),
        ("‹json_length({0})¦sr_json_length({0}, '$')›", ["json"]),
        ("§json_length({}, '$.c')", ["json"]),
        ("§json_length({}, '$.d')", ["json"]),
        # Only objects have keys.
        ("‹json_length(json_keys({0}))¦CASE WHEN json_type({0}) = 'OBJECT' THEN len(json_keys({0})) END›",
         ["json"]),
    ],
    "double": [("§get_json_double({}, '$.h')", ["doc"])],
    "text": [
        ("§get_json_string({}, '$.b')", ["doc"]),
        ("§get_json_string({}, '$.c[1]')", ["json"]),
        ("§get_json_string({}, '$.d.f')", ["json"]),
        ("({} ->> '$.b')", ["json"]),
        ("replace(§get_json_string({}, '$.d'), ' ', '')", ["json"]),
        ("replace(§get_json_string({}, '$.c'), ' ', '')", ["json"]),
        ("replace(‹json_string({0})¦CAST({0} AS VARCHAR)›, ' ', '')", ["json"]),
        # The null of a document is NULL, not a text.
        ("replace(‹CAST(({0} -> '$.c') AS VARCHAR)¦nullif(CAST(({0} -> '$.c') AS VARCHAR), 'null')›, "
         "' ', '')", ["json"]),
    ],
    "bool": [
        ("§get_json_bool({}, '$.g')", ["json"]),
        ("json_exists({}, '$.d.e')", ["json"]),
        ("json_exists({}, '$.c[1]')", ["json"]),
        ("json_contains({}, ‹parse_json('{{\"g\": true}}')¦'{{\"g\": true}}'›)", ["json"]),
    ],
    "array": [("CAST(({} -> '$.c') AS ‹ARRAY<BIGINT>¦BIGINT[]›)", ["json"])],
    "struct": [
        ("CAST(json_object('a', {0}, 'b', ‹concat('~', {1})¦('~' || {1})›) AS "
         "‹STRUCT<a BIGINT, b VARCHAR>¦STRUCT(a BIGINT, b VARCHAR)›)", ["int", "text"]),
    ],
}
