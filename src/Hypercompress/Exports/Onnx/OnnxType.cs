namespace Hypercompress.Exports.Onnx;

/// <summary>Element types of ONNX, with their numbers in the file.</summary>
internal enum OnnxType
{
    /// <summary>Single precision.</summary>
    Float = 1,

    /// <summary>8 bits without sign.</summary>
    UInt8 = 2,

    /// <summary>64 bits with sign.</summary>
    Int64 = 7,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>Half precision.</summary>
    Float16 = 10,

    /// <summary>16 bits with the range of single precision.</summary>
    BFloat16 = 16,
}
