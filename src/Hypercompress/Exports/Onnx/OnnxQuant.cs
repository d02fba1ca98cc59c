namespace Hypercompress.Exports.Onnx;

/// <summary>How integer codes are exported to a graph.</summary>
internal enum OnnxQuant
{
    /// <summary>All matrices are plain numbers.</summary>
    None,

    /// <summary>
    /// Codes of 4 and 8 bits are kept, and numbers of 16 bits that are computed in single precision stay so in the
    /// file: nothing is rounded again.
    /// </summary>
    Keep,

    /// <summary>As <see cref="Keep"/>, and other matrices are rounded to 4 bits.</summary>
    Int4,
}
