namespace Hypercompress.Settings;

/// <summary>A fault in a configuration.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Path">Full dotted path of the key.</param>
/// <param name="Problem">The fault, the value that was found, and the values that are allowed.</param>
internal sealed record ConfigurationFault(SettingOrigin Origin, string Path, string Problem)
{
    public override string ToString() => $"{Origin}: {Path} {Problem}";
}
