namespace Hypercompress.Models.Templates.Values;

/// <summary>The tests after <c>is</c>.</summary>
internal static class TemplateTests
{
    /// <summary>The test of a name, or null.</summary>
    public static Func<object?, TemplateArguments, bool>? Find(string name) => OfKinds(name) ?? OfValues(name);

    private static Func<object?, TemplateArguments, bool>? OfKinds(string name) => name switch
    {
        "defined" => (value, _) => value is not Undefined,
        "undefined" => (value, _) => value is Undefined,
        "none" => (value, _) => value is null,
        "string" => (value, _) => value is string,
        "mapping" => (value, _) => value is TemplateMap,
        "iterable" or "sequence" => (value, _) => value is string or List<object?> or TemplateMap,
        "number" => (value, _) => value is long or double or bool,
        "integer" => (value, _) => value is long,
        "float" => (value, _) => value is double,
        "boolean" => (value, _) => value is bool,
        "true" => (value, _) => value is true,
        "false" => (value, _) => value is false,
        "callable" => (value, _) => value is TemplateCallable,
        _ => null,
    };

    private static Func<object?, TemplateArguments, bool>? OfValues(string name) => name switch
    {
        "odd" => (value, _) => value is long number && number % 2 != 0,
        "even" => (value, _) => value is long number && number % 2 == 0,
        "divisibleby" => (value, call) =>
            TemplateOperators.AreEqual(TemplateOperators.Apply("%", value, Other(call)), 0L),
        "in" => (value, call) => TemplateOperators.Contains(Other(call), value),
        "eq" or "equalto" => (value, call) => TemplateOperators.AreEqual(value, Other(call)),
        "sameas" => (value, call) => Equals(value, Other(call)),
        "ne" => (value, call) => !TemplateOperators.AreEqual(value, Other(call)),
        "lt" or "lessthan" => (value, call) => TemplateOperators.Order(value, Other(call)) < 0,
        "gt" or "greaterthan" => (value, call) => TemplateOperators.Order(value, Other(call)) > 0,
        "le" => (value, call) => TemplateOperators.Order(value, Other(call)) <= 0,
        "ge" => (value, call) => TemplateOperators.Order(value, Other(call)) >= 0,
        "lower" => (value, _) => value is string text && !text.Any(char.IsUpper),
        "upper" => (value, _) => value is string text && !text.Any(char.IsLower),
        _ => null,
    };

    private static object? Other(TemplateArguments call) => call.Required(0, "other");
}
