using System.Collections.Immutable;

namespace Hypercompress.Settings;

/// <summary>A list.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Items">Its items in order.</param>
internal sealed record SettingSequence(SettingOrigin Origin, ImmutableArray<SettingNode> Items) : SettingNode(Origin)
{
    public override string Description => "a list";
}
