using System.Globalization;
using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>A path to a part of an item, such as <c>function.name</c> or <c>0</c>.</summary>
/// <param name="Keys">The keys of the path, in order; none leads to the item itself.</param>
internal sealed record AttributePath(IReadOnlyList<object> Keys)
{
    /// <summary>Reads the argument <c>attribute</c> of a filter.</summary>
    public static AttributePath From(object? attribute) => attribute switch
    {
        null => new AttributePath([]),
        _ when PythonTypes.TextOf(attribute) is { } text => new AttributePath([.. text.Split('.').Select(Key)]),
        _ => new AttributePath([attribute]),
    };

    /// <summary>Reads several paths with commas between.</summary>
    public static IReadOnlyList<AttributePath> Several(object? attribute) =>
        PythonTypes.TextOf(attribute) is { } text ? [.. text.Split(',').Select(From)] : [From(attribute)];

    /// <summary>The part of an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <param name="absent">What takes the place of a part that is not there; null for none.</param>
    public object? Of(object? item, TemplateRun run, object? absent = null)
    {
        foreach (object key in Keys)
        {
            item = TemplateMembers.Item(item, key, run);
            item = item is Undefined && absent is not null ? absent : item;
        }

        return item;
    }

    private static object Key(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : name;
}
