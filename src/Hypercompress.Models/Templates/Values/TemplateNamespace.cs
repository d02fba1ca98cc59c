namespace Hypercompress.Models.Templates.Values;

/// <summary>The one value that a template can change: <c>namespace(x=1)</c>, then <c>set ns.x = 2</c>.</summary>
/// <param name="attributes">Its attributes; names or, from a dict, other keys.</param>
internal sealed class TemplateNamespace(TemplateMap attributes) : TemplateObject
{
    /// <summary>Its attributes.</summary>
    public TemplateMap Attributes { get; } = attributes;

    /// <inheritdoc/>
    public override string TypeName => "Namespace";

    /// <inheritdoc/>
    public override bool TryAttribute(string name, out object? value) => Attributes.TryGet(name, out value);
}
