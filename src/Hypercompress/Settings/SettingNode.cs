namespace Hypercompress.Settings;

/// <summary>A piece of configuration as it was written, before it is converted.</summary>
/// <param name="Origin">Where it was written.</param>
internal abstract record SettingNode(SettingOrigin Origin)
{
    /// <summary>The kind of node, for messages.</summary>
    public abstract string Description { get; }

    /// <summary>True for nothing at all, <c>~</c> and <c>null</c>.</summary>
    public virtual bool IsNull => false;
}
