// Makes scripts about indexes: a table of texts, values, documents and arrays, indexes of each, changes,
// and predicates that some of these indexes answer.

import StarlingTestSupport

struct IndexScriptMaker: PairScriptMaker {
    var chance: SeededGenerator
    /// What cuts the texts that the GINs are of, and their properties.
    private var analyzer = "standard"
    private var parser = #""parser" = "standard""#
    /// The columns and paths whose texts an index has given that analyzer.
    private var analyzed: Set<String> = []
    private var gramCount = 2
    private var rowCount = 0
    private var texts: [String] = []
    /// One in so many of the values at a path has another type than the others.
    private var oddity = Int.max

    init(_ chance: SeededGenerator) { self.chance = chance }

    mutating func lines() -> [String] {
        chooseAnalyzer()
        gramCount = 1 + chance.below(4)
        oddity = chance.pick([Int.max, 5, 300])
        var lines = chance.below(2) == 0 ? ["STORED"] : []
        let key = chance.below(3) == 0 ? " PRIMARY KEY (id)" : ""
        lines.append(
            "BOTH CREATE TABLE @ (id BIGINT NOT NULL, a VARCHAR(2000), k VARCHAR(40), n BIGINT, "
                + "d DATE, m DECIMAL(20, 3), g ARRAY<INT>, w ARRAY<VARCHAR(40)>, "
                + "p ARRAY<VARCHAR(2000)>, j JSON)\(key)")
        var later: [String] = []
        for index in indexes() {
            let line = "MADE ALTER TABLE @ ADD INDEX \(index)"
            if chance.below(2) == 0 { lines.append(line) } else { later.append(line) }
        }
        noteAnalyzers(lines)
        lines.append(insertion())
        lines += questions(8)
        lines += later
        noteAnalyzers(later)
        lines += questions(8)
        for _ in 0..<chance.below(3) {
            lines += changes()
            lines += questions(6)
        }
        if chance.below(2) == 0 {
            lines.append("BOTH OPTIMIZE TABLE @ FINAL")
            lines += questions(6)
        }
        lines.append("REOPEN")
        lines += questions(6)
        if let name = later.first?.split(separator: " ")[6] {
            lines.append("MADE DROP INDEX \(name) ON @")
            analyzed = analyzed.filter { $0 != Self.analyzed[String(name)] }
            lines += questions(4)
        }
        return lines
    }

    /// What the indexes of terms are of.
    private static let analyzed = ["ga": "a", "gp": "p", "js": "j.s", "jl": "j.l"]

    private mutating func noteAnalyzers(_ lines: [String]) {
        for (name, texts) in Self.analyzed
        where lines.contains(where: { $0.contains("INDEX \(name) ") }) {
            analyzed.insert(texts)
        }
    }

    private mutating func chooseAnalyzer() {
        switch chance.below(7) {
        case 0: (analyzer, parser) = ("english", #""parser" = "english""#)
        case 1:
            (analyzer, parser) = ("english:stem", #""parser" = "english", "stemming" = "true""#)
        case 2: (analyzer, parser) = ("cjk", #""parser" = "cjk""#)
        case 3: (analyzer, parser) = ("none", #""parser" = "none""#)
        case 4:
            let least = 1 + chance.below(3)
            let most = least + chance.below(2)
            analyzer = "ngram:\(least):\(most)"
            parser = #""parser" = "ngram", "min_gram" = "\#(least)", "max_gram" = "\#(most)""#
        default: break
        }
        if chance.below(4) == 0 { parser += #", "support_phrase" = "false""# }
    }

    private mutating func indexes() -> [String] {
        let grams = #""gram_num" = "\#(gramCount)", "bloom_filter_fpp" = "0.01""#
        let ignored = chance.pick(["true", "false"])
        return [
            "ga (a) USING GIN (\(parser))",
            "na (a) USING NGRAMBF (\(grams), \"case_sensitive\" = \"\(ignored)\")",
            "kb (k) USING BITMAP", "nb (n) USING BITMAP", "db (d) USING BITMAP",
            "mb (m) USING BITMAP", "gb (g) USING BITMAP", "wb (w) USING BITMAP",
            "js (j -> 's') USING GIN (\(parser))", "ju (j -> 'u.id') USING BITMAP",
            "jg (j -> 's') USING NGRAMBF (\(grams))", "gp (p) USING GIN (\(parser))",
            "np (p) USING NGRAMBF (\(grams), \"case_sensitive\" = \"\(ignored)\")",
            "pb (p) USING BITMAP", "jl (j -> 'l') USING GIN (\(parser))",
            "jn (j -> 'l') USING NGRAMBF (\(grams))", "jb (j -> 'l') USING BITMAP",
        ].filter { _ in chance.below(4) > 0 }
    }

    // MARK: Rows

    private static let words = [
        "connection", "Connection", "refused", "running", "runs", "the", "a", "to", "host1",
        "host2.example.com", "10.0.0.7", "error_code", "don't", "naïve", "Straße", "中国", "我是中国人",
        "データ", "데이터", "x", "e-mail", "foo#bar.com", "ÀÉ", "ﬁ", "😀", "a%b", "under_score",
        "1,234.5", "C++", "ab", "abc", "abcd",
    ]

    private mutating func word() -> String {
        if chance.below(12) == 0 { return "needle\(chance.below(3_000))" }
        // The first are in most texts, the last in few.
        return Self.words[min(chance.below(Self.words.count), chance.below(Self.words.count))]
    }

    private mutating func text() -> String {
        if chance.below(30) == 0 {
            return chance.pick(["", " ", "%", "\\", "*", "\n", "é", "e\u{301}"])
        }
        let count = chance.pick([1, 2, 3, 5, 8, 30])
        return (0..<count).map { _ in word() }.joined(
            separator: chance.pick([" ", " ", ", ", "."]))
    }

    private mutating func orNull(_ rarity: Int, _ value: String) -> String {
        chance.below(rarity) == 0 ? "NULL" : value
    }

    private mutating func day() -> String {
        let (month, day) = (1 + chance.below(12), 1 + chance.below(28))
        return "'20\(10 + chance.below(20))-\(month < 10 ? "0" : "")\(month)-"
            + "\(day < 10 ? "0" : "")\(day)'"
    }

    private mutating func number() -> Int {
        chance.below(30) == 0
            ? chance.pick([Int.max, Int.min + 1, 0]) : Int.random(in: -300..<300, using: &chance)
    }

    private mutating func document() -> String {
        if oddity < .max, chance.below(100) == 0 {
            return chance.pick(["7", "[{\"s\": \(quotedJSON(text()))}]", quotedJSON(text())])
        }
        var members: [String] = []
        if chance.below(10) > 0 {
            let value = chance.pick([quotedJSON(text()), quotedJSON(text()), "5", "null", "[1]"])
            members.append("\"s\": \(value)")
        }
        if chance.below(3) > 0 {
            let id = chance.pick(["\(chance.below(500))", "\(chance.below(500))", "\"7\"", "7.5"])
            members.append("\"u\": {\"id\": \(id)}")
        }
        if chance.below(4) > 0 {
            let elements = texts(orNull: "null").map { $0 == "null" ? $0 : quotedJSON($0) }
            let list = "[\(elements.joined(separator: ", "))]"
            members.append("\"l\": \(chance.below(oddity) == 0 ? quotedJSON(text()) : list)")
        }
        return "{\(members.joined(separator: ", "))}"
    }

    /// The texts of an array, of which some are nothing.
    private mutating func texts(orNull null: String) -> [String] {
        (0..<chance.below(4)).map { _ in chance.below(9) == 0 ? null : text() }
    }

    private func quotedJSON(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    private mutating func row() -> String {
        rowCount += 1
        let text = text()
        if texts.count < 200 { texts.append(text) }
        let elements = (0..<chance.below(4)).map { _ in orNull(9, "\(chance.below(60))") }
        let texts = texts(orNull: "NULL").map { $0 == "NULL" ? $0 : quoted($0) }
        let words = (0..<chance.below(4)).map { _ in orNull(9, "'t\(chance.below(90))'") }
        let values = [
            "\(rowCount)", orNull(12, quoted(text)), orNull(12, "'k\(chance.below(400))'"),
            orNull(12, "\(number())"), orNull(12, day()),
            orNull(12, "\(number() % 100_000).\(100 + chance.below(900))"),
            orNull(12, "[\(elements.joined(separator: ", "))]"),
            orNull(12, "[\(words.joined(separator: ", "))]"),
            orNull(12, "[\(texts.joined(separator: ", "))]"),
            orNull(20, "parse_json(\(quoted(document())))"),
        ]
        return "(\(values.joined(separator: ", ")))"
    }

    /// Segments of fewer rows have no index.
    private mutating func insertion() -> String {
        let rows = (0..<(1_024 + chance.below(2_000))).map { _ in row() }
        return "BOTH INSERT INTO @ VALUES \(rows.joined(separator: ", "))"
    }

    private mutating func changes() -> [String] {
        let (made, plain) = predicate()
        switch chance.below(4) {
        case 0:
            return ["BOTH DELETE FROM @ WHERE id % \(2 + chance.below(9)) = 0"]
        case 1:
            return [
                "BOTH UPDATE @ SET a = \(quoted(text())), n = \(number()), "
                    + "g = [\(chance.below(60))], p = [\(quoted(text())), NULL], j = parse_json(\(quoted(document()))) "
                    + "WHERE id % \(2 + chance.below(9)) = 1"
            ]
        case 2: return [insertion()]
        default:
            return [
                "ASK SELECT count(*) FROM @ WHERE \(made) ||| SELECT count(*) FROM @ WHERE \(plain)",
                "BOTH UPDATE @ SET a = NULL, k = 'k1', d = NULL WHERE n BETWEEN 20 AND 40",
            ]
        }
    }

    // MARK: Questions

    private mutating func questions(_ count: Int) -> [String] {
        (0..<count).map { _ in
            let (made, plain) = predicate()
            switch chance.below(8) {
            case 0:
                return "ASK SELECT count(*), sum(n), min(k) FROM @ WHERE \(made) ||| "
                    + "SELECT count(*), sum(n), min(k) FROM @ WHERE \(plain)"
            case 1:
                let range = "id BETWEEN \(chance.below(rowCount)) AND \(chance.below(rowCount))"
                return "ASK SELECT id FROM @ WHERE \(range) AND (\(made)) ||| "
                    + "SELECT id FROM @ WHERE \(range) AND (\(plain))"
            case 2: return ranked()
            default:
                return "ASK SELECT id FROM @ WHERE \(made) ||| SELECT id FROM @ WHERE \(plain)"
            }
        }
    }

    /// Asks for the best by score; what computes scores of the plain table is told what cuts its texts.
    private mutating func ranked() -> String {
        let query = quoted((0..<(1 + chance.below(3))).map { _ in word() }.joined(separator: " "))
        let count = 1 + chance.below(30)
        let column = chance.pick(["a", "a", "p"])
        let plain = "text_match_any(\(column), \(query), '\(analyzer)')"
        let made = analyzed.contains(column) ? "\(column) MATCH_ANY \(query)" : plain
        func best(_ condition: String) -> String {
            "SELECT id, round(score(), 9) FROM @ WHERE \(condition) "
                + "ORDER BY score() DESC, id LIMIT \(count)"
        }
        return "ASK \(best(made)) ||| \(best(plain))"
    }

    private mutating func predicate() -> (made: String, plain: String) {
        let first = atom()
        switch chance.below(6) {
        case 0: return ("NOT (\(first.made))", "NOT (\(first.plain))")
        case 1, 2:
            let second = atom()
            let word = chance.pick(["AND", "OR"])
            return (
                "(\(first.made)) \(word) (\(second.made))",
                "(\(first.plain)) \(word) (\(second.plain))"
            )
        case 3: return ("(\(first.made)) IS NULL", "(\(first.plain)) IS NULL")
        default: return first
        }
    }

    private mutating func atom() -> (made: String, plain: String) {
        let same: String
        switch chance.below(10) {
        case 0...3: return match()
        case 4:
            let text = chance.pick(["a", "j ->> 's'", "j ->> 'l'", "p[1]"])
            same = "\(text) \(chance.pick(["", "NOT "]))LIKE \(like())"
        case 5:
            let function = chance.pick(["ngram_search", "ngram_search_case_insensitive"])
            same = "\(function)(a, \(quoted(word())), \(gramCount)) > 0.\(chance.below(9))"
        case 6: same = chance.below(2) == 0 ? listPredicate() : elementPredicate()
        case 7:
            let value = "\(chance.below(500))"
            same = chance.pick([
                "get_json_int(j, 'u.id') = \(value)", "get_json_int(j, 'u.id') < \(value)",
                "j ->> 'u.id' = '\(value)'", "get_json_double(j, 'u.id') IN (\(value), 7, 7.5)",
                "j ->> 's' IS NULL", "json_exists(j, 'u.id')",
            ])
        default: same = comparison()
        }
        return (same, same)
    }

    private mutating func match() -> (made: String, plain: String) {
        let operation = chance.pick([
            "MATCH", "MATCH", "MATCH_ANY", "MATCH_ALL", "MATCH_PHRASE", "MATCH_PHRASE",
            "MATCH_REGEXP",
        ])
        var query = (0..<(1 + chance.below(3))).map { _ in word() }.joined(separator: " ")
        switch operation {
        case "MATCH" where chance.below(3) == 0:
            let part = String(word().prefix(1 + chance.below(5)))
            query = chance.pick(["\(part)*", "*\(part)", "*\(part)*", "\(part)*\(word())", "*"])
        case "MATCH_PHRASE":
            if chance.below(3) > 0, !texts.isEmpty {
                let words = chance.pick(texts).split(separator: " ")
                let start = words.isEmpty ? 0 : chance.below(words.count)
                query = words[start...].prefix(1 + chance.below(3)).joined(separator: " ")
            }
            if query.contains("~") { query = "connection" }
            if chance.below(3) == 0 { query += " ~\(chance.below(5))" }
        case "MATCH_REGEXP":
            query = chance.pick([
                "^ho.*[0-9]$", "^needle[12].*", "ru(n|nn)", "^(con|ref)", "[a-c]{2}", "^a", "é$",
                "^.$", "(?i)CONN", "^needle7",
            ])
        default: break
        }
        let (column, texts) = chance.pick([
            ("a", "a"), ("a", "a"), ("j ->> 's'", "j.s"), ("get_json_string(j, '$.s')", "j.s"),
            ("p", "p"), ("p", "p"), ("j ->> 'l'", "j.l"), ("j -> 'l'", "j.l"),
            ("CAST(j -> 'l' AS ARRAY<VARCHAR>)", "j.l"),
        ])
        let function = operation.lowercased().replacing("match", with: "text_match")
        let plain = "\(function)(\(column), \(quoted(query)), '\(analyzer)')"
        return (analyzed.contains(texts) ? "\(column) \(operation) \(quoted(query))" : plain, plain)
    }

    private mutating func like() -> String {
        let word = word()
        let part = String(word.dropFirst(chance.below(3)).prefix(1 + chance.below(6)))
        return quoted(
            chance.pick(["%\(part)%", "\(part)%", "%\(part)", word, "%\(part)_%", "%", "_%\(part)"])
        )
    }

    private mutating func listPredicate() -> String {
        let (one, two) = (chance.below(60), chance.below(60))
        let text = "t\(chance.below(95))"
        return chance.pick([
            "array_contains(g, \(one))", "array_contains(g, NULL)",
            "array_contains_all(g, [\(one), \(two)])", "arrays_overlap(g, [\(one), NULL])",
            "array_contains(w, '\(text)')", "arrays_overlap(w, ['\(text)', 't1'])",
            "array_contains_all(w, ['\(text)'])", "array_length(g) = 0", "g = [\(one)]",
        ])
    }

    /// Asks for elements of arrays that pass a condition.
    private mutating func elementPredicate() -> String {
        let list = chance.pick(["p", "p", "CAST(j -> 'l' AS ARRAY<VARCHAR>)"])
        let text = quoted(chance.below(2) == 0 || texts.isEmpty ? word() : chance.pick(texts))
        return chance.pick([
            "any_match(x -> x LIKE \(like()), \(list))",
            "any_match(x -> x LIKE \(like()) OR x = \(text), \(list))",
            "any_match(x -> NOT x LIKE \(like()), \(list))",
            "any_match(x -> x MATCH \(quoted(word())) AND x <> \(text), \(list))",
            "array_contains(\(list), \(text))", "arrays_overlap(\(list), [\(text), 'the'])",
            "array_contains_all(\(list), [\(text)])", "\(list)[1] = \(text)",
            "\(list)[2] >= \(text)", "\(list)[1] MATCH \(quoted(word()))",
            "any_match(x -> x > \(chance.below(60)), g)", "g[1] = \(chance.below(60))",
            "g[2] IN (3, \(chance.below(60)))", "any_match(x -> x IS NULL, g)",
        ])
    }

    private mutating func comparison() -> String {
        let column = chance.pick(["k", "n", "d", "m"])
        let (one, two) = (value(of: column), value(of: column))
        let sign = chance.pick(["=", "<>", "<", "<=", ">", ">=", "<=>"])
        return chance.pick([
            "\(column) \(sign) \(one)", "\(column) \(sign) \(one)",
            "\(column) IN (\(one), \(two), NULL)", "\(column) NOT IN (\(one), \(two))",
            "\(column) BETWEEN \(one) AND \(two)", "\(column) IS NOT NULL",
        ])
    }

    private mutating func value(of column: String) -> String {
        switch column {
        case "k": "'k\(chance.below(420))'"
        case "n": "\(number())"
        case "d": day()
        default: "\(number() % 1_000).\(100 + chance.below(900))"
        }
    }
}
