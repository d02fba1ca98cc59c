using System.Numerics;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The tests after <c>is</c>.</summary>
internal static class TestCatalog
{
    private static readonly Dictionary<string, Func<object?, TemplateArguments, bool>> Tests = new()
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long or BigInteger,
        ["float"] = (value, _) => value is double,
        ["number"] = (value, _) => PythonOrder.IsNumber(value),
        ["string"] = (value, _) => PythonTypes.TextOf(value) is not null,
        ["mapping"] = (value, _) => value is TemplateMap,
        ["sequence"] = (value, _) => value is TemplateSequence or TemplateMap or string or TemplateMarkup or Undefined,
        ["iterable"] = (value, _) => PythonIteration.CanIterate(value),
        ["callable"] = (value, _) => value is TemplateCallable or Undefined,
        ["escaped"] = (value, _) => value is TemplateMarkup,
        ["filter"] = (value, call) => FilterCatalog.Find(PythonText.Of(value, call.Run)) is not null,
        ["test"] = (value, call) => Find(PythonText.Of(value, call.Run)) is not null,
        ["odd"] = (value, call) => Remainder(value, 2L, 1L, call.Run),
        ["even"] = (value, call) => Remainder(value, 2L, 0L, call.Run),
        ["divisibleby"] = (value, call) => Remainder(value, call.Required(0, "num"), 0L, call.Run),
        ["lower"] = (value, call) => TextClasses.AllOfCase(PythonText.Of(value, call.Run), TextClasses.IsLower),
        ["upper"] = (value, call) => TextClasses.AllOfCase(PythonText.Of(value, call.Run), TextClasses.IsUpper),
        ["sameas"] = (value, call) => AreSame(value, call.Required(0, "other")),
        ["in"] = (value, call) => PythonOrder.Contains(call.Required(0, "seq"), value, call.Run),
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["=="] = Comparison("=="),
        ["ne"] = Comparison("!="),
        ["!="] = Comparison("!="),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<"] = Comparison("<"),
        ["le"] = Comparison("<="),
        ["<="] = Comparison("<="),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        [">"] = Comparison(">"),
        ["ge"] = Comparison(">="),
        [">="] = Comparison(">="),
    };

    /// <summary>The test of a name, or null.</summary>
    public static Func<object?, TemplateArguments, bool>? Find(string name) => Tests.GetValueOrDefault(name);

    private static Func<object?, TemplateArguments, bool> Comparison(string sign) =>
        (value, call) => PythonOrder.Compare(sign, value, call.Required(0, "other"), call.Run);

    private static bool Remainder(object? value, object? divisor, long wanted, TemplateRun run) =>
        PythonEquality.AreEqual(PythonArithmetic.Apply("%", value, divisor, run), wanted, run);

    // Small numbers and short texts are one object each in Python; larger ones compare by what they are here.
    private static bool AreSame(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (bool a, bool b) => a == b,
        (long a, long b) => a == b,
        (string a, string b) => a == b,
        _ => ReferenceEquals(left, right),
    };
}
