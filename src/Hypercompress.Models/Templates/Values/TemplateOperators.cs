namespace Hypercompress.Models.Templates.Values;

/// <summary>Arithmetic, joining and comparison as Python does them.</summary>
internal static class TemplateOperators
{
    public static object? Apply(string sign, object? left, object? right) => (sign, Number(left), Number(right)) switch
    {
        ("~", _, _) => TemplateValues.Text(left) + TemplateValues.Text(right),
        ("+", string a, string b) => a + b,
        ("+", List<object?> a, List<object?> b) => a.Concat(b).ToList(),
        ("*", string a, long times) => Repeat(a, times),
        (_, long a, long b) => Whole(sign, a, b),
        (_, long a, double b) => Real(sign, a, b),
        (_, double a, long b) => Real(sign, a, b),
        (_, double a, double b) => Real(sign, a, b),
        _ => throw new TemplateException(
            $"'{sign}' cannot take {TemplateValues.Repr(left)} and {TemplateValues.Repr(right)}"),
    };

    public static bool Compare(string sign, object? left, object? right) => sign switch
    {
        "==" => AreEqual(left, right),
        "!=" => !AreEqual(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        "<" => Order(left, right) < 0,
        ">" => Order(left, right) > 0,
        "<=" => Order(left, right) <= 0,
        _ => Order(left, right) >= 0,
    };

    public static bool AreEqual(object? left, object? right) => (Number(left), Number(right)) switch
    {
        (long a, double b) => a == b,
        (double a, long b) => a == b,
        (List<object?> a, List<object?> b) => a.Count == b.Count
            && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (TemplateMap a, TemplateMap b) => a.Count == b.Count
            && a.All(pair => b.TryGetValue(pair.Key, out var other) && AreEqual(pair.Value, other)),
        var (a, b) => Equals(a, b),
    };

    /// <summary>Negative, zero or positive; text by code unit.</summary>
    public static int Order(object? left, object? right) => (Number(left), Number(right)) switch
    {
        (long a, long b) => a.CompareTo(b),
        (long a, double b) => ((double)a).CompareTo(b),
        (double a, long b) => a.CompareTo((double)b),
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        _ => throw new TemplateException(
            $"{TemplateValues.Repr(left)} and {TemplateValues.Repr(right)} have no order"),
    };

    public static bool Contains(object? container, object? value) => (container, value) switch
    {
        (string text, string part) => text.Contains(part, StringComparison.Ordinal),
        (TemplateMap map, string key) => map.ContainsKey(key),
        (string or TemplateMap, _) => throw new TemplateException(
            $"{TemplateValues.Repr(value)} is no text to look for"),
        _ => TemplateValues.Items(container).Any(item => AreEqual(item, value)),
    };

    private static object? Number(object? value) => value is bool flag ? (flag ? 1L : 0L) : value;

    private static string Repeat(string text, long times) => times * text.Length <= 1_000_000
        ? string.Concat(Enumerable.Repeat(text, (int)Math.Max(0, times)))
        : throw new TemplateException($"a text repeated {times} times is too long");

    private static object Whole(string sign, long left, long right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Math.Pow(left, right) is var power && right >= 0 && Math.Abs(power) < 1e15
            ? (object)(long)power
            : power,
        _ when right == 0 => throw new TemplateException("division by zero"),
        "/" => (double)left / right,
        "//" => (long)Math.Floor((decimal)left / right),
        _ => left - (right * (long)Math.Floor((decimal)left / right)),
    };

    private static object Real(string sign, double left, double right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Math.Pow(left, right),
        _ when right == 0 => throw new TemplateException("division by zero"),
        "/" => left / right,
        "//" => Math.Floor(left / right),
        _ => left - (right * Math.Floor(left / right)),
    };
}
