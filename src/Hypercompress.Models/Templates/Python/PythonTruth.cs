using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Which values count as true.</summary>
internal static class PythonTruth
{
    /// <summary>Python's <c>bool(value)</c>.</summary>
    /// <exception cref="TemplateException">The value is not there and the template is strict.</exception>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        BigInteger number => !number.IsZero,
        string text => text.Length > 0,
        TemplateMarkup markup => markup.Text.Length > 0,
        TemplateSequence sequence => sequence.Items.Count > 0,
        TemplateMap map => map.Count > 0,
        TemplateView view => view.Items.Count > 0,
        Undefined missing => Empty(missing),
        _ => true,
    };

    private static bool Empty(Undefined missing)
    {
        missing.CountAsEmpty();
        return false;
    }
}
