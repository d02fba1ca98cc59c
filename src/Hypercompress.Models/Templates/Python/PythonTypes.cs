using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's types of values: their names, and which values are texts or numbers.</summary>
internal static class PythonTypes
{
    /// <summary>Python's name of a value's type, for messages.</summary>
    public static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        TemplateMarkup => "Markup",
        TemplateList => "list",
        TemplateTuple => "tuple",
        TemplateRange => "range",
        TemplateMap => "dict",
        TemplateView view => view.Kind,
        TemplateIterator => "generator",
        TemplateObject other => other.TypeName,
        _ => "Undefined",
    };

    /// <summary>The characters of a text, marked as HTML or not; null for other values.</summary>
    public static string? TextOf(object? value) => value switch
    {
        string text => text,
        TemplateMarkup markup => markup.Text,
        _ => null,
    };

    /// <summary>Whether a value is a whole number; True and False are, in Python.</summary>
    public static bool IsInteger(object? value) => value is long or bool or BigInteger;

    /// <summary>A whole number of any size.</summary>
    public static BigInteger ToBig(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        _ => (BigInteger)value!,
    };

    /// <summary>A number as float.</summary>
    /// <exception cref="TemplateException">It is too large for one.</exception>
    public static double ToReal(object? value) => value switch
    {
        double real => real,
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => (double)(BigInteger)value! is var real && double.IsFinite(real)
            ? real
            : throw new TemplateException("a whole number is too large for a float"),
    };

    /// <summary>A whole number in its usual form: 64 bits where they suffice.</summary>
    public static object Normal(BigInteger number) =>
        number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;

    /// <summary>Refuses a value that is not there.</summary>
    /// <exception cref="TemplateException">It is not there.</exception>
    public static void RequireDefined(object? value)
    {
        if (value is Undefined missing)
        {
            throw missing.Failure();
        }
    }
}
