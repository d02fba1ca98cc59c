namespace Hypercompress.Models.Transformer.Weights;

/// <summary>How a model holds the matrices that it reads from a checkpoint.</summary>
internal enum WeightHolding
{
    /// <summary>In memory, as float32.</summary>
    Dense,

    /// <summary>In memory as they are stored, to be multiplied without libtorch.</summary>
    Packed,

    /// <summary>In the file, read when they are used.</summary>
    Streamed,
}
