// Where in the pool's random stream each of its blocks begins, so that blocks can be written
// independently. A test writes every block and finds the next checkpoint at its end, so these
// numbers follow from the first one.

/// Gives the first sentence that begins in a block.
package struct TextPoolCheckpoint: Sendable {
    /// Bytes from the beginning of the pool.
    package let offset: Int
    /// The state of the random stream before the sentence.
    package let state: UInt32

    package static let all = distancesAndStates.enumerated().map { block, entry in
        TextPoolCheckpoint(
            offset: block * TextPool.blockByteCount + entry.0, state: entry.1)
    }

    /// Bytes from the beginning of the block, and the state.
    private static let distancesAndStates: [(Int, UInt32)] = [
        (0, 933588178), (12, 1001037986), (49, 372880892), (16, 1888250274), (1, 809699373),
        (11, 178189401), (85, 1904724150), (0, 49290919), (28, 209733627), (58, 1358749167),
        (18, 527500449), (9, 1764675283), (5, 1084712691), (51, 1576586641), (40, 1260027658),
        (41, 1741907483), (62, 1291524125), (50, 1423464234), (72, 1660598068), (45, 1891086242),
        (29, 209865437), (21, 1397526647), (34, 1218906420), (14, 2072085719), (64, 1657717780),
        (21, 414021454), (56, 2132994276), (29, 1358990323), (34, 1891837877), (17, 814168055),
        (39, 2019991394), (32, 1286201642), (1, 590165177), (25, 1815629193), (27, 1269814713),
        (96, 142471346), (15, 1875494444), (45, 864835930), (29, 1867190863), (84, 2025297032),
        (36, 1645910426), (30, 1475102792), (74, 1950398647), (29, 839930337), (32, 2014156008),
        (24, 1230768624), (41, 898147472), (46, 378680176), (8, 2090819191), (26, 1749989393),
        (1, 900434268), (88, 1275107165), (17, 1969787732), (32, 570462456), (90, 454926013),
        (37, 1968030719), (61, 287680709), (26, 1630167476), (15, 1947351569), (63, 1264015450),
        (35, 1576073454), (31, 1069097988), (8, 1802270525), (28, 449228891), (21, 614424501),
        (40, 1868111160), (43, 1096076033), (2, 1884519524), (15, 461794825), (38, 624796100),
        (2, 1701302696), (26, 1843954768), (8, 1268842230), (33, 213565489), (43, 363412175),
    ]
}
