// The scalar functions that there are, named file by file in the families of the reference.

extension FunctionRegistry {
    /// Names the files that implement scalar functions.
    static let scalarFamilies: [(name: String, rows: [ScalarFunction])] = [
        ("Operators", [Arithmetic.rows, Division.rows, Bits.rows].flatMap { $0 }),
        (
            "Numbers",
            [
                RealFunctions.rows, Rounding.rows, Signs.rows, RandomNumbers.rows,
                BucketsAndRemainders.rows, Identifiers.rows,
            ].flatMap { $0 }
        ),
        (
            "Conditions",
            [Conditions.rows, GreatestAndLeast.rows, FieldIndex.rows, NullChecks.rows]
                .flatMap { $0 }
        ),
        (
            "Strings",
            [
                Substrings.rows, TextMeasures.rows, TextChanges.rows, Concatenation.rows,
                TextSearch.rows, Translations.rows, NumberTexts.rows, Addresses.rows,
                Compressions.rows,
            ].flatMap { $0 }
        ),
        (
            "Text search",
            [Tokenizing.rows, TextMatching.rows, TextScore.rows, TextMarking.rows].flatMap { $0 }
        ),
        ("Hashes and digests", [HashFunctions.rows, SortKeys.rows].flatMap { $0 }),
        (
            "Bitmaps",
            [BitmapConversions.rows, BitmapSets.rows, BitmapParts.rows, BitmapArrays.rows]
                .flatMap { $0 }
        ),
        (
            "Sketches",
            [DistinctSketches.rows, PercentileSketches.rows, ThetaSketches.scalars].flatMap { $0 }
        ),
        ("Regular expressions", [RegexpFunctions.rows, RegexpArrays.rows].flatMap { $0 }),
        (
            "Dates and times",
            [
                DateParts.rows, TimeParts.rows, ISODates.rows, DateAddition.rows,
                DateDifference.rows,
                DateTruncation.rows, DateFormats.rows, CurrentTime.rows, UnixTime.rows,
                UnitDifferences.rows, TimeSlices.rows, WeekdaySteps.rows, ClockTimes.rows,
                JodaAndTeradata.rows,
            ].flatMap { $0 }
        ),
        (
            "Arrays, maps and structures",
            [
                NestedConstructors.rows, NestedAccess.rows, ListMeasures.rows, MapParts.rows,
                NestedSeries.rows, ArrayNumbers.rows, ArrayChanges.rows, ArrayTexts.rows,
                ValueCounts.rows, ArraySets.rows, ArraySeries.rows, ArrayPairs.rows,
                ArrayDistances.rows,
                MapChanges.rows, TextMaps.rows, LambdaFunctions.rows,
            ].flatMap { $0 }
        ),
        (
            "JSON",
            [
                DocumentMaking.rows, DocumentReading.rows, DocumentQuestions.rows,
                DocumentEditing.rows, VariantFunctions.rows,
            ]
            .flatMap { $0 }
        ),
        ("Session and types", SessionQuestions.rows),
    ]

    static let scalarRows = scalarFamilies.flatMap(\.rows)
}
