namespace Hypercompress.Models.Kernels;

/// <summary>How precisely inputs are quantized before integer codes multiply them.</summary>
internal enum InputPrecision
{
    /// <summary>Eight bits with a scale for every 32 numbers.</summary>
    Byte,

    /// <summary>The same, and the rounding error in eight more bits in the same way: twice the products.</summary>
    Word,
}
