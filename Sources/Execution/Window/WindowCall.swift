import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Names a window function to compute over columns of the input.
package struct WindowCall: Sendable {
    package enum Function: Sendable {
        case aggregate(any AggregateKernel)
        case ranking(WindowFunction.Kind)
    }

    /// Ends a frame on one side.
    package enum Bound: Sendable, Hashable {
        case unboundedPreceding
        /// The column holds a number of rows or, for RANGE, the key at which the frame ends.
        case preceding(column: Int)
        case currentRow
        case following(column: Int)
        case unboundedFollowing
    }

    package struct Frame: Sendable, Hashable {
        package var unit: WindowFrame.Unit
        package var start: Bound
        package var end: Bound
        package var exclusion: WindowFrame.Exclusion?

        package init(
            unit: WindowFrame.Unit, start: Bound, end: Bound,
            exclusion: WindowFrame.Exclusion? = nil
        ) {
            self.unit = unit
            self.start = start
            self.end = end
            self.exclusion = exclusion
        }
    }

    package var function: Function
    /// Positions in the input.
    package var arguments: [Int]
    /// The position of a BOOLEAN; an aggregate leaves out rows for which it is not true.
    package var condition: Int?
    package var frame: Frame
    package var ignoresNulls: Bool
    package var resultType: PhysicalType
    /// Where the call stands in the text, for errors over data.
    package var place: TextRange?

    package init(
        function: Function, arguments: [Int], condition: Int? = nil, frame: Frame,
        ignoresNulls: Bool = false, resultType: PhysicalType, place: TextRange? = nil
    ) {
        self.function = function
        self.arguments = arguments
        self.condition = condition
        self.frame = frame
        self.ignoresNulls = ignoresNulls
        self.resultType = resultType
        self.place = place
    }

    /// The column whose NULLs a function that picks rows passes over: its argument with IGNORE
    /// NULLS, or its condition, which is NULL where it does not hold. Nil where all rows count.
    var countedColumn: Int? {
        if case .ranking = function, let condition { return condition }
        return ignoresNulls && !arguments.isEmpty ? arguments[0] : nil
    }
}
