namespace Hypercompress.Targets;

/// <summary>This program: artifacts with every form and number format.</summary>
internal sealed class OwnRuntime : RuntimeTarget
{
    /// <inheritdoc/>
    public override string Name => RuntimeTargets.OwnName;

    /// <inheritdoc/>
    public override bool HoldsAllForms => true;
}
