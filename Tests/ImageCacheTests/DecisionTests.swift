import Testing

@testable import ImageCache

/// What is done about an image, by what was seen: no engine, no repository, no file.
@Suite struct DecisionTests {
    /// Whether Git lacks something, whether the archive is damaged, and what is done then.
    private typealias Row = (state: EntryState, isUnstaged: Bool, isDamaged: Bool, decision: Decision)

    private static let current: [Row] = [
        (.fresh, false, false, .use), (.fresh, true, false, .useAndStage),
        (.pointer, false, false, .use), (.pointer, true, false, .useAndStage),
        (.fresh, false, true, .restore), (.fresh, true, true, .restore),
        (.pointer, false, true, .restore), (.pointer, true, true, .restore),
        (.stale, false, false, .restore), (.stale, true, false, .restore), (.stale, false, true, .restore),
        (.corrupt, false, false, .restore), (.corrupt, true, false, .restore), (.corrupt, false, true, .restore),
        (.missing, false, false, .restore), (.missing, true, false, .restore), (.missing, false, true, .restore),
    ]

    @Test func updatingUsesWhatFitsAndRestoresOrBuildsTheRest() {
        for row in Self.current {
            let entry = Decision.Entry(state: row.state, isUnstaged: row.isUnstaged, isDamaged: row.isDamaged)
            #expect(Decision.judge(.current, entry) == row.decision, "\(row)")
        }
        #expect(Set(Self.current.map(\.state)) == Set(EntryState.allCases))
    }

    @Test func aFrozenRunUsesAnEntryOrRefuses() {
        for state in EntryState.allCases {
            let expected: Decision = state.isUsable ? .use : .refuse(.unusable(state))
            for isUnstaged in [false, true] {
                let entry = Decision.Entry(state: state, isUnstaged: isUnstaged)
                #expect(Decision.judge(.frozen, entry) == expected, "\(state)")
            }
        }
    }

    @Test func aRebuildBuildsWhateverThereIs() {
        for state in EntryState.allCases {
            #expect(Decision.judge(.rebuilt, .init(state: state)) == .build)
            #expect(Decision.judge(.rebuilt, .init(state: state, isUnstaged: true, isDamaged: true)) == .build)
        }
    }

    @Test func anImageWithoutEntryIsBuiltUnlessNothingMayBeBuilt() {
        #expect(Decision.judge(.current, nil) == .build)
        #expect(Decision.judge(.rebuilt, nil) == .build)
        #expect(Decision.judge(.frozen, nil) == .refuse(.notCached))
    }

    @Test func onlyWhatWritesNeedsTheLock() {
        for decision in [Decision.use, .refuse(.notCached), .refuse(.unusable(.stale))] {
            #expect(!decision.needsLock, "\(decision)")
        }
        for decision in [Decision.useAndStage, .restore, .build] { #expect(decision.needsLock, "\(decision)") }
    }

    @Test func anImageThatIsThereUnderItsNameNeedsNothing() {
        #expect(EngineImages.Holding.allCases.map(\.action) == [.current, .loaded, .loaded])
    }
}
