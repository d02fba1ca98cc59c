using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's arithmetic: numbers, and the joining and repeating of texts and lists.</summary>
internal static class PythonArithmetic
{
    /// <summary>Applies a binary operator.</summary>
    /// <param name="sign">One of <c>+ - * / // % **</c>.</param>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">The operator does not take these values.</exception>
    public static object? Apply(string sign, object? left, object? right, TemplateRun run)
    {
        PythonTypes.RequireDefined(left);
        if (sign != "%" || PythonTypes.TextOf(left) is null)
        {
            PythonTypes.RequireDefined(right);
        }

        if (PythonOrder.IsNumber(left) && PythonOrder.IsNumber(right))
        {
            return left is double || right is double
                ? RealNumbers.Apply(sign, PythonTypes.ToReal(left), PythonTypes.ToReal(right))
                : WholeNumbers.Apply(sign, left!, right!, run);
        }

        return sign switch
        {
            "+" => Join(left, right, run),
            "*" when PythonTypes.IsInteger(right) => Repeat(left, PythonTypes.ToBig(right), run),
            "*" when PythonTypes.IsInteger(left) => Repeat(right, PythonTypes.ToBig(left), run),
            "%" when left is string format => PercentFormat.Apply(format, right, run),
            "%" when left is TemplateMarkup format =>
                new TemplateMarkup(PercentFormat.Apply(format.Text, Markup.EscapeAll(right, run), run)),
            _ => throw Unsupported(sign, left, right),
        };
    }

    /// <summary>Applies <c>-</c> or <c>+</c> to one value.</summary>
    /// <exception cref="TemplateException">The value is not a number.</exception>
    public static object? Sign(string sign, object? value, TemplateRun run)
    {
        PythonTypes.RequireDefined(value);
        return !PythonOrder.IsNumber(value)
                ? throw new TemplateException($"a value of type {PythonTypes.NameOf(value)} has no sign")
            : value is double real ? (sign == "-" ? -real : real)
            : WholeNumbers.Apply(sign, 0L, value!, run);
    }

    private static object Join(object? left, object? right, TemplateRun run)
    {
        if (PythonTypes.TextOf(left) is { } a && PythonTypes.TextOf(right) is { } b)
        {
            run.Reserve((long)a.Length + b.Length);
            return left is TemplateMarkup || right is TemplateMarkup
                ? new TemplateMarkup(run.Made(Markup.Escape(left, run) + Markup.Escape(right, run)))
                : a + b;
        }

        if (left is not TemplateSequence one || right is not TemplateSequence other)
        {
            throw Unsupported("+", left, right);
        }

        run.ReserveItems((long)one.Items.Count + other.Items.Count);
        return (one, other) switch
        {
            (TemplateList, TemplateList) => new TemplateList([.. one.Items, .. other.Items]),
            (TemplateTuple, TemplateTuple) => new TemplateTuple([.. one.Items, .. other.Items]),
            _ => throw Unsupported("+", left, right),
        };
    }

    private static object Repeat(object? value, BigInteger times, TemplateRun run)
    {
        int length = PythonTypes.TextOf(value)?.Length
            ?? (value is TemplateList or TemplateTuple ? ((TemplateSequence)value).Items.Count : -1);
        if (length < 0)
        {
            throw Unsupported("*", value, 0L);
        }

        BigInteger total = times.Sign > 0 ? times * length : 0;
        long size = total > long.MaxValue ? long.MaxValue : (long)total;
        int count = length == 0 || size == 0 ? 0 : (int)Math.Min(int.MaxValue, size / length);
        if (PythonTypes.TextOf(value) is { } text)
        {
            run.Reserve(size);
            string repeated = string.Concat(Enumerable.Repeat(text, count));
            return value is TemplateMarkup ? new TemplateMarkup(repeated) : repeated;
        }

        run.ReserveItems(size);
        var items = Enumerable.Repeat(((TemplateSequence)value!).Items, count).SelectMany(item => item).ToList();
        return value is TemplateTuple ? new TemplateTuple(items) : new TemplateList(items);
    }

    private static TemplateException Unsupported(string sign, object? left, object? right) => new(
        $"{sign} does not take values of the types {PythonTypes.NameOf(left)} and {PythonTypes.NameOf(right)}");
}
