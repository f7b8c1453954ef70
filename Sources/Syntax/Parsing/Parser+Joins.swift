// Joins, which group to the left.

import StarlingErrors

extension Parser {
    /// Parses one join behind a source; returns nil where none follows.
    mutating func join(with left: TableReference) throws(StarlingError) -> TableReference? {
        let isNatural = at(.natural)
        if isNatural { take() }
        guard let kind = try joinKind() else {
            if isNatural { throw expected("JOIN", nearest: [.join]) }
            return nil
        }
        let hint = try joinHint()
        let right = try tablePrimary()
        var condition: Join.Condition? = isNatural ? .natural : nil
        if condition == nil {
            if accept(.on) {
                condition = .on(try expression())
            } else if accept(.using) {
                condition = .using(try identifierList())
            }
        }
        if condition == nil, kind != .inner, kind != .cross {
            throw expected("ON or USING after \(kind.rawValue)", nearest: [.on, .using])
        }
        let join = Join(kind: kind, left: left, right: right, condition: condition, hint: hint)
        return TableReference(.join(join), at: range(from: left.range.start))
    }

    private mutating func joinKind() throws(StarlingError) -> Join.Kind? {
        if accept(.join) { return .inner }
        switch current.keyword {
        case .inner:
            take()
            try expect(.join)
            return .inner
        case .cross:
            take()
            _ = accept(.join)
            return .cross
        case .left: return try sided(.leftOuter, .leftSemi, .leftAnti)
        case .right: return try sided(.rightOuter, .rightSemi, .rightAnti)
        case .full:
            take()
            _ = accept(.outer)
            try expect(.join)
            return .fullOuter
        case .semi where accept(.semi, .join): return .leftSemi
        case .anti where accept(.anti, .join): return .leftAnti
        case .asof: return try asof()
        case .null where accept(.null, .aware, .left):
            try expect(.anti, .join)
            return .nullAwareLeftAnti
        default: return nil
        }
    }

    private mutating func sided(_ outer: Join.Kind, _ semi: Join.Kind, _ anti: Join.Kind)
        throws(StarlingError) -> Join.Kind
    {
        take()
        var kind = outer
        if accept(.semi) {
            kind = semi
        } else if accept(.anti) {
            kind = anti
        } else {
            _ = accept(.outer)
        }
        guard accept(.join) else {
            throw expected("JOIN", nearest: [.join, .outer, .semi, .anti])
        }
        return kind
    }

    private mutating func asof() throws(StarlingError) -> Join.Kind {
        take()
        if accept(.left) {
            _ = accept(.outer)
            try expect(.join)
            return .asofLeft
        }
        _ = accept(.inner)
        try expect(.join)
        return .asofInner
    }

    /// Takes `[..]` behind JOIN as it is written.
    private mutating func joinHint() throws(StarlingError) -> String? {
        guard atSymbol(.openBracket) else { return nil }
        let start = take().end
        while !atSymbol(.closeBracket) {
            guard current.kind != .end, !atSymbol(.semicolon) else { throw expected("']'") }
            take()
        }
        let end = take().start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
