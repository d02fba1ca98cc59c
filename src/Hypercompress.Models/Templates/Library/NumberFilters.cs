using System.Globalization;
using System.Numerics;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters of numbers.</summary>
internal static class NumberFilters
{
    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["abs"] = new((value, call) => Absolute(value), []),
        ["round"] = new(Round, "precision", "method"),
        ["int"] = new(Integer, "default", "base"),
        ["float"] = new((value, call) => Real(value) ?? call.Get(0, "default", 0.0), "default"),
        ["filesizeformat"] = new(FileSize, "binary"),
    };

    private static object Absolute(object? value)
    {
        PythonTypes.RequireDefined(value);
        return value is double real ? Math.Abs(real)
            : PythonTypes.IsInteger(value) ? PythonTypes.Normal(BigInteger.Abs(PythonTypes.ToBig(value)))
            : throw new TemplateException($"abs takes a number, not a value of type {PythonTypes.NameOf(value)}");
    }

    private static object? Round(object? value, TemplateArguments call)
    {
        string method = call.Text(1, "method") ?? "common";
        long decimals = call.Integer(0, "precision") ?? 0;
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw new TemplateException("the method of round is common, ceil or floor");
        }

        PythonTypes.RequireDefined(value);
        if (!PythonOrder.IsNumber(value))
        {
            throw new TemplateException($"round takes a number, not a value of type {PythonTypes.NameOf(value)}");
        }

        return method == "common"
            ? (value is double real
                ? RealNumbers.Round(real, decimals)
                : RoundWhole(PythonTypes.ToBig(value), decimals))
            : Directed(value, decimals, method == "ceil", call.Run);
    }

    private static object RoundWhole(BigInteger number, long decimals)
    {
        if (decimals >= 0)
        {
            return PythonTypes.Normal(number);
        }

        var unit = BigInteger.Pow(10, (int)Math.Min(-decimals, 5000));
        var quotient = BigInteger.DivRem(number, unit, out var rest);
        int half = (BigInteger.Abs(rest) * 2).CompareTo(unit);
        bool away = half > 0 || (half == 0 && !quotient.IsEven);
        return PythonTypes.Normal((away ? quotient + number.Sign : quotient) * unit);
    }

    private static object? Directed(object? value, long decimals, bool up, TemplateRun run)
    {
        var power = PythonArithmetic.Apply("**", 10L, decimals, run);
        double scaled = PythonTypes.ToReal(PythonArithmetic.Apply("*", value, power, run));
        if (!double.IsFinite(scaled))
        {
            throw new TemplateException("only finite numbers can be rounded up or down");
        }

        var whole = new BigInteger(up ? Math.Ceiling(scaled) : Math.Floor(scaled));
        return PythonArithmetic.Apply("/", PythonTypes.Normal(whole), power, run);
    }

    private static object? Integer(object? value, TemplateArguments call)
    {
        object? absent = call.Get(0, "default", 0L);
        long radix = call.Integer(1, "base") ?? 10;
        if (PythonTypes.TextOf(value) is { } text)
        {
            var parsed = radix is 0 or (>= 2 and <= 36) ? WholeDigits.Parse(text, (int)radix) : null;
            return parsed is { } number ? WholeNumbers.Bounded(number)
                : ParseReal(text) is { } real && !double.IsNaN(real) ? Truncated(real)
                : absent;
        }

        PythonTypes.RequireDefined(value);
        return PythonTypes.IsInteger(value) ? PythonTypes.Normal(PythonTypes.ToBig(value))
            : value is double measure && !double.IsNaN(measure) ? Truncated(measure)
            : absent;
    }

    private static object Truncated(double real) => double.IsFinite(real)
        ? PythonTypes.Normal(new BigInteger(Math.Truncate(real)))
        : throw new TemplateException("infinity is not a whole number");

    private static object? Real(object? value)
    {
        PythonTypes.RequireDefined(value);
        return PythonTypes.TextOf(value) is { } text ? ParseReal(text)
            : PythonOrder.IsNumber(value) ? PythonTypes.ToReal(value)
            : null;
    }

    private static double? ParseReal(string text)
    {
        string digits = TextParts.Strip(text, null).ToLowerInvariant();
        double? named = digits.TrimStart('+', '-') switch
        {
            "inf" or "infinity" => double.PositiveInfinity,
            "nan" => double.NaN,
            _ => null,
        };
        if (named is { } special)
        {
            return digits.StartsWith('-') ? -special : special;
        }

        bool separated = digits.StartsWith('_') || digits.EndsWith('_')
            || digits.Contains("__", StringComparison.Ordinal);
        return !separated && double.TryParse(digits.Replace("_", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out double number) ? number : null;
    }

    private static object? FileSize(object? value, TemplateArguments call)
    {
        double bytes = Real(value) as double? ?? throw new TemplateException("filesizeformat takes a number");
        bool binary = PythonTruth.IsTrue(call.Get(0, "binary"));
        double unit = binary ? 1024 : 1000;
        if (bytes == 1 || bytes < unit)
        {
            return bytes == 1 ? "1 Byte" : $"{PythonText.Of(Truncated(bytes), call.Run)} Bytes";
        }

        string[] names = binary
            ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]
            : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        int place = Enumerable.Range(0, names.Length)
            .FirstOrDefault(i => PythonOrder.Numbers(bytes, BigInteger.Pow((int)unit, i + 2)) < 0, names.Length - 1);
        double scaled = unit * bytes / Math.Pow(unit, place + 2);
        return $"{RealFormat.Digits(scaled, 'f', 1, alternate: false)} {names[place]}";
    }
}
