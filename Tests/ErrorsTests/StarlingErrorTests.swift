import StarlingErrors
import Testing

@Suite struct StarlingErrorTests {
    private let place = TextRange(start: 7, end: 9)
    private let other = TextRange(start: 1, end: 3)

    @Test func theInnermostPlaceStays() {
        let error = StarlingError(.binding, "no such column", at: place)
        #expect(error.located(at: other).range == place)
        #expect(StarlingError(.binding, "no").located(at: other).range == other)
        #expect(StarlingError(.binding, "no").located(at: nil).range == nil)
    }

    @Test(arguments: StarlingError.Kind.allCases)
    func onlyErrorsOverValuesGetThePlaceOfTheirExpression(kind: StarlingError.Kind) {
        let error = StarlingError(kind, "message").locatedIfData(at: place)
        #expect(error.range == (kind == .data ? place : nil))
    }

    @Test func descriptionsNameTheKind() {
        #expect("\(StarlingError(.resource, "too much"))" == "resource error: too much")
        #expect("\(StarlingError(.internal, "a defect"))" == "internal error: a defect")
    }

    @Test func rangesUniteWithWhatLiesBetween() {
        #expect(place.union(other) == TextRange(start: 1, end: 9))
        #expect(place.union(TextRange(start: 8, end: 8)) == place)
    }
}
