using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's order of values, and its test for membership.</summary>
internal static class PythonOrder
{
    /// <summary>Whether a value is a number; True and False are.</summary>
    public static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    /// <summary>One of Python's comparisons.</summary>
    /// <param name="sign">Such as <c>&lt;=</c> or <c>not in</c>.</param>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">The two cannot be compared so.</exception>
    public static bool Compare(string sign, object? left, object? right, TemplateRun run) => sign switch
    {
        "==" => PythonEquality.AreEqual(left, right, run),
        "!=" => !PythonEquality.AreEqual(left, right, run),
        "in" => Contains(right, left, run),
        "not in" => !Contains(right, left, run),
        _ => Order(left, right, run) is { } order && sign switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        },
    };

    /// <summary>Negative, zero or positive; null where a value is not a number (NaN).</summary>
    /// <exception cref="TemplateException">The two have no order.</exception>
    public static int? Order(object? left, object? right, TemplateRun run)
    {
        run.Step();
        PythonTypes.RequireDefined(left);
        PythonTypes.RequireDefined(right);
        if (IsNumber(left) && IsNumber(right))
        {
            return Numbers(left, right);
        }

        if (PythonTypes.TextOf(left) is { } a && PythonTypes.TextOf(right) is { } b)
        {
            run.Step(Math.Min(a.Length, b.Length) / 64);
            return CodePoints.Compare(a, b);
        }

        return (left, right) switch
        {
            (TemplateList one, TemplateList other) => Sequences(one, other, run),
            (TemplateTuple one, TemplateTuple other) => Sequences(one, other, run),
            _ => throw new TemplateException($"values of the types {PythonTypes.NameOf(left)} and "
                + $"{PythonTypes.NameOf(right)} have no order"),
        };
    }

    /// <summary>Orders two numbers exactly; null where one is not a number (NaN).</summary>
    public static int? Numbers(object? left, object? right)
    {
        if (left is not double && right is not double)
        {
            return PythonTypes.ToBig(left).CompareTo(PythonTypes.ToBig(right));
        }

        return (left, right) switch
        {
            (double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b),
            (double a, _) => -WholeToReal(PythonTypes.ToBig(right), a),
            (_, double b) => WholeToReal(PythonTypes.ToBig(left), b),
            _ => null,
        };
    }

    /// <summary>Whether a container has a value: a part of a text, a key of a dict, an item.</summary>
    /// <exception cref="TemplateException">The container cannot have it.</exception>
    public static bool Contains(object? container, object? value, TemplateRun run)
    {
        run.Step();
        if (PythonTypes.TextOf(container) is { } text)
        {
            run.Step(text.Length / 64);
            return PythonTypes.TextOf(value) is { } part
                ? text.Contains(part, StringComparison.Ordinal)
                : throw new TemplateException(
                    $"only a text can be a part of a text, not a value of type {PythonTypes.NameOf(value)}");
        }

        if (container is TemplateMap map)
        {
            return map.TryGet(value, out _);
        }

        return PythonIteration.Over(container, run).Any(item =>
            ReferenceEquals(item, value) || PythonEquality.AreEqual(item, value, run));
    }

    private static int? WholeToReal(BigInteger whole, double real)
    {
        if (!double.IsFinite(real))
        {
            return double.IsNaN(real) ? null : real > 0 ? -1 : 1;
        }

        int order = whole.CompareTo(new BigInteger(Math.Truncate(real)));
        double rest = real - Math.Truncate(real);
        return order != 0 || rest == 0 ? order : rest > 0 ? -1 : 1;
    }

    private static int? Sequences(TemplateSequence left, TemplateSequence right, TemplateRun run)
    {
        int common = Math.Min(left.Items.Count, right.Items.Count);
        for (int i = 0; i < common; i++)
        {
            if (!PythonEquality.AreEqual(left.Items[i], right.Items[i], run))
            {
                return Order(left.Items[i], right.Items[i], run);
            }
        }

        return left.Items.Count.CompareTo(right.Items.Count);
    }
}
