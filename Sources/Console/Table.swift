/// Rows under headings, for people; scripts use `--json`.
public struct Table: Sendable {
    /// A column and its side.
    public struct Column: ExpressibleByStringLiteral, Sendable {
        let heading: String
        let isRightAligned: Bool

        /// A column with its text at the left, or at the right for numbers.
        public init(_ heading: String, isRightAligned: Bool = false) {
            self.heading = heading
            self.isRightAligned = isRightAligned
        }

        /// A column with its text at the left.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }

    private let columns: [Column]
    private var rows: [[StyledText]] = []

    /// Makes a table without rows.
    public init(_ columns: Column...) {
        self.columns = columns
    }

    /// Makes a table without rows.
    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row, one cell per column.
    public mutating func append(_ cells: StyledText...) {
        rows.append(cells)
    }

    /// Adds a row, one cell per column.
    public mutating func append(_ cells: [StyledText]) {
        rows.append(cells)
    }

    /// The lines of the table, the last column not padded.
    func lines(colored: Bool) -> [String] {
        let all = [columns.map { StyledText($0.heading, .bold) }] + rows
        let widths = columns.indices.map { index in
            all.map { index < $0.count ? $0[index].width : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() where index < columns.count {
                let padding = String(repeating: " ", count: widths[index] - cell.width)
                let text = cell.rendered(colored: colored)
                if columns[index].isRightAligned {
                    line += padding + text
                } else {
                    line += index + 1 < row.count ? text + padding : text
                }
                if index + 1 < row.count { line += "  " }
            }
            return line
        }
    }
}

extension Terminal {
    /// Writes a table to stdout.
    public func table(_ table: Table) {
        for line in table.lines(colored: colorsOutput) { data(Array((line + "\n").utf8)) }
    }
}
