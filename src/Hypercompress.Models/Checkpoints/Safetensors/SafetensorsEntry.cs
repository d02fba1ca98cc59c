namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Info">Its name, type and shape.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Begin">Where its data starts, in bytes from the start of the data.</param>
internal sealed record SafetensorsEntry(TensorInfo Info, StoredType Type, long Begin)
{
    /// <summary>Where its data ends.</summary>
    public long End => Begin + Info.ByteLength;
}
