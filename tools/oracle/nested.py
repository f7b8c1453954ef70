"""Arrays, maps and structures: templates for their functions, and calls with lambdas.

Values of these kinds are not ordered by what computes them: NULL inside of them is least here and
greatest in DuckDB. They are grouped, made distinct, unnested and taken apart.
"""

from .tree import Expression

NESTED_KINDS = ["array", "texts", "map", "struct"]
ELEMENTS = {"array": "int", "texts": "text"}

NESTED = {
    "array": [
        ("[CAST({} AS BIGINT), {}]", ["int", "int"]),
        ("[CAST({} AS BIGINT), {}, NULL]", ["int", "int"]),
        ("§array_append({}, {})", ["array", "int"]),
        ("§array_concat({}, {})", ["array", "array"]),
        ("§array_remove({}, {})", ["array", "int"]),
        ("§array_distinct({})", ["array"]),
        ("§array_sort({})", ["array"]),
        ("§array_sort(§array_intersect({}, {}))", ["array", "array"]),
        ("§array_difference({})", ["array"]),
        ("§array_cum_sum({})", ["array"]),
        ("§array_top_n({}, 2)", ["array"]),
        ("‹array_slice({0}, 2, 2)¦list_slice({0}, 2, 3)›", ["array"]),
        ("‹array_slice({0}, 1, 1)¦list_slice({0}, 1, 1)›", ["array"]),
        ("‹reverse¦list_reverse›({})", ["array"]),
        ("‹array_flatten¦flatten›([{}, {}])", ["array", "array"]),
        ("‹array_generate(1, §pmod({0}, 5) + 1)¦"
         "generate_series(1, CAST(§pmod({0}, 5) + 1 AS BIGINT))›", ["int"]),
        ("‹array_repeat({0}, 2)¦[{0}, {0}]›", ["int"]),
        ("§array_sort(map_values({}))", ["map"]),
        ("coalesce({}, {})", ["array", "array"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "array", "array"]),
        ("CASE WHEN {} THEN {} END", ["bool", "array"]),
        ("if({}, {}, {})", ["bool", "array", "array"]),
    ],
    "texts": [
        ("[{}, {}]", ["text", "text"]),
        ("[{}, NULL, 'red']", ["text"]),
        ("§array_append({}, {})", ["texts", "text"]),
        ("§array_concat({}, {})", ["texts", "texts"]),
        ("§array_distinct({})", ["texts"]),
        ("§array_sort({})", ["texts"]),
        ("§array_remove({}, {})", ["texts", "text"]),
        ("§array_sort(§array_intersect({}, {}))", ["texts", "texts"]),
        ("‹split¦string_split›({}, 'e')", ["text"]),
        ("‹regexp_extract_all({0}, '[a-z]+', 0)¦regexp_extract_all({0}, '[a-z]+')›", ["text"]),
        ("‹array_sort¦list_sort›(map_keys({}))", ["map"]),
        ("‹reverse¦list_reverse›({})", ["texts"]),
        ("coalesce({}, {})", ["texts", "texts"]),
        ("CASE WHEN {} THEN {} END", ["bool", "texts"]),
    ],
    "map": [
        ("MAP {{'a': CAST({} AS BIGINT), 'b': {}}}", ["int", "int"]),
        ("§map_concat({}, {})", ["map", "map"]),
        ("‹map_from_arrays¦map›(['p', 'q'], [CAST({} AS BIGINT), {}])", ["int", "int"]),
        ("coalesce({}, {})", ["map", "map"]),
        ("CASE WHEN {} THEN {} END", ["bool", "map"]),
    ],
    "struct": [
        ("‹named_struct('a', CAST({0} AS BIGINT), 'b', {1})¦"
         "struct_pack(a := CAST({0} AS BIGINT), b := {1})›", ["int", "text"]),
        ("coalesce({}, {})", ["struct", "struct"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "struct", "struct"]),
    ],
    "int": [
        ("‹array_length¦len›({})", ["array"]),
        ("‹array_length¦len›({})", ["texts"]),
        # DuckDB counts the entries of a map without a sign.
        ("‹cardinality({0})¦CAST(cardinality({0}) AS BIGINT)›", ["map"]),
        ("‹map_size({0})¦CAST(cardinality({0}) AS BIGINT)›", ["map"]),
        ("({})[1]", ["array"]),
        ("({})[2]", ["array"]),
        ("({0})[‹§pmod({1}, 4) + 1¦CAST(§pmod({1}, 4) + 1 AS BIGINT)›]", ["array", "int"]),
        ("‹element_at¦list_extract›({}, 3)", ["array"]),
        ("§array_position({}, {})", ["array", "int"]),
        ("§array_position({}, {})", ["texts", "text"]),
        ("‹array_sum¦list_sum›({})", ["array"]),
        ("‹array_max¦list_max›({})", ["array"]),
        ("‹array_min¦list_min›({})", ["array"]),
        ("({})['a']", ["map"]),
        ("({})[{}]", ["map", "text"]),
        ("({}).a", ["struct"]),
        ("char_length(({}).b)", ["struct"]),
        ("‹cardinality(arrays_zip({0}, {1}))¦CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL "
         "THEN len(list_zip({0}, {1})) END›", ["array", "texts"]),
        ("‹cardinality(map_entries({0}))¦len(map_entries({0}))›", ["map"]),
        ("(SELECT ‹sum(u.x)¦CAST(sum(u.x) AS BIGINT)› FROM ‹unnest({0})¦(SELECT unnest({0}))› AS u(x))",
         ["array"]),
        ("(SELECT count(DISTINCT u.x) FROM ‹unnest({0})¦(SELECT unnest({0}))› AS u(x))", ["texts"]),
    ],
    "text": [
        ("({})[1]", ["texts"]),
        ("({})[2]", ["texts"]),
        ("({}).b", ["struct"]),
        ("§array_join({}, '-')", ["texts"]),
        ("‹array_max¦list_max›({})", ["texts"]),
        ("‹array_min¦list_min›({})", ["texts"]),
        ("‹element_at¦list_extract›({}, 2)", ["texts"]),
    ],
    "bool": [
        ("§array_contains({}, {})", ["array", "int"]),
        ("§array_contains({}, {})", ["texts", "text"]),
        ("§array_contains_all({}, {})", ["array", "array"]),
        ("§array_contains_seq({}, {})", ["array", "array"]),
        ("§arrays_overlap({}, {})", ["array", "array"]),
        ("({} IS NULL)", ["array"]),
        ("({} IS NULL)", ["map"]),
        ("({} IS NULL)", ["struct"]),
        ("({} = {})", ["struct", "struct"]),
        ("({} IS NOT DISTINCT FROM {})", ["array", "array"]),
        ("({} IS DISTINCT FROM {})", ["texts", "texts"]),
        ("({0} IN (SELECT u.x FROM ‹unnest({1})¦(SELECT unnest({1}))› AS u(x)))", ["int", "array"]),
        ("EXISTS (SELECT 1 FROM ‹unnest({0})¦(SELECT unnest({0}))› AS u(x) WHERE u.x > 2)", ["array"]),
    ],
}


class LambdaMaker:
    """Makes calls with lambdas, whose bodies see their elements and the columns around."""

    KINDS = ("array", "texts", "map", "int", "bool")

    def __init__(self, expressions):
        self.expressions = expressions
        self.chance = expressions.chance
        self.count = 0

    def make(self, kind, scope, depth):
        """Makes a call that gives a kind."""
        if kind == "map":
            return self.entries(scope, depth)
        if kind in ELEMENTS:
            return self.chance.choice([self.mapped, self.kept])(kind, scope, depth)
        if kind == "int":
            kept = self.kept(self.chance.choice(["array", "texts"]), scope, depth)
            return Expression("int", "‹array_length¦len›({})", [kept])
        return self.matched(scope, depth)

    def around(self, scope, *elements):
        """Gives what a body sees: mostly its elements, and a few columns."""
        return list(elements) * 3 + self.chance.sample(scope, min(3, len(scope)))

    def name(self):
        """Gives a name that no other element bears."""
        self.count += 1
        return f"x{self.count}"

    def body(self, kind, scope, *elements):
        """Makes what a lambda computes."""
        return self.expressions.make(kind, self.around(scope, *elements), 1)

    def mapped(self, kind, scope, depth):
        """Makes array_map, now and then over two arrays of the same length."""
        name = self.name()
        origin = self.chance.choice(["array", "texts"])
        values = self.expressions.make(origin, scope, depth - 1)
        body = self.body(ELEMENTS[kind], scope, Expression(ELEMENTS[origin], name))
        if kind == "array":
            body = Expression("int", "CAST({} AS BIGINT)", [body])
        template = f"‹array_map({name} -> {{0}}, {{1}})¦list_transform({{1}}, lambda {name}: {{0}})›"
        return Expression(kind, template, [body, values])

    def kept(self, kind, scope, depth):
        """Makes array_filter."""
        name = self.name()
        values = self.expressions.make(kind, scope, depth - 1)
        body = self.body("bool", scope, Expression(ELEMENTS[kind], name))
        template = f"‹array_filter({name} -> {{0}}, {{1}})¦list_filter({{1}}, lambda {name}: {{0}})›"
        return Expression(kind, template, [body, values])

    def matched(self, scope, depth):
        """Makes any_match or all_match."""
        name, kind = self.name(), self.chance.choice(["array", "texts"])
        values = self.expressions.make(kind, scope, depth - 1)
        body = self.body("bool", scope, Expression(ELEMENTS[kind], name))
        function = self.chance.choice(["any_match", "all_match"])
        template = (
            f"‹{function}({name} -> {{0}}, {{1}})¦"
            f"sr_{function}(list_transform({{1}}, lambda {name}: {{0}}))›"
        )
        return Expression("bool", template, [body, values])

    def entries(self, scope, depth):
        """Makes a function over the entries of a map."""
        name = self.name()
        key = Expression("text", f"‹k{name}¦{name}.key›")
        value = Expression("int", f"‹v{name}¦{name}.value›")
        values = self.expressions.make("map", scope, depth - 1)
        list_of = f"map_entries({{1}}), lambda {name}: "
        head = f"(k{name}, v{name}) -> "
        shape = self.chance.choice(["filter", "values", "keys"])
        if shape == "filter":
            body = self.body("bool", scope, key, value)
            words = f"map_filter({head}{{0}}, {{1}})", f"list_filter({list_of}{{0}})"
        elif shape == "values":
            body = Expression("int", "CAST({} AS BIGINT)", [self.body("int", scope, key, value)])
            entry = f"{{{{'key': {name}.key, 'value': {{0}}}}}}"
            words = f"transform_values({head}{{0}}, {{1}})", f"list_transform({list_of}{entry})"
        else:
            body = Expression("text", "({} || '!')", [key])
            entry = f"{{{{'key': {{0}}, 'value': {name}.value}}}}"
            words = f"transform_keys({head}{{0}}, {{1}})", f"list_transform({list_of}{entry})"
        return Expression("map", f"‹{words[0]}¦map_from_entries({words[1]})›", [body, values])
