// The state combinators of StarRocks, for every aggregate f there is:
//
//     f_state(args)          a state that has seen one row
//     f_combine(args)        an aggregate: the state that has seen the group's rows
//     f_union(state)         an aggregate: one state of those of the group
//     f_merge(state)         an aggregate: what f comes to over all rows that the states have seen
//     f_state_union(s, t)    one state of two
//     f_state_merge(s)       what f comes to over all rows that the state has seen

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

extension AggregateFunction {
    /// The names with which combinators find the function.
    private var names: [String] { [name] + aliases }

    /// The combinators that are aggregates, by name.
    var combiningAggregates: [(String, AggregateFunction)] {
        let (merge, union, combine) = (merging, uniting, combining)
        return names.flatMap {
            [("\($0)_merge", merge), ("\($0)_union", union), ("\($0)_combine", combine)]
        }
    }

    /// The combinators that are scalar functions, by name.
    var combiningScalars: [(String, ScalarFunction)] {
        let (state, union, merge) = (stating, unitingTwo, mergingOne)
        return names.flatMap {
            [
                ("\($0)_state", state), ("\($0)_state_union", union), ("\($0)_state_merge", merge),
            ]
        }
    }

    private func stateType(_ types: [LogicalType]) -> LogicalType {
        .aggregateState(function: name, arguments: types)
    }

    /// Finds the argument types of the state that a combinator is given.
    private func stateArguments(
        _ arguments: ArgumentList, _ suffix: String, count: Int = 1
    ) throws(StarlingError) -> [LogicalType] {
        try arguments.expectCount(count...count, of: name + suffix)
        for (position, type) in arguments.types.enumerated() where type != .null {
            guard case .aggregateState(name, _) = type,
                type == arguments.types.first(where: { $0 != .null })
            else {
                throw arguments.mismatch(
                    position, of: name + suffix, expected: "a state of \(name)()")
            }
        }
        guard case .aggregateState(_, let types) = arguments.types.first(where: { $0 != .null })
        else {
            throw arguments.mismatch(0, of: name + suffix, expected: "a state of \(name)()")
        }
        return types
    }

    // MARK: Aggregates

    private var merging: AggregateFunction {
        AggregateFunction(
            "\(name)_merge", summary: "Gives the result of \(name)() over all states.",
            dependsOnOrder: dependsOnOrder, resultOverNoRows: resultOverNoRows,
            resolve: { [self] arguments throws(StarlingError) in
                let types = try stateArguments(arguments, "_merge")
                return FunctionSignature(
                    [stateType(types)], returns: try storingSignature(types).resultType)
            },
            makeKernel: { [self] types throws(StarlingError) in
                try stateKernel(types, givesStates: false)
            })
    }

    private var uniting: AggregateFunction {
        AggregateFunction(
            "\(name)_union", summary: "Makes one state of \(name)() of all.",
            dependsOnOrder: dependsOnOrder,
            resolve: { [self] arguments throws(StarlingError) in
                let type = stateType(try stateArguments(arguments, "_union"))
                return FunctionSignature([type], returns: type)
            },
            makeKernel: { [self] types throws(StarlingError) in
                try stateKernel(types, givesStates: true)
            })
    }

    private func stateKernel(
        _ types: AggregateCallTypes, givesStates: Bool
    ) throws(StarlingError) -> any AggregateKernel {
        guard case .aggregateState(_, let arguments) = types.signature.argumentTypes[0] else {
            throw StarlingError(.internal, "\(name)() over values that are no states")
        }
        return StateKernel(
            inner: try storingKernel(arguments), argumentTypes: arguments, takesStates: true,
            givesStates: givesStates)
    }

    private var combining: AggregateFunction {
        AggregateFunction(
            "\(name)_combine", summary: "Gives the state of \(name)() over the rows of a group.",
            ignoresDuplicates: ignoresDuplicates, dependsOnOrder: dependsOnOrder,
            resolve: { [self] arguments throws(StarlingError) in try stateSignature(arguments) },
            makeKernel: { [self] types throws(StarlingError) in
                let arguments = types.signature.argumentTypes
                return StateKernel(
                    inner: try storingKernel(arguments), argumentTypes: arguments,
                    takesStates: false, givesStates: true)
            })
    }

    private func stateSignature(_ arguments: ArgumentList) throws(StarlingError)
        -> FunctionSignature
    {
        let types = try resolve(arguments).argumentTypes
        return FunctionSignature(types, returns: stateType(types))
    }

    // MARK: Scalar functions

    private var stating: ScalarFunction {
        ScalarFunction(
            "\(name)_state", summary: "Gives a state of \(name)() that has seen one row.",
            nullHandling: .handled, neverGivesNull: true,
            resolve: { [self] arguments throws(StarlingError) in try stateSignature(arguments) },
            evaluate: { [self] invocation throws(StarlingError) in
                let types = invocation.signature.argumentTypes
                let kernel = try storingKernel(types)
                let states = LooseStates(kernel, count: invocation.count)
                let heap = StringHeap()
                let arguments = zip(invocation.arguments, types).map {
                    $1.isNested ? packed($0, asKey: false) : $0.widened(to: $1)
                }
                try kernel.update(
                    groups: states.groups, offset: 0, arguments: arguments,
                    count: invocation.count, heap: heap)
                defer { withExtendedLifetime((states, heap)) {} }
                return try kernel.stored(states.groups, offset: 0, count: invocation.count)
            })
    }

    private var unitingTwo: ScalarFunction {
        ScalarFunction(
            "\(name)_state_union",
            summary: "Makes one state of \(name)() of two; NULL counts for nothing.",
            nullHandling: .handled,
            resolve: { [self] arguments throws(StarlingError) in
                let type = stateType(try stateArguments(arguments, "_state_union", count: 2))
                return FunctionSignature([type, type], returns: type)
            },
            evaluate: { [self] invocation throws(StarlingError) in
                let (kernel, states, heap) = try united(invocation)
                defer { withExtendedLifetime((states, heap)) {} }
                var result = try kernel.stored(states.groups, offset: 0, count: invocation.count)
                let sides = invocation.arguments
                for row in 0..<invocation.count
                where !sides[0].isValid(row) && !sides[1].isValid(row) {
                    result.setNull(row)
                }
                return result
            })
    }

    private var mergingOne: ScalarFunction {
        ScalarFunction(
            "\(name)_state_merge", summary: "Gives the result of \(name)() over a state.",
            resolve: { [self] arguments throws(StarlingError) in
                let types = try stateArguments(arguments, "_state_merge")
                return FunctionSignature(
                    [stateType(types)], returns: try storingSignature(types).resultType)
            },
            evaluate: { [self] invocation throws(StarlingError) in
                let (kernel, states, heap) = try united(invocation)
                var result = try kernel.finalize(
                    groups: states.groups, offset: 0, count: invocation.count)
                if result.physicalType == .string {
                    result.owner = OwnerList.joining(result.owner, heap)
                }
                withExtendedLifetime(states) {}
                let type = invocation.signature.resultType
                return type.isNested
                    ? unpacked(result, as: type)
                    : type.widestPhysicalType.isInteger
                        ? result.withIntegerLayout(invocation.resultPhysicalType) : result
            })
    }

    /// Reads the states of each row and combines them.
    private func united(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> (any AggregateKernel, LooseStates, StringHeap) {
        guard case .aggregateState(_, let types) = invocation.signature.argumentTypes[0] else {
            throw StarlingError(.internal, "\(name)() over values that are no states")
        }
        let inner = try storingKernel(types)
        let kernel = StateKernel(
            inner: inner, argumentTypes: types, takesStates: true, givesStates: false)
        let states = LooseStates(inner, count: invocation.count)
        let heap = StringHeap()
        for argument in invocation.arguments {
            try kernel.update(
                groups: states.groups, offset: 0, arguments: [argument],
                count: invocation.count, heap: heap)
        }
        return (inner, states, heap)
    }
}
