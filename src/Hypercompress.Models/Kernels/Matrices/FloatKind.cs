namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>How floating-point numbers are held.</summary>
public enum FloatKind
{
    /// <summary>Single precision, 4 bytes.</summary>
    Single,

    /// <summary>Half precision, 2 bytes.</summary>
    Half,

    /// <summary>bfloat16, 2 bytes.</summary>
    Brain,
}
