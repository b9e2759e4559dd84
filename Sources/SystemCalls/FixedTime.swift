/// The time of everything that is made to be the same wherever it is made: members of archives and staged contexts.
public enum FixedTime {
    /// 1980-01-01T00:00:00Z, in seconds since 1970: the first time that every archive format holds.
    public static let seconds: Int64 = 315_532_800
}
