using Hypercompress.NumberFormats;

namespace Hypercompress.Branches;

/// <summary>A branch that lets every branch store its values in narrower formats.</summary>
internal interface IValueFormatSource
{
    /// <summary>The formats, finest first.</summary>
    IReadOnlyList<ValueFormat> Formats { get; }
}
