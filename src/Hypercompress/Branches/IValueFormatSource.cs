using Hypercompress.NumberFormats;

namespace Hypercompress.Branches;

/// <summary>A branch that offers narrower formats for the values of every branch.</summary>
internal interface IValueFormatSource
{
    /// <summary>The formats, finest first.</summary>
    IReadOnlyList<ValueFormat> Formats { get; }
}
