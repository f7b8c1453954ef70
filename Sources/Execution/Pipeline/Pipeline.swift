// A pipeline moves chunks from a source through transforms into a sink, on all workers at once:
//
// 1. Every worker makes its own reader of the source and its own chain of consumers, so that
//    nothing on the way of a chunk is shared or locked.
// 2. It takes chunks until the source has no more.
// 3. Transforms that give rows at the end (unmatched rows of an outer join) do so behind a
//    barrier, first to last.
// 4. The sink's workers have gathered; then the sink combines them, and what it made is the source
//    of a later pipeline.

import StarlingErrors
import StarlingVectors

/// Gives the chunks of a pipeline.
package protocol Source: AnyObject, Sendable {
    /// Does what has to be done before readers are made; may run pipelines of its own.
    func prepare(_ execution: QueryExecution) throws(StarlingError)

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader

    /// How its reading is measured. Asked when it is prepared.
    var extent: SourceExtent { get }

    /// More readers than this find nothing to read; known once the source is prepared.
    var readerCountMax: Int { get }
}

extension Source {
    package var extent: SourceExtent { .given(rowCount: nil) }
    package var readerCountMax: Int { .max }
}

/// Is a source that has nothing to do before it is read.
package protocol ReadySource: Source {}

extension ReadySource {
    package func prepare(_ execution: QueryExecution) {}
}

/// Takes morsels from a source for one worker.
package protocol SourceReader: AnyObject {
    /// Returns the next chunk, never an empty one, or nil when the source has no more.
    func next() throws(StarlingError) -> Chunk?

    /// Numbers the morsel that the last chunk came from, in the order of the source's rows; a
    /// worker's numbers ascend. Nil where the source has no order, or one reader has all rows.
    var morselNumber: Int? { get }
}

extension SourceReader {
    package var morselNumber: Int? { nil }
}

/// Takes chunks on one worker: the rest of the pipeline, seen from an operator.
package protocol ChunkConsumer: AnyObject {
    func consume(_ chunk: Chunk) throws(StarlingError)
}

/// Changes chunks on their way. Shared by all workers; what changes lives in its workers.
package protocol Transform: AnyObject, Sendable {
    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker
}

/// Runs a transform on one worker; hands what it makes to the `next` it was made with.
package protocol TransformWorker: ChunkConsumer {
    /// True where no further chunk can change what the pipeline makes.
    var isFinished: Bool { get }

    /// Gives rows that are only known after the last chunk of all workers. Called on all workers.
    func giveRemainingRows() throws(StarlingError)
}

extension TransformWorker {
    package var isFinished: Bool { false }

    package func giveRemainingRows() throws(StarlingError) {}
}

/// Gathers what a pipeline makes.
package protocol Sink: AnyObject, Sendable {
    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker

    /// Completes the sink after all of its workers have finished; may use all workers itself.
    func combine(_ execution: QueryExecution) throws(StarlingError)

    /// What it does when no row comes any more.
    var completion: SinkCompletion { get }
}

extension Sink {
    package var completion: SinkCompletion { SinkCompletion() }
}

/// Gathers for one worker.
package protocol SinkWorker: ChunkConsumer {
    /// Hands what was gathered to the sink. Called once, after the last chunk.
    func finish() throws(StarlingError)
}

/// Gathers for one worker with an eye on the order of the rows.
package protocol MorselSinkWorker: SinkWorker {
    /// Tells where the next chunk comes from.
    func beginMorsel(_ number: Int?) throws(StarlingError)

    /// Tells that the source has no more for this worker, which may help others now. Rows that
    /// transforms give at their end come later.
    func endSource() throws(StarlingError)
}

/// Gathers rows in the order of a sort, which several workers bring, each a morsel at a time.
package protocol OrderedSink: Sink {
    /// The rows of a morsel; nil where the order does not matter.
    var morselRowCount: Int? { get }
}

/// Says that a transform gives rows at the end, so that the runner sets a barrier before it.
package protocol RemainderGiving: Transform {
    /// False where it turned out that there are none. Asked when earlier pipelines have run.
    var givesRemainder: Bool { get }
}

extension Transform {
    /// Tells whether rows come at the end.
    var hasRemainder: Bool { (self as? any RemainderGiving)?.givesRemainder ?? false }
}

/// Joins a source, transforms and a sink.
package struct Pipeline: Sendable {
    package var source: any Source
    package var transforms: [any Transform]
    package var sink: any Sink
    /// That of the operator which the sink belongs to, where operators are measured.
    var sinkExecution: QueryExecution?
    /// The most rows that pass any of its operators, as the plan expects them.
    var work = 0.0

    package init(source: any Source, transforms: [any Transform], sink: any Sink) {
        self.source = source
        self.transforms = transforms
        self.sink = sink
    }
}
