import SystemCalls
import SystemPackage

/// The records that a command has read, each once.
///
/// Not to be used from two threads at once.
public final class RecordShelf {
    private var records = Remembered<InputsRecord>()

    /// An empty shelf.
    public init() {}

    /// The record in a file, as far as `extent` asks for it or further; nil where there is none.
    public func record(at path: FilePath, _ extent: InputsRecord.Extent) throws(InputsError) -> InputsRecord? {
        try records.value(of: path, isEnough: { $0.covers(extent) }) { () throws(InputsError) in
            try InputsRecord.read(path, extent)
        }
    }
}
