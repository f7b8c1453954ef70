// A scalar function is a row: what it is called, which types it takes and gives, and the kernel
// that runs it on vectors. The binder, the evaluator, `SHOW FUNCTIONS` and the SQL reference all
// read the same row.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Describes and implements one scalar function.
package final class ScalarFunction: Sendable {
    /// Says what a NULL argument does.
    package enum NullHandling: Sendable {
        /// The result is NULL; the evaluator sees to it and `evaluate` may ignore validity. It is
        /// called for those rows all the same and must neither trap nor throw for them. NULLs
        /// that `evaluate` itself gives (x / 0) stay: the evaluator adds those of the arguments.
        case propagates
        /// The function looks at the validity of its arguments itself.
        case handled
    }

    package let name: String
    package let aliases: [String]
    package let summary: String
    /// An SQL expression and the text of its result, executed by the tests.
    package let examples: [(expression: String, result: String)]
    package let nullHandling: NullHandling
    /// True where arguments that are not NULL never give NULL.
    package let neverGivesNull: Bool
    /// False for random(), uuid() and the like: never folded, never shared.
    package let isDeterministic: Bool
    /// True where the result depends on the session's time zone.
    package let readsZone: Bool
    /// Where true, integer-like arguments come in the physical types they have; else they are
    /// widened to the layout of the signature's types first.
    package let takesNarrowIntegers: Bool
    /// True where values of arguments are compared with each other, which JSON is by its order key.
    package let comparesValues: Bool
    /// True where f(f(a, b), c) and f(a, f(b, c)) are f(a, b, c), all of one type.
    package let isAssociative: Bool
    /// Chooses the types for given arguments, or throws a binding error that names the function.
    package let resolve: @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature
    /// Bounds an integer-like result from the bounds of the arguments.
    package let resultBounds: (@Sendable (FunctionSignature, [Bounds?]) -> Bounds?)?
    package let evaluate: @Sendable (FunctionInvocation) throws(StarlingError) -> Vector

    package init(
        _ name: String, aliases: [String] = [], summary: String,
        examples: [(expression: String, result: String)] = [],
        nullHandling: NullHandling = .propagates, neverGivesNull: Bool = false,
        isDeterministic: Bool = true, readsZone: Bool = false,
        takesNarrowIntegers: Bool = false, comparesValues: Bool = false,
        isAssociative: Bool = false,
        resolve: @escaping @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature,
        resultBounds: (@Sendable (FunctionSignature, [Bounds?]) -> Bounds?)? = nil,
        evaluate: @escaping @Sendable (FunctionInvocation) throws(StarlingError) -> Vector
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.examples = examples
        self.nullHandling = nullHandling
        self.neverGivesNull = neverGivesNull
        self.isDeterministic = isDeterministic
        self.readsZone = readsZone
        self.takesNarrowIntegers = takesNarrowIntegers
        self.comparesValues = comparesValues
        self.isAssociative = isAssociative
        self.resolve = resolve
        self.resultBounds = resultBounds
        self.evaluate = evaluate
    }
}

extension ScalarFunction: Hashable {
    package static func == (left: ScalarFunction, right: ScalarFunction) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Holds the arguments of a call as the binder knows them.
package struct ArgumentList: Sendable {
    package var types: [LogicalType]
    /// The values of arguments that are literals.
    package var constants: [Value?]

    package init(types: [LogicalType], constants: [Value?]) {
        self.types = types
        self.constants = constants
    }
}

/// Holds the types that a call is made with; the binder casts the arguments to them.
package struct FunctionSignature: Hashable, Sendable {
    package var argumentTypes: [LogicalType]
    package var resultType: LogicalType
    /// Where the call stands in the text, for errors over data. Calls are equal wherever they are.
    package var place: TextRange?

    package init(_ argumentTypes: [LogicalType], returns resultType: LogicalType) {
        self.argumentTypes = argumentTypes
        self.resultType = resultType
    }

    package static func == (left: FunctionSignature, right: FunctionSignature) -> Bool {
        left.argumentTypes == right.argumentTypes && left.resultType == right.resultType
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(argumentTypes)
        hasher.combine(resultType)
    }
}

/// Holds everything that a kernel needs for one chunk.
///
/// Arguments are flat or constant. The result may be flat or constant, in `resultPhysicalType`.
package struct FunctionInvocation: Sendable {
    package var arguments: [Vector]
    package var signature: FunctionSignature
    package var resultPhysicalType: PhysicalType
    package var count: Int
    package var session: SessionValues

    package init(
        arguments: [Vector], signature: FunctionSignature, resultPhysicalType: PhysicalType,
        count: Int, session: SessionValues
    ) {
        self.arguments = arguments
        self.signature = signature
        self.resultPhysicalType = resultPhysicalType
        self.count = count
        self.session = session
    }
}

/// Holds what functions read of the session, fixed for the length of a statement.
package struct SessionValues: Sendable {
    /// Microseconds since 1970 in UTC, the same for all calls of now() in a statement.
    package var statementTime: Int64
    package var timeZone: String
    package var settings: [String: String]
    /// What results that may be large have to find room in; nil where that does not matter.
    package var budget: MemoryBudget?
    /// What evaluation asks between its steps whether to go on; nil where it takes no time.
    package var cancellation: Cancellation?

    package init(
        statementTime: Int64, timeZone: String = "UTC", settings: [String: String] = [:],
        budget: MemoryBudget? = nil, cancellation: Cancellation? = nil
    ) {
        self.statementTime = statementTime
        self.timeZone = timeZone
        self.settings = settings
        self.budget = budget
        self.cancellation = cancellation
    }
}
