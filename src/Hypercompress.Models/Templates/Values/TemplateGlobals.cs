using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Templates.Values;

/// <summary>The functions that every chat template may call.</summary>
internal static class TemplateGlobals
{
    // Jinja's sandbox has the same limit.
    private const long MaxRange = 100_000;

    /// <param name="scope">Receives the functions.</param>
    /// <param name="clock">What <c>strftime_now</c> reads; null leaves it out.</param>
    public static void AddTo(TemplateScope scope, TimeProvider? clock)
    {
        scope.Set("range", (TemplateCallable)Range);
        scope.Set("namespace", (TemplateCallable)(call => MapOf(call, isNamespace: true)));
        scope.Set("dict", (TemplateCallable)(call => MapOf(call, isNamespace: false)));
        scope.Set("raise_exception", (TemplateCallable)(call =>
            throw new TemplateException(TemplateValues.Text(call.Get(0, "message")), raised: true)));
        if (clock is not null)
        {
            scope.Set("strftime_now", (TemplateCallable)(call =>
                Format(clock.GetLocalNow(), call.Text(0, "format") ?? "%Y-%m-%d")));
        }
    }

    private static object? Range(TemplateArguments call)
    {
        long first = call.Integer(0, "start") ?? throw new TemplateException("range needs a number");
        long? second = call.Integer(1, "stop");
        long step = call.Integer(2, "step") ?? 1;
        var (start, stop) = second is { } end ? (first, end) : (0, first);
        if (step == 0 || Math.Abs(stop - start) / Math.Abs(step) > MaxRange)
        {
            throw new TemplateException(
                $"range({start}, {stop}, {step}) has a step of 0 or more than {MaxRange} numbers");
        }

        var numbers = new List<object?>();
        for (long number = start; step > 0 ? number < stop : number > stop; number += step)
        {
            numbers.Add(number);
        }

        return numbers;
    }

    private static TemplateMap MapOf(TemplateArguments call, bool isNamespace)
    {
        var map = new TemplateMap { IsNamespace = isNamespace };
        foreach (var (name, value) in call.Get(0, "mapping") is TemplateMap given ? given : [])
        {
            map[name] = value;
        }

        foreach (var (name, value) in call.Named)
        {
            map[name] = value;
        }

        return map;
    }

    private static string Format(DateTimeOffset now, string format)
    {
        var output = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            output.Append(format[i] == '%' && i + 1 < format.Length ? Part(now, format[++i]) : format[i].ToString());
        }

        return output.ToString();
    }

    private static string Part(DateTimeOffset now, char sign) => sign == '%' ? "%" : now.ToString(
        sign switch
        {
            'd' => "dd",
            'b' => "MMM",
            'B' => "MMMM",
            'm' => "MM",
            'Y' => "yyyy",
            'y' => "yy",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'a' => "ddd",
            'A' => "dddd",
            _ => throw new TemplateException($"strftime_now does not know %{sign}"),
        },
        CultureInfo.InvariantCulture);
}
