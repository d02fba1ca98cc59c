namespace Hypercompress.Models.Kernels;

/// <summary>How exactly the inputs of codes are made whole numbers.</summary>
internal enum InputPrecision
{
    /// <summary>Eight bits with a scale for every 32 numbers.</summary>
    Byte,

    /// <summary>The same, and eight bits for what that leaves over, at twice the products.</summary>
    Word,
}
