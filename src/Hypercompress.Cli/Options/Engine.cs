namespace Hypercompress.Cli.Options;

/// <summary>What computes a model.</summary>
internal enum Engine
{
    /// <summary>Whole numbers for every model that they run; that is every model today.</summary>
    Auto,

    /// <summary>Stored codes are multiplied as they are.</summary>
    Integer,

    /// <summary>libtorch, in float32.</summary>
    Float,
}
