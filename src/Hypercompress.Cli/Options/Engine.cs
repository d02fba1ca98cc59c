namespace Hypercompress.Cli.Options;

/// <summary>What computes a model.</summary>
internal enum Engine
{
    /// <summary>Stored codes are multiplied as they are.</summary>
    Integer,

    /// <summary>libtorch, in float32.</summary>
    Float,
}
