namespace Hypercompress.Settings;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Path">Full dotted path of the key.</param>
/// <param name="Problem">What is wrong, what was found, and what it may be.</param>
internal sealed record ConfigurationFault(SettingOrigin Origin, string Path, string Problem)
{
    public override string ToString() => $"{Origin}: {Path} {Problem}";
}
