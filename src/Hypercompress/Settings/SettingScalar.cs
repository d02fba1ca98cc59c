namespace Hypercompress.Settings;

/// <summary>A single value.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Text">Its text, without quotes.</param>
/// <param name="IsQuoted">True when it was written as text, so that it is not a number, truth value or null.</param>
internal sealed record SettingScalar(SettingOrigin Origin, string Text, bool IsQuoted) : SettingNode(Origin)
{
    public override string Description => IsQuoted ? $"the text \"{Text}\"" : IsNull ? "nothing" : $"'{Text}'";

    public override bool IsNull => !IsQuoted && (Text is "" or "~" or "null" or "Null" or "NULL");
}
