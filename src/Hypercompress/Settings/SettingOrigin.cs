using System.Globalization;

namespace Hypercompress.Settings;

/// <summary>Where a setting was written.</summary>
/// <param name="Source">A file, or a command-line option with its value.</param>
/// <param name="Line">1-based line of the file; 0 for an option.</param>
internal readonly record struct SettingOrigin(string Source, int Line)
{
    public override string ToString() =>
        Line == 0 ? Source : string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}");
}
