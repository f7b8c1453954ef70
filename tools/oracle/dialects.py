"""The two dialects of a statement: where DuckDB says a thing in other words, a template has both.

1. `‹array_map(x -> x + 1, {0})¦list_transform({0}, lambda x: x + 1)›` has Starling's words first,
   DuckDB's second; such marks may stand inside each other.
2. `§array_append({0}, {1})` is a function of Starling's; DuckDB has it as the macro `sr_array_append`,
   which says here what StarRocks' rules for NULL and for empty arrays are.
3. A mark may have a third side: other words for DuckDB that mean the same and go round a fault of it.
   They are tried where the results differ; where they give Starling's, the fault is DuckDB's.
"""

OPEN, BETWEEN, CLOSE, MACRO = "‹¦›§"
STARLING, DUCKDB, CAREFUL_DUCKDB = 0, 1, 2

MACROS = [
    # Arrays.
    "sr_array_append(a, x) AS CASE WHEN a IS NULL THEN NULL ELSE list_append(a, x) END",
    "sr_array_concat(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_concat(a, b) END",
    "sr_array_contains(a, x) AS CASE WHEN a IS NULL THEN NULL WHEN x IS NULL THEN "
    "len(list_filter(a, lambda e: e IS NULL)) > 0 ELSE coalesce(list_contains(a, x), FALSE) END",
    "sr_array_position(a, x) AS CASE WHEN a IS NULL THEN NULL ELSE coalesce(list_first(list_filter("
    "range(1, len(a) + 1), lambda i: a[i] IS NOT DISTINCT FROM x)), 0) END",
    "sr_array_remove(a, x) AS list_filter(a, lambda e: e IS DISTINCT FROM x)",
    "sr_array_distinct(a) AS list_filter(a, lambda e, i: sr_array_position(a, e) = i)",
    "sr_array_contains_all(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE "
    "len(list_filter(b, lambda e: NOT sr_array_contains(a, e))) = 0 END",
    "sr_array_contains_seq(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE len(b) = 0 OR "
    "len(list_filter(range(1, len(a) + 1), lambda i: "
    "list_slice(a, i, i + len(b) - 1) IS NOT DISTINCT FROM b)) > 0 END",
    "sr_arrays_overlap(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE "
    "len(list_filter(a, lambda e: sr_array_contains(b, e))) > 0 END",
    "sr_array_intersect(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE "
    "sr_array_distinct(list_filter(a, lambda e: sr_array_contains(b, e))) END",
    "sr_array_difference(a) AS list_transform(a, lambda e, i: "
    "CASE WHEN i = 1 THEN e - e ELSE e - a[i - 1] END)",
    "sr_array_cum_sum(a) AS list_transform(a, lambda e, i: "
    "CASE WHEN e IS NULL THEN NULL ELSE list_sum(a[1:i]) END)",
    "sr_array_sort(a) AS list_sort(a, 'ASC', 'NULLS FIRST')",
    "sr_array_top_n(a, n) AS list_slice(list_sort(a, 'DESC', 'NULLS LAST'), 1, n)",
    "sr_array_join(a, s) AS CASE WHEN a IS NULL THEN NULL ELSE coalesce(array_to_string(a, s), '') END",
    "sr_all_match(a) AS CASE WHEN a IS NULL THEN NULL WHEN list_contains(a, FALSE) THEN FALSE "
    "WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE TRUE END",
    "sr_any_match(a) AS CASE WHEN a IS NULL THEN NULL WHEN list_contains(a, TRUE) THEN TRUE "
    "WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE FALSE END",
    # Maps.
    # The order of the entries makes two maps different for DuckDB.
    "sr_map_concat(a, b) AS CASE WHEN a IS NULL THEN b WHEN b IS NULL THEN a ELSE "
    "map_from_entries(list_sort(map_entries(map_concat(a, b)))) END",
    # JSON.
    "sr_get_json_int(j, p) AS CAST(json_extract_string(j, p) AS BIGINT)",
    "sr_get_json_double(j, p) AS CAST(json_extract_string(j, p) AS DOUBLE)",
    "sr_get_json_bool(j, p) AS CAST(json_extract_string(j, p) AS BOOLEAN)",
    "sr_get_json_string(j, p) AS json_extract_string(j, p)",
    "sr_json_length(j, p) AS CAST(CASE WHEN j IS NULL THEN NULL ELSE CASE json_type(j, p) WHEN 'ARRAY' "
    "THEN json_array_length(j, p) WHEN 'OBJECT' THEN len(json_keys(j, p)) "
    "ELSE CASE WHEN json_type(j, p) IS NULL THEN 0 ELSE 1 END END END AS BIGINT)",
    # Strings.
    "sr_substring_index(s, d, n) AS array_to_string(CASE WHEN n > 0 THEN "
    "list_slice(string_split(s, d), 1, n) ELSE list_slice(string_split(s, d), "
    "greatest(len(string_split(s, d)) + n + 1, 1), len(string_split(s, d))) END, d)",
    "sr_substring(s, p, n) AS CASE WHEN p < 0 AND length(s) < -p THEN '' ELSE substring(s, p, n) END",
    "sr_split_part(s, d, n) AS string_split(s, d)[n]",
    "sr_find_in_set(x, s) AS CASE WHEN x IS NULL OR s IS NULL THEN NULL ELSE "
    "coalesce(list_position(string_split(s, ','), x), 0) END",
    "sr_strcmp(a, b) AS CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END",
    "sr_locate(p, s) AS instr(s, p)",
    "sr_regexp_count(s, p) AS len(regexp_extract_all(s, p))",
    "sr_concat(a, b) AS a || b",
    "sr_concat_ws(d, a, b) AS concat_ws(d, a, b)",
    "sr_null_or_empty(a) AS a IS NULL OR a = ''",
    "sr_length(a) AS strlen(a)",
    "sr_sha2(a, n) AS sha256(a)",
    "sr_to_base64(a) AS to_base64(encode(a))",
    "sr_from_base64(a) AS decode(from_base64(a))",
    "sr_regexp_replace(s, p, r) AS regexp_replace(s, p, r, 'g')",
    # Dates and times.
    "sr_dayofweek(d) AS dayofweek(d) + 1",
    "sr_dayofweek_iso(d) AS isodow(d)",
    "sr_weekday(d) AS isodow(d) - 1",
    "sr_to_days(d) AS date_diff('day', DATE '1970-01-01', CAST(d AS DATE)) + 719528",
    "sr_datediff(a, b) AS date_diff('day', CAST(b AS DATE), CAST(a AS DATE))",
    "sr_days_add(d, n) AS d + to_days(CAST(n AS INT))",
    "sr_weeks_sub(d, n) AS d - to_weeks(CAST(n AS INT))",
    "sr_months_add(d, n) AS d + to_months(CAST(n AS INT))",
    "sr_quarters_add(d, n) AS d + to_months(CAST(3 * n AS INT))",
    "sr_years_sub(d, n) AS d - to_years(CAST(n AS INT))",
    "sr_hours_add(d, n) AS d + to_hours(CAST(n AS BIGINT))",
    "sr_minutes_sub(d, n) AS d - to_minutes(CAST(n AS BIGINT))",
    "sr_seconds_add(d, n) AS d + to_seconds(CAST(n AS BIGINT))",
    "sr_microseconds_add(d, n) AS d + to_microseconds(CAST(n AS BIGINT))",
    "sr_days_diff(a, b) AS date_sub('day', b, a)",
    "sr_hours_diff(a, b) AS date_sub('hour', b, a)",
    "sr_minutes_diff(a, b) AS date_sub('minute', b, a)",
    "sr_seconds_diff(a, b) AS date_sub('second', b, a)",
    "sr_weeks_diff(a, b) AS date_sub('week', b, a)",
    "sr_microsecond(d) AS microsecond(d) % 1000000",
    "sr_unix_timestamp(d) AS CAST(floor(epoch(d)) AS BIGINT)",
    "sr_next_monday(d) AS CAST(d AS DATE) + CAST(8 - isodow(d) AS INT)",
    "sr_previous_monday(d) AS CAST(d AS DATE) - CAST((isodow(d) + 5) % 7 + 1 AS INT)",
    # Numbers.
    "sr_pmod(a, b) AS ((a % b) + b) % b",
    "sr_bit_shift_left(a, n) AS a << n",
    "sr_bit_shift_right(a, n) AS a >> n",
    "sr_square(a) AS a * a",
    # Aggregates.
    "sr_mode(x) AS map_keys(histogram(x))[list_position(map_values(histogram(x)), "
    "list_max(map_values(histogram(x))))]",
    "sr_percentile_disc(x, p) AS list_sort(list(x) FILTER (x IS NOT NULL))"
    "[CAST(ceil(p * (count(x) - 1)) AS BIGINT) + 1]",
    "sr_bitmap_text(x) AS array_to_string(list_sort(list(DISTINCT x) FILTER (x >= 0)), ',')",
    "sr_corr(x, y) AS CASE WHEN NOT isnan(corr(x, y)) THEN corr(x, y) END",
    "sr_array_unique_agg(a) AS sr_array_sort(sr_array_distinct(flatten(list(a) FILTER (a IS NOT NULL))))",
]


def in_dialect(text, dialect):
    """Writes a statement in the words of one of the engines."""
    written, _ = chosen(text, 0, dialect)
    return written.replace(MACRO, "" if dialect == STARLING else "sr_")


def chosen(text, position, dialect):
    """Reads up to the end of the text or of a mark, and gives the words and the place behind."""
    sides = [[]]
    while position < len(text) and text[position] != CLOSE:
        character = text[position]
        position += 1
        if character == OPEN:
            words, position = chosen(text, position, dialect)
            sides[-1].append(words)
        elif character == BETWEEN:
            sides.append([])
        else:
            sides[-1].append(character)
    return "".join(sides[min(dialect, len(sides) - 1)]), position + 1


def membership(operator, is_any):
    """Compares a value with the rows of a subquery: `IN`, `NOT IN`, `>= ALL`.

    DuckDB gives other answers where a correlated subquery has UNION ALL, a constant list or a
    subquery of its own, so that its careful words count what the comparisons give.
    """
    plain = f"({{0}} {operator} ({{1}}))"
    comparison = {"IN": "=", "NOT IN": "<>"}.get(operator, operator.split()[0])
    deciding, otherwise = ("TRUE", "FALSE") if is_any else ("FALSE", "TRUE")
    careful = (
        "(SELECT CASE"
        f" WHEN count(*) FILTER (WHERE ({{0}} {comparison} member) IS {deciding}) > 0"
        f" THEN {deciding}"
        f" WHEN count(*) FILTER (WHERE ({{0}} {comparison} member) IS NULL) = 0"
        f" THEN {otherwise} END FROM ({{1}}) AS members(member))"
    )
    return f"{OPEN}{plain}{BETWEEN}{plain}{BETWEEN}{careful}{CLOSE}"


MEMBERSHIPS = [membership("IN", True), membership("NOT IN", False)]
