import SystemCalls

/// The folder of images, whose objects the verbs take special care of.
public enum CacheFolder {
    /// The folder where no configuration names another.
    public static let standard: RelativePath = "docker-cache"
}
