namespace Hypercompress.Settings;

/// <summary>One key of a section.</summary>
/// <param name="Key">The key as it was written.</param>
/// <param name="Origin">Where the key was written.</param>
/// <param name="Value">Its value.</param>
internal sealed record SettingMember(string Key, SettingOrigin Origin, SettingNode Value);
