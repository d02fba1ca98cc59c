namespace Hypercompress.Models.Templates.Library;

/// <summary>All filters by their names.</summary>
internal static class FilterCatalog
{
    private static readonly Dictionary<string, TemplateFilter> Filters = new[]
    {
        TextFilters.All, HtmlFilters.All, NumberFilters.All, ListFilters.All, SortFilters.All, SelectionFilters.All,
    }.SelectMany(part => part).ToDictionary(StringComparer.Ordinal);

    /// <summary>The filter of a name, or null.</summary>
    public static TemplateFilter? Find(string name) => Filters.GetValueOrDefault(name);
}
