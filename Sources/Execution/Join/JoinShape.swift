// A join as its operators see it: not left and right, but probe and build.

import StarlingErrors
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Holds what follows from a join's description, for all of its operators.
struct JoinShape: Sendable {
    /// Says where a column of the result, or of the residual condition, comes from.
    enum Origin: Sendable, Hashable {
        case probe(Int)
        /// A column of the build rows.
        case build(Int)
        case mark
    }

    let kind: JoinKind
    let buildsLeft: Bool
    let probeTypes: [PhysicalType]
    let probeKeys: [Int]
    let buildKeys: [Int]
    /// Both sides' keys are brought to these types.
    let keyTypes: [PhysicalType]
    let isNullSafe: [Bool]
    let layout: RowLayout
    /// The build input's columns behind the keys in a row.
    let payload: [Int]
    let outputs: [Origin]
    let ranges: [RangeCondition]
    let residual: (any RowCondition)?
    let residualColumns: [Origin]
    let matcher: RowMatcher

    init(_ join: JoinDescription) throws(StarlingError) {
        let buildsLeft = join.buildSide == .left
        if buildsLeft, join.kind == .nullAwareAnti || join.kind.isSingle {
            throw StarlingError(.internal, "a \(join.kind) join gathers its right side")
        }
        kind = join.kind
        self.buildsLeft = buildsLeft
        probeTypes = buildsLeft ? join.rightTypes : join.leftTypes
        let buildTypes = buildsLeft ? join.leftTypes : join.rightTypes
        probeKeys = join.keys.map { buildsLeft ? $0.right : $0.left }
        let buildKeys = join.keys.map { buildsLeft ? $0.left : $0.right }
        self.buildKeys = buildKeys
        isNullSafe = join.keys.map(\.isNullSafe)
        var keyTypes: [PhysicalType] = []
        for key in join.keys {
            keyTypes.append(try Self.keyType(join.leftTypes[key.left], join.rightTypes[key.right]))
        }
        self.keyTypes = keyTypes

        var payload: [Int] = []
        func buildOrigin(_ position: Int) -> Origin {
            if let key = buildKeys.firstIndex(of: position), keyTypes[key] == buildTypes[position] {
                return .build(key)
            }
            if let known = payload.firstIndex(of: position) {
                return .build(keyTypes.count + known)
            }
            payload.append(position)
            return .build(keyTypes.count + payload.count - 1)
        }
        outputs = join.outputs.map { output in
            switch output {
            case .left(let position): buildsLeft ? buildOrigin(position) : .probe(position)
            case .right(let position): buildsLeft ? .probe(position) : buildOrigin(position)
            case .mark: .mark
            }
        }
        residual = join.residual
        residualColumns = (join.residual?.columns ?? []).map { position in
            let isLeft = position < join.leftTypes.count
            let own = isLeft ? position : position - join.leftTypes.count
            return isLeft == buildsLeft ? buildOrigin(own) : .probe(own)
        }
        ranges = join.ranges.compactMap { range -> RangeCondition? in
            guard case .build(let build) = buildOrigin(buildsLeft ? range.left : range.right)
            else { return nil }
            return RangeCondition(
                probe: buildsLeft ? range.right : range.left, build: build,
                isLowerBound: buildsLeft == range.isLeftGreater)
        }
        self.payload = payload
        let layout = try RowLayout(
            keyTypes + payload.map { buildTypes[$0] },
            hasFlag: Self.needsMatchedRows(join.kind, buildsLeft: buildsLeft))
        self.layout = layout
        matcher = RowMatcher(
            join.keys.indices.map {
                RowMatcher.Key(column: layout.columns[$0], isNullSafe: join.keys[$0].isNullSafe)
            })
    }

    /// True where each build row has a flag that says whether it had a match.
    var marksBuildRows: Bool { layout.hasFlag }

    /// True where probe rows without a match are given with NULLs.
    var keepsProbeRows: Bool {
        switch kind {
        case .full: true
        case .left, .single: !buildsLeft
        default: false
        }
    }

    /// True where a probe row without a match leaves no trace in the result.
    var dropsUnmatchedProbeRows: Bool {
        kind == .inner || kind == .semi || (buildsLeft && kind != .full)
    }

    /// True where pairs of rows are given while probing.
    var givesPairs: Bool { !kind.isMembership }

    /// True where all that is asked of the build side is whether it has a key.
    var asksOnlyForKeys: Bool { kind.isMembership && !buildsLeft && residual == nil }

    /// True where there is one key that travels in 64 bits or fewer and NULLs never match.
    var hasIntegerKey: Bool {
        keyTypes.count == 1 && keyTypes[0].isInteger && keyTypes[0] != .int128 && !isNullSafe[0]
    }

    /// True where a match's build row is looked at.
    var readsBuildRows: Bool {
        marksBuildRows
            || outputs.contains { if case .build = $0 { true } else { false } }
    }

    /// True where the build side gathers keys and no rows.
    var keepsKeysOnly: Bool { asksOnlyForKeys && hasIntegerKey }

    private static func needsMatchedRows(_ kind: JoinKind, buildsLeft: Bool) -> Bool {
        kind == .full || (buildsLeft && kind != .inner)
    }

    private static func keyType(
        _ left: PhysicalType, _ right: PhysicalType
    ) throws(StarlingError) -> PhysicalType {
        if left == right { return left }
        guard left.isInteger, right.isInteger else {
            throw StarlingError(.internal, "join keys of types \(left) and \(right)")
        }
        return left.byteWidth > right.byteWidth ? left : right
    }
}
