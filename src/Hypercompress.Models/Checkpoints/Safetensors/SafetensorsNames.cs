namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>Names of the safetensors files in a Hugging Face model folder.</summary>
public static class SafetensorsNames
{
    /// <summary>Name of an unsharded checkpoint.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>Name of the index of a sharded checkpoint.</summary>
    public const string IndexFile = "model.safetensors.index.json";
}
