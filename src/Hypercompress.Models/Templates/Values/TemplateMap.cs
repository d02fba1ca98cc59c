namespace Hypercompress.Models.Templates.Values;

/// <summary>A dictionary or namespace: text keys in the order of their arrival.</summary>
internal sealed class TemplateMap : OrderedDictionary<string, object?>
{
    /// <summary>Whether <c>set</c> may assign to its members.</summary>
    public bool IsNamespace { get; init; }
}
